"""Exit statuses: one table for every command, every format and any number of workers."""

from collections.abc import Iterable, Sequence
from typing import Final

from pv.verdict.model import BundleVerdict, ClaimVerdict, ContractVerdict, Level, Verdict

MET, FALSIFIED, USAGE, NO_VERDICT, BROKEN_TRUST, OWN_FAULT = 0, 1, 2, 3, 4, 70
PRECEDENCE: Final = (OWN_FAULT, USAGE, BROKEN_TRUST, FALSIFIED, NO_VERDICT, MET)
"""Where several hold, the first of these is the status."""

OVER_CLAIM: Final = "over-claim"
"""Code of the one problem of a contract that breaks trust instead of its form."""


def worst(codes: Iterable[int]) -> int:
    """Return the status that takes precedence; met where there is none."""
    found = set(codes)
    return next((code for code in PRECEDENCE if code in found), MET)


def validate_exit(verdicts: Sequence[ContractVerdict]) -> int:
    """Return the status of `pv validate`: what is missing is no failure, but judging nothing at all is."""
    if not verdicts:
        return NO_VERDICT
    return worst(code for verdict in verdicts for code in _contract_codes(verdict))


def _contract_codes(verdict: ContractVerdict) -> Iterable[int]:
    for problem in verdict.problems:
        if problem.severity == "error":
            yield BROKEN_TRUST if problem.code == OVER_CLAIM else USAGE
    for claim in verdict.claims:
        yield {Verdict.FALSIFIED: FALSIFIED, Verdict.SUSPECT: BROKEN_TRUST}.get(claim.verdict, MET)


def discharge_exit(verdicts: Sequence[ClaimVerdict | BundleVerdict], asked: Level | None = None) -> int:
    """Return the status of `pv discharge`.

    Args:
        verdicts: The selected claims; nothing selected is no verdict.
        asked: Level that is asked for; the level each claim requires where None. A claim that survived
            at that level meets it if the level is all that it lacks.
    """
    if not verdicts:
        return NO_VERDICT
    return worst(_discharge_code(verdict, asked) for verdict in verdicts)


def _discharge_code(verdict: ClaimVerdict | BundleVerdict, asked: Level | None) -> int:
    match verdict.verdict:
        case Verdict.DISCHARGED:
            return MET
        case Verdict.FALSIFIED:
            return FALSIFIED
        case Verdict.SUSPECT:
            return BROKEN_TRUST
        case Verdict.PARTIAL if asked and verdict.level and verdict.level.rank >= asked.rank:
            lacking = {reason.code for reason in verdict.reasons}
            return MET if lacking <= {"level-below-required"} else NO_VERDICT
        case _:
            return NO_VERDICT
