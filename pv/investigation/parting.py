"""What parts causes that explain a symptom alike: a run of some claim in which they read otherwise."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from pv.evidence import Quantity
from pv.investigation.finding import Finding, Report
from pv.investigation.library import Library, broken, reading, run_of, unlike
from pv.investigation.magnitude import nearest_end, same_magnitude
from pv.investigation.model import Band, Made
from pv.investigation.suspect import suspected
from pv.verdict import BundleVerdict, ClaimVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """A reading that two causes were seen to differ in."""

    claim_id: str
    """Claim whose runs hold it."""

    quantity: str
    unit: str
    causes: tuple[str, str]
    """Ids of the hypotheses."""

    mutants: tuple[str, str]
    values: tuple[float, float]
    """What it read where each was planted."""

    symptom: float | None
    """What the symptom's own run reads of it; None where that run is of another claim."""


def partings(report: Report, library: Library) -> tuple[Parting, ...]:
    """Return what parts each two causes that explain the symptom alike, the plainest difference of a claim each."""
    every = (_parted(pair, claim, report, library) for pair in _tied(report) for claim in _naming(pair, library))
    return tuple(one for one in every if one)


def unparted(report: Report, library: Library) -> Iterator[tuple[str, Made, tuple[str, str]]]:
    """Yield the runs that could part two causes which no claim parts yet: it was tried under one of them alone.

    Args:
        report: The investigation.
        library: What is known, of the claims that the faults are recorded under too.

    Yields:
        The claim, how the run is made that is lacking, and the ids of both hypotheses.
    """
    done = {one.causes for one in partings(report, library)}
    for pair in _tied(report):
        for claim in _naming(pair, library) if _ids(pair) not in done else ():
            runs = [_runs(one, claim, library) for one in pair]
            for lacking, mine, theirs in zip(pair, runs, reversed(runs), strict=True):
                if theirs and not mine:
                    how = Made(mutant=_mutant(lacking), profile=theirs[0].profile, seed=theirs[0].seed)
                    yield claim.claim.id, how, _ids(pair)


def _naming(pair: tuple[Finding, Finding], library: Library) -> Iterator[ClaimVerdict]:
    """The claims that name one of two causes as a counter-example."""
    faults = {_mutant(one) for one in pair}
    return (one for one in library.tried.values() if not faults.isdisjoint(one.claim.counter_example_classes))


def _tied(report: Report) -> tuple[tuple[Finding, Finding], ...]:
    return tuple(pair for pair in combinations(report.tied, 2) if _mutant(pair[0]) != _mutant(pair[1]))


def _ids(pair: tuple[Finding, Finding]) -> tuple[str, str]:
    return pair[0].id, pair[1].id


def _mutant(finding: Finding) -> str:
    return finding.injection.mutant if finding.injection else ""


def _runs(finding: Finding, claim: ClaimVerdict, library: Library) -> list[BundleVerdict]:
    """The intact runs of a claim under a cause, on the recipe's own data."""
    found = []
    for one in claim.bundles:
        exhibit = library.at(one.bundle)
        if one.mutant == _mutant(finding) and exhibit and not broken(exhibit) and not run_of(exhibit).get("dataset"):
            found.append(one)
    return found


def _parted(pair: tuple[Finding, Finding], claim: ClaimVerdict, report: Report, library: Library) -> Parting | None:
    """The reading of a claim's runs that differs most; None where no two like runs hold one of another magnitude."""
    runs = product(*(_runs(one, claim, library) for one in pair))
    found = [differing for one, other in runs for differing in _differing(claim, one, other, library)]
    if not found:
        return None
    _, name, mine, theirs = max(found, key=lambda one: one[0])
    own = library.at(report.bundle) if claim.claim.id == report.claim_id else None
    read = reading(own, name) if own else None
    return Parting(
        claim_id=claim.claim.id,
        quantity=name,
        unit=mine.unit,
        causes=_ids(pair),
        mutants=(_mutant(pair[0]), _mutant(pair[1])),
        values=(mine.value, theirs.value),
        symptom=read.value if read else None,
    )


def _differing(
    claim: ClaimVerdict, one: BundleVerdict, other: BundleVerdict, library: Library
) -> Iterator[tuple[float, str, Quantity, Quantity]]:
    """Readings of two runs of which neither has the magnitude of the other, each after how far they lie apart."""
    first, second = library.at(one.bundle), library.at(other.bundle)
    if first is None or second is None or unlike(first, second, code=False):
        return
    for name, expected in dict((*suspected(claim, one), *suspected(claim, other))).items():
        mine, theirs = reading(first, name), reading(second, name)
        if mine and theirs and mine.unit == theirs.unit and _apart(mine.value, theirs.value, expected):
            yield _gap(mine.value, theirs.value, expected), name, mine, theirs


def _apart(mine: float, theirs: float, expected: Band) -> bool:
    """Whether neither of two readings has the magnitude of the other, and one of them at least is wrong."""
    if not (math.isfinite(mine) and math.isfinite(theirs)):
        return False
    pairs = ((mine, theirs), (theirs, mine))
    wrong = [(this, that) for this, that in pairs if not expected.holds(this)]
    return bool(wrong) and all(not same_magnitude(this, expected).holds(that) for this, that in wrong)


def _gap(mine: float, theirs: float, expected: Band) -> float:
    """How far two readings lie apart, in units of the end that one was expected within; infinite where that is 0."""
    wrong = mine if not expected.holds(mine) else theirs
    end = abs(nearest_end(wrong, expected))
    return abs(mine - theirs) / end if end else math.inf
