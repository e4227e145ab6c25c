"""`pv validate PATHS…`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pv.cli.memo import Memo, Remembered
from pv.cli.output import emit, examples, screen, tell
from pv.cli.project import find_project

if TYPE_CHECKING:
    from pv.verdict import ContractVerdict


def _text(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.view.text import validate_text

    return validate_text(verdicts, screen())


def _json(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.view.json import dump, validate_payload

    return dump(validate_payload(verdicts))


FORMATS: Final[Mapping[str, "Callable[[Sequence[ContractVerdict]], str]"]] = {"text": _text, "json": _json}


@click.command(
    "validate",
    epilog=examples(
        "pv validate contracts/",
        "pv validate contracts/apr-pretrain-init-finetune-v1.yaml --format json",
        "pv validate contracts/ --format json | jq '.contracts[] | {id, stamp}'",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--no-cache", is_flag=True, help="Derive everything anew, even for inputs seen before.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], form: str, *, no_cache: bool) -> None:
    """Load the contracts under PATHS and derive every verdict from evidence again.

    Without PATHS, all contracts of the project. Bundles under evidence/ count; those under .pv/runs/ are
    checked for alterations and count for nothing.

    Exit status: 0 where nothing speaks against a claim, 1 FALSIFIED, 2 an invalid contract or a missing path,
    3 no contract found, 4 SUSPECT, altered evidence or an over-claim.
    """
    project = find_project(paths)
    inputs = (*(paths or (project.contracts,)), project.root / "pyproject.toml", project.evidence, project.runs)
    memo = Memo(project.scratch / "cache" / "printed", inputs, (paths, Path.cwd(), form, screen()))
    printed = (None if no_cache else memo.recall()) or _derived(paths, form, memo)
    emit(printed.text)
    for remark in printed.remarks:
        tell(remark)
    ctx.exit(printed.exit_status)


def _derived(paths: tuple[Path, ...], form: str, memo: Memo) -> Remembered:
    """Load and judge everything anew, and remember the result."""
    from pv.cli.judging import judge

    judged = judge(paths)
    printed = Remembered(text=FORMATS[form](judged.verdicts), remarks=judged.remarks, exit_status=judged.exit_status)
    if judged.verdicts and all(judged.source_roots):
        memo.keep(printed, [root for root in judged.source_roots if root])
    return printed
