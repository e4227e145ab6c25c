"""`pv power`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pv.cli.output import emit, examples, screen, tell

if TYPE_CHECKING:
    from pv.power import Matrix
    from pv.view.power import Repeat

NO_VERDICT, BROKEN_TRUST = 3, 4


@click.command(
    "power",
    epilog=examples(
        "pv power --recorded",
        "pv power --recorded --format json | jq .summary",
        "pv power rope-v1 adamw-v1 -j 2                one contract by path, id or name",
        "pv power data-split-v1 --seeds 5               clean runs under five seeds, for false alarms",
        "pv power --recorded --sample 5 --seed 1        five cells again, for CI",
        "pv power --recorded --format html --out power.html",
    ),
)
@click.argument("names", metavar="[CONTRACT…]", nargs=-1)
@click.option("--recorded", is_flag=True, help="Run nothing; show what is kept.")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option(
    "--seeds", type=click.IntRange(1), default=1, show_default=True, help="Honest runs of each profile, a seed each."
)
@click.option("--sample", type=click.IntRange(1), help="Run this many random cells again and compare.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the sample.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Trials at a time.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    ctx: click.Context,
    names: tuple[str, ...],
    form: str,
    seeds: int,
    sample: int | None,
    seed: int,
    jobs: int,
    out: Path | None,
    *,
    recorded: bool,
) -> None:
    """Show the kill matrix: which falsifier kills which planted fault, and what cries wolf on clean runs.

    Without --recorded, whatever is missing or stale in evidence/ is run and kept first: for each claim, or each run
    of a contract, one trial under every mutant that is declared, and an honest one. An interrupted call goes on
    where it stopped when it is repeated. A crash, a mutant that does not apply, and one that changes nothing that
    is measured are told apart, and none is a kill.

    Exit status: 0 when shown, 3 where no fresh evidence was made under a mutant, 4 where a falsifier struck on a
    clean run, or a cell that was run again reads otherwise.
    """
    from pv.cli.matrix import repeated, shown

    found = shown(names, jobs, seeds, running=not recorded)
    repeats = repeated(found, sample, seed, jobs) if sample else []
    _print(_formatted(found.matrix, repeats, form), out)
    if not found.matrix.tried:
        tell("nothing fresh was run under a mutant, so the power of no falsifier is known")
        ctx.exit(NO_VERDICT)
    if found.matrix.clean.alarms or not all(one.same for one in repeats):
        ctx.exit(BROKEN_TRUST)


def _formatted(matrix: "Matrix", repeats: "Sequence[Repeat]", form: str) -> str:
    from pv.view.json import dump
    from pv.view.power import power_payload, power_text

    if form == "json":
        return dump(power_payload(matrix, repeats))
    if form == "html":
        from pv.view.heat import power_page

        return power_page(matrix, repeats)
    return power_text(matrix, screen(), repeats)


def _print(text: str, out: Path | None) -> None:
    from pv.errors import UsageError

    if out is None:
        emit(text)
        return
    try:
        out.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
    except OSError as error:
        fix = "name a file in a folder that exists"
        raise UsageError(str(out), f"cannot be written ({error.strerror})", fix) from error
    tell(f"wrote {out}")
