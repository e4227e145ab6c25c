"""What only the derivation shows to be wrong with a contract: over-claims, and claims that lead nowhere."""

from collections.abc import Callable, Iterator, Sequence

from pv.contract import Claim, Contract, HandStatus, Loaded, Problem, stated
from pv.errors import BindingError
from pv.evidence import check_series
from pv.methodology import catalogue
from pv.verdict.model import ClaimVerdict, Level, Verdict
from pv.verdict.stamp import stamp_of

STRENGTH = {Verdict.PARTIAL: 1, Verdict.DISCHARGED: 2}
"""How much a verdict claims; the others claim nothing."""


def contract_problems(
    loaded: Loaded,
    contract: Contract,
    claims: Sequence[ClaimVerdict],
    stamp: Verdict,
    laws: Callable[[Claim], tuple[str, ...] | None],
) -> tuple[Problem, ...]:
    """Return over-claims, and in our own schema claims that are unbound or measure what does not exist.

    An over-claim is an error; in a file of the older tool, where nothing has evidence, it is a warning.
    """
    found = list(_over_claims(loaded, contract, claims, stamp))
    if not contract.legacy:
        for at, claim in enumerate(contract.claims):
            if not claim.planned:
                found += _nowhere(loaded, at, claim, laws(claim))
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column, problem.code)))


def _nowhere(loaded: Loaded, at: int, claim: Claim, laws: tuple[str, ...] | None) -> Iterator[Problem]:
    path = ("falsification_tests", at)
    if laws is None:
        what = f"no falsifier is bound to {claim.id}"
        yield _problem(loaded, (*path, "id"), "unbound", what, "bind one, or say `planned: true`")
    if claim.measure is not None:
        try:
            check_series(claim.measure.series, claim.measure.reduce)
        except BindingError as error:
            place = (*path, "measure", "series")
            yield _problem(loaded, place, "unknown-series", f"{error.where}: {error.what}", error.fix)
        law = claim.measure.series.removeprefix("attack/")
        if laws is not None and law != claim.measure.series and law not in laws:
            what, hint = f"the falsifier bound to {claim.id} has no law {law}", f"it has {', '.join(laws) or 'none'}"
            yield _problem(loaded, (*path, "measure", "series"), "unknown-series", what, hint)


def _problem(loaded: Loaded, path: tuple[str | int, ...], code: str, what: str, hint: str) -> Problem:
    line, column = loaded.place(*path)
    return Problem(
        code=code,
        severity="error",
        path=str(loaded.path),
        line=line,
        column=column,
        message=what,
        hint=hint,
    )


def _over_claims(
    loaded: Loaded, contract: Contract, claims: Sequence[ClaimVerdict], stamp: Verdict
) -> Iterator[Problem]:
    for status in loaded.hand_written:
        meant = stated(status.value)
        about = _subject(status, contract, claims, stamp)
        if meant is None or about is None:
            continue
        derived, level = about
        if _claims_more(Verdict(meant[0]), meant[1], derived, level):
            reached = f"{derived} at level {level}" if level else f"{derived}"
            yield Problem(
                code=catalogue()["over-claim"].id,
                severity="warning" if contract.legacy else "error",
                path=str(loaded.path),
                line=status.line,
                column=status.column,
                message=f"{status.key} says {status.value[:80]}, derived is {reached}",
                hint="delete the status: verdicts are derived, never typed",
            )


def _subject(
    status: HandStatus, contract: Contract, claims: Sequence[ClaimVerdict], stamp: Verdict
) -> tuple[Verdict, Level | None] | None:
    """Return verdict and level of what a status is about; None where it is about nothing that is here."""
    if status.claim_id is not None:
        claim = next((one for one in claims if one.claim.id == status.claim_id), None)
        return (claim.verdict, claim.level) if claim else None
    if not status.key.startswith("gates["):
        return stamp, None
    gate = contract.gates[int(status.key.removeprefix("gates[").partition("]")[0])]
    named = [one for one in claims if one.claim.id in gate.claims or set(one.claim.aliases) & set(gate.claims)]
    return stamp_of(named)[0], None


def _claims_more(meant: Verdict, meant_level: str | None, derived: Verdict, level: Level | None) -> bool:
    wanted, reached = STRENGTH.get(meant, 0), STRENGTH.get(derived, 0)
    if wanted != reached or not wanted or meant_level is None or level is None:
        return wanted > reached
    return Level(meant_level).rank > level.rank
