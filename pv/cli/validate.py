"""`pv validate PATHS…`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pv.cli.inputs import contracts_digest, evidence_digest
from pv.cli.memo import Inputs, Memo, Remembered
from pv.cli.output import emit, examples, screen, tell
from pv.cli.project import find_project

if TYPE_CHECKING:
    from pv.contract import Dialect
    from pv.verdict import ContractVerdict


def _text(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.view.text import validate_text

    return validate_text(verdicts, screen())


def _json(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.view.json import dump, validate_payload

    return dump(validate_payload(verdicts))


def _sarif(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.cli.places import place_of_claim
    from pv.view.formats.sarif import validate_sarif

    return validate_sarif(verdicts, place_of_claim)


def _junit(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.view.formats.junit import validate_junit

    return validate_junit(verdicts)


def _github(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.cli.places import place_of_claim
    from pv.view.formats.github import validate_github

    return validate_github(verdicts, place_of_claim)


def _markdown(verdicts: "Sequence[ContractVerdict]") -> str:
    from pv.cli.places import place_of_claim
    from pv.view.formats.summary import validate_markdown

    return validate_markdown(verdicts, place_of_claim)


FORMATS: Final[Mapping[str, "Callable[[Sequence[ContractVerdict]], str]"]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "markdown": _markdown,
}


@click.command(
    "validate",
    epilog=examples(
        "pv validate contracts/",
        "pv validate contracts/apr-pretrain-init-finetune-v1.yaml --format json",
        "pv validate contracts/ --format json | jq '.contracts[] | {id, stamp}'",
        'pv validate --format markdown >> "$GITHUB_STEP_SUMMARY"',
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option(
    "--dialect",
    type=click.Choice(["old", "new"]),
    default="old",
    show_default=True,
    help="Whose rules hold for legacy files: the older generation's of the Rust tool, or the newer one's.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes that read files; one a core for many.")
@click.option("--no-cache", is_flag=True, help="Read and derive everything anew, and remember nothing.")
@click.pass_context
def command(
    ctx: click.Context, paths: tuple[Path, ...], form: str, dialect: "Dialect", jobs: int | None, *, no_cache: bool
) -> None:
    """Load the contracts under PATHS and derive every verdict from evidence again.

    Without PATHS, all contracts of the project. Bundles under evidence/ count; those under .pv/runs/ are
    checked for alterations and count for nothing.

    Exit status: 0 where nothing speaks against a claim, 1 FALSIFIED, 2 an invalid contract or a missing path,
    3 no contract found, 4 SUSPECT, altered evidence or an over-claim.
    """
    project = find_project(paths)
    files = (*(paths or (project.contracts,)), project.root / "pyproject.toml")
    stems = {path.stem for path in paths} if paths and all(map(_is_file, paths)) else None
    inputs: Inputs = [
        (contracts_digest, files),
        (partial(evidence_digest, stems=stems), (project.evidence, project.runs)),
    ]
    settings = (paths, Path.cwd(), form, dialect, screen())
    memo = None if no_cache else Memo(project.scratch / "cache" / "printed", inputs, settings)
    printed = (memo and memo.recall()) or _derived(paths, form, dialect, memo, jobs or 0)
    emit(printed.text)
    for remark in printed.remarks:
        tell(remark)
    ctx.exit(printed.exit_status)


def _is_file(path: Path) -> bool:
    """Whether a path is a file; one that cannot be looked at is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _derived(paths: tuple[Path, ...], form: str, dialect: "Dialect", memo: Memo | None, jobs: int) -> Remembered:
    """Load and judge everything anew, and remember the result where there is a memo."""
    from pv.cli.judging import judge

    judged = judge(paths, dialect=dialect, jobs=jobs, remembering=memo is not None)
    printed = Remembered(text=FORMATS[form](judged.verdicts), remarks=judged.remarks, exit_status=judged.exit_status)
    if memo and judged.verdicts and all(judged.source_roots):
        memo.keep(printed, [root for root in judged.source_roots if root])
    return printed
