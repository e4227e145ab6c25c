"""`pv ship [FILE]`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pv.cli.output import emit, examples, screen, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pv.cli.project import Project
    from pv.contract import Problem
    from pv.ship import Course, Ledger, LoadedLedger, Progress
    from pv.verdict import ContractVerdict

FALSIFIED, USAGE, BROKEN_TRUST = 1, 2, 4


@click.command(
    "ship",
    epilog=examples(
        "pv ship",
        "pv ship --since HEAD~10",
        "pv ship --since v1.0 --format markdown",
        "pv ship other/ship.yaml --format json",
    ),
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--since", metavar="REV", help="Show what moved since this git revision, and which evidence moved it.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, file: Path | None, since: str | None, form: str) -> None:
    """Show how far the models of the ledger FILE (ship.yaml of the project) are from shipping.

    A criterion is met where all its claims are DISCHARGED, and a model's percentage is the weight of the criteria
    that are met. A step's state is derived from its claims too, and moves no percentage. With --since, the ledger,
    the contracts, the evidence and the sources of that revision are judged again.

    Exit status: 0 nothing speaks against it, however far it is; 1 a claim of the ledger is FALSIFIED, 2 a ledger that
    is missing or invalid, 4 a claim is SUSPECT, or a percentage was typed that is above the derived one.
    """
    from pv.cli.judging import judge
    from pv.cli.project import find_project, nearby
    from pv.errors import UsageError
    from pv.ship import LEDGER, check_ledger, progress, read_ledger
    from pv.view.formats.ship import ship_markdown, ship_payload, ship_text
    from pv.view.json import dump

    project = find_project((file,) if file else ())
    path = file or nearby(project.root / LEDGER)
    if since and path.resolve() != (project.root / LEDGER).resolve():
        what = f"{path} is not the ledger of the project, and of a revision that one is read"
        raise UsageError(f"--since {since}", what, f"leave FILE out; it is {nearby(project.root / LEDGER)} then")
    document = read_ledger(path)
    verdicts = judge(() if file is None else (nearby(project.contracts),)).verdicts
    loaded = check_ledger(document, [one.contract for one in verdicts if one.contract])
    for problem in loaded.problems:
        tell(str(problem))
    if loaded.ledger is None:
        ctx.exit(USAGE)
    models = progress(loaded.ledger, verdicts)
    over = _over_claims(loaded, models)
    for problem in over:
        tell(str(problem))
    course = _course(project, since, loaded.ledger, verdicts) if since else None
    match form:
        case "json":
            emit(dump(ship_payload(path, models, since, course)))
        case "markdown":
            emit(ship_markdown(models, since, course))
        case _:
            emit(ship_text(models, since, course, screen()))
    ctx.exit(_status(models, over))


def _over_claims(loaded: "LoadedLedger", models: "Sequence[Progress]") -> "list[Problem]":
    """Percentages that somebody typed above what is derived."""
    return [
        loaded.document.problem(
            "over-claim",
            ("models", at, "claimed"),
            f"{one.model.id} claims {one.model.claimed:g} %, the evidence gives {one.percentage} %",
            "remove `claimed`: the percentage is derived",
        )
        for at, one in enumerate(models)
        if one.over_claimed
    ]


def _course(
    project: "Project", since: str, ledger: "Ledger", verdicts: "Sequence[ContractVerdict]"
) -> "tuple[Course, ...]":
    """What moved since a revision; nothing of it counts as known where it had no ledger."""
    from pv.cli.sides import former
    from pv.errors import UsageError
    from pv.ship import LEDGER, courses, load_ledger

    with former(project.root, since) as (side, then):
        path = then.root / LEDGER
        if not path.is_file():
            tell(f"{since} has no {LEDGER}: every model of today is new")
            return courses(None, side.verdicts, ledger, verdicts)
        loaded = load_ledger(path, [one.contract for one in side.verdicts if one.contract])
        if loaded.ledger is None:
            first = next(iter(loaded.problems))
            where = f"{since}:{LEDGER}:{first.line}:{first.column}"
            raise UsageError(where, first.message, "name a revision whose ledger can be read")
        return courses(loaded.ledger, side.verdicts, ledger, verdicts)


def _status(models: "Sequence[Progress]", over: "Sequence[Problem]") -> int:
    from pv.verdict import Verdict, worst

    found = {claim.verdict.verdict for one in models for claim in one.claims if claim.verdict}
    against = {Verdict.FALSIFIED: FALSIFIED, Verdict.SUSPECT: BROKEN_TRUST}
    return worst([*(against[verdict] for verdict in found if verdict in against), *([BROKEN_TRUST] if over else [])])
