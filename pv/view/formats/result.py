"""Everything that speaks against a contract or its claims, as one list of results for every format."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from pv.contract import Problem
from pv.verdict import ClaimVerdict, ContractVerdict, Verdict
from pv.view.json import placed

Severity = Literal["error", "warning", "note"]
Place = tuple[int, int]
"""1-based line and column, the column in characters."""

Locate = Callable[[Path, int], Place]
"""File and 0-based position among its contract's claims to the place of the claim."""

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""Worst first."""

_SEVERITY_OF: Final[dict[Verdict, Severity]] = {
    Verdict.FALSIFIED: "error",
    Verdict.SUSPECT: "error",
    Verdict.PARTIAL: "warning",
    Verdict.DISCHARGED: "note",
    Verdict.UNTESTED: "note",
}
_ONLY_COUNTED: Final = frozenset({"legacy"})
"""Reasons that the contract gives once, with a count, for all of its claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One thing to look at."""

    rule: str
    """Id of a rule, code of a problem, or code of a reason; `pv explain` prints its page."""

    severity: Severity
    message: str
    path: Path
    line: int
    column: int
    contract: str
    """Id of the contract; its file where it could not be read."""

    claim: str = ""
    """Id of the claim; empty where it is about the file."""

    verdict: str = ""
    """Verdict of the claim, or stamp of the contract."""

    key: str = ""
    """What tells it from others of the same contract, claim and rule; empty where there is one only."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, hex: the same whenever the same rule speaks about the same claim, wherever that has moved to."""
        parts = (self.contract, self.claim, self.rule, self.key)
        return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()


def nowhere(_path: Path, _index: int) -> Place:
    """The top of the file: a place for every claim where nobody has looked for a better one."""
    return 1, 1


def results(
    verdicts: Sequence[ContractVerdict], locate: Locate = nowhere, severities: Sequence[Severity] = SEVERITIES
) -> list[Result]:
    """Return everything of these severities, worst first; equals stay in the order of the files.

    A claim has one result a rule, however often that rule found something. Claims of older files that cannot be
    measured are counted by their contract's result and have none of their own.
    """
    found = [result for verdict in verdicts for result in _of_contract(verdict)]
    kept = [(result, index) for result, index in found if result.severity in severities]
    kept.sort(key=lambda pair: SEVERITIES.index(pair[0].severity))
    return [result if index is None else _moved(result, locate(result.path, index)) for result, index in kept]


def _moved(result: Result, place: Place) -> Result:
    return replace(result, line=place[0], column=place[1])


def contract_name(verdict: ContractVerdict) -> str:
    """The id of a contract, or its file where it could not be read."""
    return verdict.contract.id if verdict.contract else verdict.path.as_posix()


def nearby(path: Path) -> str:
    """The path as a reader of the repository writes it: from the working folder where it lies in it."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _of_contract(verdict: ContractVerdict) -> Iterator[tuple[Result, int | None]]:
    """Every result, with the position of the claim whose place it still needs."""
    for result in (*_of_problems(verdict), *_of_reasons(verdict)):
        yield result, None
    for index, claim in enumerate(verdict.claims):
        for result in _of_claim(verdict, claim):
            yield result, index


def _of_reasons(verdict: ContractVerdict) -> Iterator[Result]:
    grouped: dict[str, list[str]] = {}
    for reason in verdict.reasons:
        grouped.setdefault(reason.code, []).append(reason.message)
    for code, messages in grouped.items():
        yield Result(
            rule=code,
            severity="warning" if verdict.stamp is Verdict.PARTIAL else "note",
            message=f"{verdict.stamp}: {'; '.join(messages)}",
            path=verdict.path,
            line=1,
            column=1,
            contract=contract_name(verdict),
            verdict=verdict.stamp.value,
        )


def _of_problems(verdict: ContractVerdict) -> Iterator[Result]:
    seen: Counter[tuple[str, str]] = Counter()
    for problem in verdict.problems:
        seen[problem.code, problem.message] += 1
        yield Result(
            rule=problem.code,
            severity=problem.severity,
            message=_told(problem),
            path=Path(problem.path),
            line=problem.line,
            column=problem.column,
            contract=contract_name(verdict),
            verdict=verdict.stamp.value,
            key=f"{problem.message}#{seen[problem.code, problem.message]}",
        )


def _told(problem: Problem) -> str:
    return f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message


def _of_claim(contract: ContractVerdict, verdict: ClaimVerdict) -> Iterator[Result]:
    for rule, (severity, messages) in _said(verdict).items():
        yield Result(
            rule=rule,
            severity=severity,
            message=f"{verdict.claim.id} is {verdict.verdict}: {'; '.join(dict.fromkeys(messages))}",
            path=contract.path,
            line=1,
            column=1,
            contract=contract_name(contract),
            claim=verdict.claim.id,
            verdict=verdict.verdict.value,
        )


def _said(verdict: ClaimVerdict) -> dict[str, tuple[Severity, list[str]]]:
    """Rule or code of a reason to the worst severity and every message it has for a claim."""
    said: dict[str, tuple[Severity, list[str]]] = {}
    for reason in verdict.reasons:
        if reason.code not in _ONLY_COUNTED:
            said.setdefault(reason.code, (_SEVERITY_OF[verdict.verdict], []))[1].append(reason.message)
    for finding in verdict.findings:
        own = _finding_severity(finding.severity)
        severity, messages = said.get(finding.rule, (own, []))
        others = [message for message in messages if message != finding.message]
        said[finding.rule] = min(severity, own, key=SEVERITIES.index), [*others, placed(finding)]
    return said


def _finding_severity(name: str) -> Severity:
    return next(severity for severity in SEVERITIES if severity == name)
