"""`pv investigate`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pv.cli.output import emit, examples, screen, tell

if TYPE_CHECKING:
    from pv.investigation import Judged
    from pv.view.investigation import Shown

USAGE, NO_VERDICT, BROKEN_TRUST = 2, 3, 4
FORMATS = ("text", "json", "mermaid")


@click.command(
    "investigate",
    epilog=examples(
        "pv new investigation FALSIFY-005              start one from a SUSPECT or FALSIFIED verdict",
        "pv investigate investigations/*.yaml          statuses, derived from evidence/ and .pv/runs/",
        "pv investigate investigations/loss.yaml --run make what is missing, until a cause is confirmed",
        "pv investigate investigations/loss.yaml --format mermaid > tree.mmd",
    ),
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--run", "running", is_flag=True, help="Carry out the experiments that are missing, the best first.")
@click.option(
    "--dataset",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="With --run: the folder of the symptom's run, where it had one of its own.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], dataset: Path | None, form: str, *, running: bool) -> None:
    """Derive the status of every hypothesis of an investigation, and say what to try next.

    A hypothesis is CONFIRMED only where its defect was read in the run that shows the symptom, planting it brings the
    symptom's magnitude back, and a run without it reads as expected. Refuting every rival confirms nothing: a cause
    that nobody listed stays open.

    Exit status: 0 where each file has a confirmed cause, 2 where one is wrong, 3 where a cause is still open, 4 where a
    bundle it rests on was altered.
    """
    from pv.cli.casework import judged, run_missing
    from pv.cli.project import find_project
    from pv.errors import UsageError
    from pv.investigation import experiments, load, partings
    from pv.verdict import worst
    from pv.view.investigation import WRITERS
    from pv.view.layout import clean
    from pv.view.text import problem_lines

    found: list[Shown] = []
    codes: list[int] = []
    shown = screen()
    for path in files:
        if not path.exists():
            raise UsageError(str(path), "no such file", "start one with pv new investigation CLAIM")
        project, loaded = find_project([path]), load(path)
        if running:
            result, library, failed = run_missing(project, loaded, dataset)
            codes += failed
        else:
            result, library = judged(project, loaded)
        report = result.report
        wanted, apart = (experiments(report, library), partings(report, library)) if report else ((), ())
        found.append((loaded, result, wanted, apart))
        codes.append(_status(result))
        for line in (line for one in result.problems for line in problem_lines(one, shown)):
            tell(line)
        for one in result.altered:
            tell(f"altered evidence: {clean(one)}")
    emit(WRITERS[form](found, shown))
    ctx.exit(worst(codes))


def _status(result: "Judged") -> int:
    """The exit status of one file."""
    if result.altered:
        return BROKEN_TRUST
    if any(one.severity == "error" for one in result.problems):
        return USAGE
    return 0 if result.report and result.report.confirmed else NO_VERDICT
