"""Verdicts before and after, with the evidence they rest on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pv.change.contracts import Owned, followed
from pv.contract import Claim
from pv.verdict import ClaimVerdict, ContractVerdict, Level, Verdict

_RANKS: Final = {
    Verdict.FALSIFIED: 0,
    Verdict.SUSPECT: 1,
    Verdict.UNTESTED: 2,
    Verdict.PARTIAL: 3,
    Verdict.DISCHARGED: 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a claim stands on one side."""

    verdict: Verdict
    level: Level | None
    evidence: tuple[str, ...]
    """Names of the honest bundles that say so."""

    def __str__(self) -> str:
        """`PARTIAL at integration`."""
        return f"{self.verdict} at {self.level}" if self.level else f"{self.verdict}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A claim whose verdict, level or presence is not what it was."""

    claim: str
    before: Standing | None
    """None where the claim was not there."""

    after: Standing | None
    """None where it is not there any more."""

    @property
    def unjudged(self) -> bool:
        """Whether it was judged before and is not now."""
        judged = self.before is not None and self.before.verdict is not Verdict.UNTESTED
        return judged and (self.after is None or self.after.verdict is Verdict.UNTESTED)

    @property
    def worse(self) -> bool:
        """Whether less can be concluded than before: a lower verdict, none any more, or a lower level."""
        if self.before is None or self.after is None:
            return False
        old, new = _RANKS[self.before.verdict], _RANKS[self.after.verdict]
        lower = old == new and _rank(self.after.level) < _rank(self.before.level)
        return new < old or lower or self.unjudged


def _rank(level: Level | None) -> int:
    return -1 if level is None else level.rank


def transitions(before: Iterable[ContractVerdict], after: Iterable[ContractVerdict]) -> tuple[Transition, ...]:
    """Return every claim that stands elsewhere than before, wherever its contract is now.

    A claim that came or went UNTESTED has made no transition.
    """
    old, new = _standing(before), _standing(after)
    places = followed(_claims(old), _claims(new))
    taken = set(places.values())
    found: list[tuple[Owned, ClaimVerdict | None, ClaimVerdict | None]]
    found = [(now or place, old[place], new[now] if now else None) for place, now in places.items()]
    found += [(place, None, claim) for place, claim in new.items() if place not in taken]
    seen = ((place, _seen(was) if was else None, _seen(now) if now else None) for place, was, now in found)
    return tuple(Transition(claim=place[1], before=b, after=a) for place, b, a in seen if _known(b) != _known(a))


def _known(standing: Standing | None) -> tuple[Verdict, Level | None] | None:
    """Verdict and level; None where nothing is concluded, for want of evidence or of the claim itself."""
    if standing is None or standing.verdict is Verdict.UNTESTED:
        return None
    return standing.verdict, standing.level


def _standing(verdicts: Iterable[ContractVerdict]) -> dict[Owned, ClaimVerdict]:
    return {
        (verdict.contract.id, claim.claim.id): claim
        for verdict in verdicts
        if verdict.contract
        for claim in verdict.claims
    }


def _claims(verdicts: Mapping[Owned, ClaimVerdict]) -> dict[Owned, Claim]:
    return {place: verdict.claim for place, verdict in verdicts.items()}


def _seen(claim: ClaimVerdict) -> Standing:
    return Standing(verdict=claim.verdict, level=claim.level, evidence=_evidence(claim))


def _evidence(claim: ClaimVerdict) -> tuple[str, ...]:
    """The honest bundles that have the claim's own verdict, else all honest ones."""
    honest = [bundle for bundle in claim.bundles if bundle.mutant is None]
    own: Sequence[str] = [bundle.bundle.name for bundle in honest if bundle.verdict is claim.verdict]
    return tuple(dict.fromkeys(own or [bundle.bundle.name for bundle in honest]))
