"""From paths on the command line to verdicts: contracts are loaded, evidence found, everything judged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pv.binding import Freshness, SyntaxCache
from pv.cli.project import Project, find_project, nearby
from pv.contract import Loaded, LoadedSet, Problem, load_all
from pv.errors import UsageError
from pv.evidence import find_bundles, open_bundle
from pv.verdict import ContractVerdict, Verdict, current_sources, judge_all, validate_exit, worst

USAGE, BROKEN_TRUST = 2, 4
_BROKEN = frozenset({"altered-evidence", "broken-chain", "unreadable-evidence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Verdicts of contracts, with what there is to say besides."""

    verdicts: tuple[ContractVerdict, ...]
    remarks: tuple[str, ...]
    """For standard error."""

    exit_status: int
    source_roots: tuple[Path | None, ...]
    """Folders of the packages whose sources took part; None for one that is not there."""


def judge(paths: Sequence[Path]) -> Judged:
    """Judge the contracts below the paths, all of the project's where there are none.

    Raises:
        UsageError: A path does not exist.
    """
    project = find_project(paths)
    loaded = _load(paths or (nearby(project.contracts),))
    freshness = Freshness(SyntaxCache(project.scratch / "cache" / "syntax.json"))
    judged = judge_all(loaded.files, (nearby(project.evidence),), current_sources(freshness))
    freshness.save()
    scratch = {file.path: tuple(_scratch_problems(project, file)) for file in loaded.files}
    verdicts = tuple(replace(verdict, problems=(*verdict.problems, *scratch[verdict.path])) for verdict in judged)
    codes = [validate_exit(judged)]
    codes += [BROKEN_TRUST] * any(scratch.values()) + [USAGE] * bool(loaded.stray)
    return Judged(
        verdicts=verdicts,
        remarks=tuple(_remarks(loaded, judged)),
        exit_status=worst(codes),
        source_roots=freshness.source_roots(),
    )


def _load(paths: Sequence[Path]) -> LoadedSet:
    try:
        return load_all(paths)
    except UsageError as error:
        raise UsageError(error.where, error.what, "check the path; nothing was measured") from error
    except (OSError, ValueError) as error:
        raise UsageError("PATHS", f"cannot be looked for ({error})", "check the path; nothing was measured") from error


def _remarks(loaded: LoadedSet, verdicts: Sequence[ContractVerdict]) -> Iterator[str]:
    yield from map(str, loaded.stray)
    claims = [claim for verdict in verdicts for claim in verdict.claims]
    if not loaded.files:
        yield "no contract was found, so nothing was measured"
    elif not claims:
        yield "no claim was found, so nothing was measured"
    elif all(claim.verdict is Verdict.UNTESTED for claim in claims):
        yield "nothing was measured: no evidence speaks about these claims"


def _scratch_problems(project: Project, loaded: Loaded) -> Iterator[Problem]:
    """What was altered in runs tried by hand: they count for nothing, but must not lie."""
    for path in find_bundles(nearby(project.runs), loaded.path.stem):
        for fault in open_bundle(path).faults:
            if fault.rule in _BROKEN:
                yield Problem(
                    code=fault.rule,
                    severity="error",
                    path=str(path / fault.file),
                    line=1,
                    column=1,
                    message=fault.message,
                    hint=f"delete {path}, or make the run again",
                )
