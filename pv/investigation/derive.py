"""Derives the status of every hypothesis.

(1) real: every prediction that was tried held, at the level of the symptom
(2) explains: planting the cause brings the symptom's magnitude back, and a run without it lacks the symptom
(3) CONFIRMED only if both hold, of one cause alone; whatever else was refuted, nothing is confirmed for being left over
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from pv.contract.problem import Path, did_you_mean
from pv.investigation.citing import check_why
from pv.investigation.finding import Answered, Finding, Injection, Judged, Outcome, Report, Status, Tested, Trial
from pv.investigation.library import Library, measured_by, reading, same_code, unlike
from pv.investigation.loading import Loaded, ordered
from pv.investigation.lookup import Lookup, SymptomRead
from pv.investigation.magnitude import same_magnitude
from pv.investigation.model import Band, Hypothesis, Investigation, Made, Prediction
from pv.investigation.status import real_of, sentence_of, status_of, told_apart
from pv.verdict import Exhibit, Verdict

_SURVIVED = frozenset({Verdict.DISCHARGED, Verdict.PARTIAL})
_NONE = "no such run yet"


def judge(loaded: Loaded, library: Library) -> Judged:
    """Judge a file against what is known; what is wrong with either is told, never raised."""
    if not loaded.valid or loaded.investigation is None:
        return Judged(report=None, problems=loaded.problems)
    lookup = Lookup(loaded, library)
    report = _Court(loaded.investigation, lookup).report()
    altered = tuple(dict.fromkeys(lookup.altered))
    return Judged(report=report, problems=ordered((*loaded.problems, *lookup.problems)), altered=altered)


@dataclass(slots=True)
class _Tried:
    """A run that was looked for."""

    how: Made
    exhibit: Exhibit | None
    note: str
    """Why its reading may not be compared; empty where it may."""


@dataclass(slots=True)
class _Court:
    """One investigation against what is known."""

    investigation: Investigation
    lookup: Lookup

    def report(self) -> Report | None:
        symptom = self._symptom()
        if symptom is None:
            return None
        found = tuple(
            self._finding(one, symptom, ("hypotheses", index))
            for index, one in enumerate(self.investigation.hypotheses)
        )
        for index, why in enumerate(self.investigation.whys):
            check_why(self.lookup, why, symptom, ("whys", index))
        return Report(
            path=self.lookup.loaded.path,
            investigation=self.investigation,
            claim_id=symptom.claim.claim.id,
            quantity=symptom.quantity,
            bundle=symptom.exhibit.opened.path,
            value=symptom.value,
            level=symptom.exhibit.level,
            band=symptom.band,
            findings=told_apart(found, symptom.exhibit.level),
            whys=tuple(Answered(why=why) for why in self.investigation.whys),
        )

    def _symptom(self) -> SymptomRead | None:
        said, at = self.investigation.symptom, ("symptom",)
        claim_id = self.lookup.claim_id(said.claim, (*at, "claim"))
        if claim_id is None:
            return None
        claim = self.lookup.library.tried[claim_id]
        exhibit = self.lookup.exhibit(said.bundle, said.run, claim.claim.id, at)
        name = said.quantity or measured_by(claim)
        found = self.lookup.reading(exhibit, name, said.expected.unit, (*at, "quantity")) if exhibit else None
        if exhibit is None or found is None:
            return None
        if not math.isfinite(found.value):
            self.lookup.wrong(
                "bad-value", at, f"{name} reads {found.value}, which has no magnitude", "name another quantity"
            )
            return None
        if said.expected.holds(found.value):
            what = f"{name} reads {found.value:.6g} {found.unit}, as expected: there is nothing to explain"
            self.lookup.wrong(
                "no-symptom", (*at, "expected"), what, "name the reading that was wrong, or the right bundle"
            )
            return None
        band = same_magnitude(found.value, said.expected, said.tolerance)
        if not band.holds(found.value):
            what = f"the symptom itself, {found.value:.6g} {found.unit}, lies outside of it"
            self.lookup.wrong("bad-value", (*at, "tolerance"), what, "give a band around the symptom")
            return None
        return SymptomRead(
            exhibit=exhibit,
            claim=claim,
            quantity=name,
            value=found.value,
            unit=found.unit,
            expected=said.expected,
            band=band,
        )

    def _finding(self, one: Hypothesis, symptom: SymptomRead, at: Path) -> Finding:
        tested = tuple(
            self._tested(prediction, symptom, (*at, "predicts", index)) for index, prediction in enumerate(one.predicts)
        )
        injection = self._injection(one, symptom, (*at, "inject")) if one.inject else None
        children = tuple(
            self._finding(child, symptom, (*at, "hypotheses", index)) for index, child in enumerate(one.hypotheses)
        )
        level = symptom.exhibit.level
        real = real_of(tested, level)
        status = status_of(real, injection, children)
        return Finding(
            id=one.id,
            says=one.says,
            status=status,
            level=level if status is not Status.OPEN else None,
            real=real,
            sentence=sentence_of(status, real, tested, injection, children, level),
            tested=tested,
            injection=injection,
            children=children,
        )

    def _tested(self, one: Prediction, symptom: SymptomRead, at: Path) -> Tested:
        if one.claim:
            return self._claim_tested(one, at)
        exhibit = self._exhibit_of(one, symptom, at)
        if exhibit is None:
            return _untried(one, _NONE)
        if one.control:
            return self._control_tested(one, exhibit, symptom, at)
        band = one.within
        found = self.lookup.reading(exhibit, one.quantity, band.unit, (*at, "quantity")) if band else None
        if band is None or found is None or math.isnan(found.value):
            return _untried(one, f"{one.quantity} was not read")
        said = f"{one.quantity} {_interval(band)}: read {found.value:.6g}"
        outcome = Outcome.HELD if band.holds(found.value) else Outcome.FAILED
        return Tested(prediction=one, outcome=outcome, level=exhibit.level, said=said)

    def _exhibit_of(self, one: Prediction, symptom: SymptomRead, at: Path) -> Exhibit | None:
        """The bundle that a prediction is read in; None where its run was not made yet."""
        claim_id = symptom.claim.claim.id
        if one.bundle:
            return self.lookup.exhibit(one.bundle, None, claim_id, at)
        return (
            self.lookup.trusted(self.lookup.newest(claim_id, one.run, symptom.exhibit)) if one.run else symptom.exhibit
        )

    def _claim_tested(self, one: Prediction, at: Path) -> Tested:
        claim_id = self.lookup.claim_id(one.claim, (*at, "claim"))
        claim = self.lookup.library.tried[claim_id] if claim_id else None
        if claim is None or claim.verdict not in {*_SURVIVED, Verdict.FALSIFIED}:
            state = claim.verdict if claim else "unknown"
            return _untried(one, f"{one.claim} {one.reads}: it is {state}")
        refuted = claim.verdict is Verdict.FALSIFIED
        outcome = Outcome.HELD if refuted is (one.reads == "refuted") else Outcome.FAILED
        said = f"{one.claim} {one.reads}: it is {claim.verdict} at {claim.level} level"
        return Tested(prediction=one, outcome=outcome, level=claim.level, said=said)

    def _control_tested(self, one: Prediction, exhibit: Exhibit, symptom: SymptomRead, at: Path) -> Tested:
        rows = {row.name: row for row in exhibit.controls.get(symptom.claim.claim.controls, ())}
        if one.control not in rows:
            what = f"`{one.control[:80]}` is no control of {symptom.claim.claim.id}"
            self.lookup.wrong("unknown-value", (*at, "control"), what, did_you_mean(one.control, rows))
            return _untried(one, f"{one.control} is no control")
        row = rows[one.control]
        if row.ok is None or row.reading is None:
            return _untried(one, f"{one.control} was not run")
        outcome = Outcome.HELD if row.ok is (one.reads == "right") else Outcome.FAILED
        said = f"{one.control} {one.reads}: read {row.reading:.6g}, right is {row.expected}"
        return Tested(prediction=one, outcome=outcome, level=exhibit.level, said=said)

    def _injection(self, one: Hypothesis, symptom: SymptomRead, at: Path) -> Injection:
        if one.inject not in self.lookup.library.mutants:
            what = f"`{one.inject[:80]}` is no fault that can be planted"
            self.lookup.wrong("unknown-mutant", at, what, did_you_mean(one.inject, self.lookup.library.mutants))
        planted = self._planted(one, symptom)
        removed = self._removed(one, symptom, planted.exhibit)
        return Injection(
            mutant=one.inject,
            planted=_weighed(planted, symptom, symptom.band),
            removed=_weighed(removed, symptom, symptom.expected),
        )

    def _planted(self, one: Hypothesis, symptom: SymptomRead) -> _Tried:
        """A run with the cause, if one was made as the symptom's was."""
        return self._nearest(Made(mutant=one.inject), symptom, lambda found: unlike(found, symptom.exhibit, code=False))

    def _removed(self, one: Hypothesis, symptom: SymptomRead, planted: Exhibit | None) -> _Tried:
        """A run without the cause, if one was made as the symptom's was, from the source of the run with the cause."""

        def differing(found: Exhibit) -> tuple[str, ...]:
            source = unlike(found, planted, code=True) if planted else ()
            return (*unlike(found, symptom.exhibit, code=False), *source)

        tried = self._nearest(one.without or Made(), symptom, differing)
        if tried.exhibit and same_code(tried.exhibit, symptom.exhibit):
            return _Tried(tried.how, tried.exhibit, "made just as the symptom was: no cause was taken away")
        if tried.exhibit and not tried.note and _there(one, tried.exhibit, symptom):
            return _Tried(tried.how, tried.exhibit, "the defect is there too: no cause was taken away")
        return tried

    def _nearest(self, how: Made, symptom: SymptomRead, differing: Callable[[Exhibit], tuple[str, ...]]) -> _Tried:
        """The newest run that was made so and may be compared; where none may, the newest."""
        found = self.lookup.library.made(symptom.claim.claim.id, how, symptom.exhibit)
        nearest = self.lookup.trusted(next((one for one in found if not differing(one)), next(iter(found), None)))
        return _Tried(how, nearest, _differing(differing(nearest)) if nearest else _NONE)


def _there(one: Hypothesis, exhibit: Exhibit, symptom: SymptomRead) -> bool:
    """Whether everything that a hypothesis predicts of the symptom's run holds in another one."""
    rows = {row.name: row for row in exhibit.controls.get(symptom.claim.claim.controls, ())}
    held = []
    for prediction in (one for one in one.predicts if not (one.claim or one.bundle or one.run)):
        row, within = rows.get(prediction.control), prediction.within
        found = reading(exhibit, prediction.quantity) if within else None
        right = row is not None and row.ok is (prediction.reads == "right")
        held.append(right if within is None else found is not None and within.holds(found.value))
    return bool(held) and all(held)


def _differing(names: tuple[str, ...]) -> str:
    return f"not comparable: other {', '.join(dict.fromkeys(names))}" if names else ""


def _untried(one: Prediction, said: str) -> Tested:
    return Tested(prediction=one, outcome=Outcome.NOT_TRIED, level=None, said=said)


def _weighed(tried: _Tried, symptom: SymptomRead, wanted: Band) -> Trial:
    path = tried.exhibit.opened.path if tried.exhibit else None
    found = reading(tried.exhibit, symptom.quantity) if tried.exhibit and not tried.note else None
    if found is None or found.unit != symptom.unit:
        note = tried.note or f"it holds no {symptom.quantity}"
        return Trial(how=tried.how, bundle=path, value=None, passed=None, note=note)
    return Trial(how=tried.how, bundle=path, value=found.value, passed=wanted.holds(found.value))


def _interval(band: Band) -> str:
    if band.low is None or band.high is None:
        return f">= {band.low:g} {band.unit}" if band.high is None else f"<= {band.high:g} {band.unit}"
    return f"{band.low:g} to {band.high:g} {band.unit}"
