"""Markdown for the summary of a CI job, within the size that GitHub shows.

Source: GitHub Actions, `GITHUB_STEP_SUMMARY`: at most 1 MiB a step; more is refused whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pv.verdict import ClaimVerdict, ContractVerdict, Verdict
from pv.view.formats.result import Locate, contract_name, nearby, nowhere, results
from pv.view.layout import count
from pv.view.markdown import safe
from pv.view.text import denominator, levels, short_name, summary_line, worst_first

MOST_BYTES: Final = 1024 * 1024
_RESERVED: Final = 1024
"""Bytes kept free for the line that says what was left out."""


def validate_markdown(verdicts: Sequence[ContractVerdict], locate: Locate = nowhere) -> str:
    """Denominators, stamps, judged claims, errors and warnings, worst first, in at most `MOST_BYTES` bytes of UTF-8."""
    ordered = sorted(verdicts, key=lambda verdict: tuple(Verdict).index(verdict.stamp))
    lines = [f"# pv: {safe(summary_line(verdicts))}", *_stamps(ordered), *_claims(ordered), *_results(verdicts, locate)]
    return _fitted(lines) + "\n"


def _fitted(lines: Sequence[str]) -> str:
    """The lines as far as they fit, and how many did not."""
    left, kept = MOST_BYTES - _RESERVED, 0
    for line in lines:
        left -= len(line.encode(errors="backslashreplace")) + 1
        if left < 0:
            break
        kept += 1
    dropped = len(lines) - kept
    said = [f"\n{count(dropped, 'more line')} left out: a summary holds at most 1 MiB. See `pv validate`."]
    return "\n".join([*lines[:kept], *(said if dropped else [])])


def _stamps(verdicts: Iterable[ContractVerdict]) -> Iterator[str]:
    rows = [(verdict.stamp, _name(verdict), denominator(verdict.claims), nearby(verdict.path)) for verdict in verdicts]
    return _table(("stamp", "contract", "claims", "file"), rows)


def _claims(verdicts: Iterable[ContractVerdict]) -> Iterator[str]:
    rows = [
        (claim.verdict, short_name(claim.claim), levels(claim), _reason(claim), contract_name(verdict))
        for verdict in verdicts
        for claim in worst_first(verdict.claims)
        if claim.verdict is not Verdict.UNTESTED
    ]
    return _table(("verdict", "claim", "level/required", "first reason", "contract"), rows)


def _results(verdicts: Sequence[ContractVerdict], locate: Locate) -> Iterator[str]:
    rows = [
        (result.severity, result.rule, f"{nearby(result.path)}:{result.line}:{result.column}", result.message)
        for result in results(verdicts, locate, ("error", "warning"))
    ]
    return _table(("severity", "rule", "place", "message"), rows)


def _name(verdict: ContractVerdict) -> str:
    version = f" {verdict.contract.metadata.version}" if verdict.contract else ""
    return contract_name(verdict) + version


def _reason(verdict: ClaimVerdict) -> str:
    more = f" (and {len(verdict.reasons) - 1} more)" if len(verdict.reasons) > 1 else ""
    return f"{verdict.reasons[0].code}: {verdict.reasons[0].message}{more}" if verdict.reasons else ""


def _table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    if rows:
        yield from ("", f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}")
        yield from (f"| {' | '.join(safe(cell) for cell in row)} |" for row in rows)
