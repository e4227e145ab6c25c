"""`pv diff OLD [NEW]`."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pv.cli.output import emit, examples, screen, tell

if TYPE_CHECKING:
    from pv.change import Comparison
    from pv.change.tree import Side

USAGE, NO_VERDICT, BROKEN_TRUST = 2, 3, 4


@click.command(
    "diff",
    epilog=examples(
        "pv diff HEAD~1",
        "pv diff v1.0 v1.1",
        "pv diff v1.0:contracts/a.yaml contracts/a.yaml",
        "pv diff old.yaml new.yaml --check --format json",
    ),
)
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--check", is_flag=True, help="Fail where goalposts moved (4), or version or changelog do not follow (2)."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, old: str, new: str | None, form: str, *, check: bool) -> None:
    """Show what changed between OLD and NEW, which way, and what became of the verdicts.

    OLD and NEW are files, folders, git revisions, or REVISION:PATH; without NEW, the project as it lies here.
    Verdicts of a revision rest on the evidence and the sources of that revision. Nothing is checked out.

    Exit status: 0 whatever differs, 2 a name that leads nowhere or a file that is no contract, 3 no contract.
    """
    from pv.change import compare, transitions
    from pv.cli.sides import is_revision, named, present
    from pv.view.formats.diff import diff_payload, diff_text
    from pv.view.json import dump

    with ExitStack() as stack:
        before = stack.enter_context(named(old))
        after = stack.enter_context(named(new)) if new else present(_counterpart(old))
    comparisons = compare(before, after)
    revisions = is_revision(old) or bool(new and is_revision(new))
    moved = transitions(before.verdicts, after.verdicts) if revisions else None
    if form == "json":
        emit(dump(diff_payload(before.label, after.label, comparisons, moved)))
    else:
        emit(diff_text(before.label, after.label, comparisons, moved, screen()))
    for problem in _unreadable(before, after):
        tell(problem)
    ctx.exit(_status(before, after, comparisons, check=check))


def _counterpart(old: str) -> tuple[Path, ...]:
    """What lies here under the path of `REF:PATH`; everything where OLD is a whole revision."""
    from pv.change.tree import toplevel

    path = old.partition(":")[2]
    if not path:
        return ()
    return (Path(path) if path.startswith(".") else _from_here(toplevel(Path.cwd()) / path),)


def _from_here(path: Path) -> Path:
    from pv.cli.project import nearby

    return nearby(path)


def _unreadable(*sides: "Side") -> list[str]:
    """Why files of either side are no contracts."""
    found = []
    for side in sides:
        for loaded in (one for one in side.files if one.contract is None):
            place = side.label if side.label.endswith(loaded.path.name) else f"{side.label}: {loaded.path.name}"
            found += [f"{place}:{one.line}:{one.column}: {one.message}" for one in loaded.problems[:3]]
        found += [f"{side.label}: {problem}" for problem in side.stray]
    return found


def _status(before: "Side", after: "Side", comparisons: "tuple[Comparison, ...]", *, check: bool) -> int:
    from pv.verdict import worst

    codes = [USAGE] * bool(_unreadable(before, after))
    if not comparisons:
        codes.append(NO_VERDICT)
    if check:
        codes += [USAGE for one in comparisons if one.mismatches]
        codes += [BROKEN_TRUST for one in comparisons if one.goalposts]
    return worst(codes)
