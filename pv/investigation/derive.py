"""Derives the status of every hypothesis.

(1) real: every prediction that was tried held, at the level of the symptom
(2) explains: planting the cause brings the symptom's magnitude back, and a run without it lacks the symptom
(3) CONFIRMED only if both hold; whatever else was refuted, nothing is confirmed because it is left over
"""

import math
from dataclasses import dataclass, field

from pv.contract import Problem, convert, resolve
from pv.contract.problem import Path, did_you_mean
from pv.errors import UsageError
from pv.evidence import Quantity
from pv.investigation.experiment import command_of
from pv.investigation.finding import Answered, Finding, Injection, Judged, Outcome, Report, Status, Tested, Trial
from pv.investigation.library import (
    Library,
    broken,
    measured_by,
    of_one_state,
    over_steps,
    readable,
    reading,
    same_code,
    unlike,
)
from pv.investigation.loading import Loaded, ordered
from pv.investigation.magnitude import same_magnitude
from pv.investigation.model import Band, Cite, Hypothesis, Investigation, Made, Prediction, Why
from pv.investigation.status import real_of, sentence_of, status_of
from pv.verdict import ClaimVerdict, Exhibit, Verdict

_SURVIVED = frozenset({Verdict.DISCHARGED, Verdict.PARTIAL})


def judge(loaded: Loaded, library: Library) -> Judged:
    """Judge a file against what is known; what is wrong with either is told, never raised."""
    if not loaded.valid or loaded.investigation is None:
        return Judged(report=None, problems=loaded.problems)
    court = _Court(loaded, loaded.investigation, library)
    report = court.report()
    altered = tuple(dict.fromkeys(court.altered))
    return Judged(report=report, problems=ordered((*loaded.problems, *court.problems)), altered=altered)


@dataclass(slots=True)
class _Symptom:
    """What reads wrong, as it was read."""

    exhibit: Exhibit
    claim: ClaimVerdict
    quantity: str
    value: float
    unit: str
    expected: Band
    band: Band


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

    loaded: Loaded
    investigation: Investigation
    library: Library
    problems: list[Problem] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)

    def report(self) -> Report | None:
        symptom = self._symptom()
        if symptom is None:
            return None
        found = tuple(
            self._finding(one, symptom, ("hypotheses", index))
            for index, one in enumerate(self.investigation.hypotheses)
        )
        for index, why in enumerate(self.investigation.whys):
            self._why(why, symptom, ("whys", index))
        return Report(
            path=self.loaded.path,
            investigation=self.investigation,
            claim_id=symptom.claim.claim.id,
            quantity=symptom.quantity,
            bundle=symptom.exhibit.opened.path,
            value=symptom.value,
            level=symptom.exhibit.level,
            band=symptom.band,
            findings=found,
            whys=tuple(Answered(why=why) for why in self.investigation.whys),
        )

    def _wrong(self, code: str, at: Path, what: str, fix: str) -> None:
        self.problems.append(self.loaded.document.problem(code, at, what, fix))

    def _symptom(self) -> _Symptom | None:
        said, at = self.investigation.symptom, ("symptom",)
        claim = self._claim(said.claim, (*at, "claim"))
        if claim is None:
            return None
        exhibit = self._exhibit(said.bundle, said.run, claim.claim.id, at)
        name = said.quantity or measured_by(claim)
        found = self._reading(exhibit, name, said.expected.unit, (*at, "quantity")) if exhibit else None
        if exhibit is None or found is None:
            return None
        if not math.isfinite(found.value):
            self._wrong("bad-value", at, f"{name} reads {found.value}, which has no magnitude", "name another quantity")
            return None
        if said.expected.holds(found.value):
            what = f"{name} reads {found.value:.6g} {found.unit}, as expected: there is nothing to explain"
            self._wrong("no-symptom", (*at, "expected"), what, "name the reading that was wrong, or the right bundle")
            return None
        band = same_magnitude(found.value, said.expected, said.tolerance)
        if not band.holds(found.value):
            what = f"the symptom itself, {found.value:.6g} {found.unit}, lies outside of it"
            self._wrong("bad-value", (*at, "tolerance"), what, "give a band around the symptom")
            return None
        return _Symptom(exhibit, claim, name, found.value, found.unit, said.expected, band)

    def _claim(self, reference: str, at: Path) -> ClaimVerdict | None:
        try:
            claim, _ = resolve(reference, self.library.contracts)
        except UsageError as error:
            self._wrong("unknown-claim", at, f"{reference[:80]}: {error.what}", error.fix)
            return None
        return self.library.verdicts[claim.id]

    def _exhibit(
        self, bundle: str, run: Made | None, claim_id: str, at: Path, like: Exhibit | None = None
    ) -> Exhibit | None:
        """The bundle that a part of the file means; a problem where there is none."""
        found = self.library.named(bundle) if bundle else self.library.made(claim_id, run or Made(), like)
        if found is None:
            what = f"there is no bundle {bundle[:80]}" if bundle else f"no bundle of {claim_id} was made so"
            hint = (
                "see pv explain for those there are"
                if bundle
                else f"make it: {command_of(claim_id, run or Made(), like)}"
            )
            self._wrong("unknown-bundle", (*at, "bundle" if bundle else "run"), what, hint)
        return self._trusted(found)

    def _trusted(self, exhibit: Exhibit | None) -> Exhibit | None:
        """The exhibit if it is intact; what is not is remembered."""
        if exhibit is not None and (why := broken(exhibit)):
            self.altered.append(f"{exhibit.opened.path}: {why}")
            return None
        return exhibit

    def _reading(
        self, exhibit: Exhibit, name: str, unit: str, at: Path, written: float | None = None
    ) -> Quantity | None:
        """A quantity in its unit; a problem where it has another, or there is none."""
        found = reading(exhibit, name)
        if found is None:
            what = f"{exhibit.opened.path.name} holds no `{name[:80]}`"
            self._wrong("unknown-series", at, what, did_you_mean(name, readable(self.library)))
        elif found.unit not in {unit, ""}:
            same = None if written is None else convert(written, unit, found.unit)
            fix = f"write {found.unit}" if same is None else f"{written:g} {unit} are {same:.6g} {found.unit}"
            self._wrong("unit-mismatch", at, f"{name} is recorded in {found.unit}, not in {unit}", fix)
            return None
        return found

    def _finding(self, one: Hypothesis, symptom: _Symptom, at: Path) -> Finding:
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

    def _tested(self, one: Prediction, symptom: _Symptom, at: Path) -> Tested:
        if one.claim:
            return self._claim_tested(one, at)
        exhibit = symptom.exhibit
        if one.bundle or one.run:
            other = self._made(one, symptom)
            if other is None:
                return _untried(one, "no such run yet")
            exhibit = other
        if one.control:
            return self._control_tested(one, exhibit, symptom, at)
        band = one.within
        found = self._reading(exhibit, one.quantity, band.unit, (*at, "quantity")) if band else None
        if band is None or found is None or math.isnan(found.value):
            return _untried(one, f"{one.quantity} was not read")
        said = f"{one.quantity} {_interval(band)}: read {found.value:.6g}"
        outcome = Outcome.HELD if band.holds(found.value) else Outcome.FAILED
        return Tested(prediction=one, outcome=outcome, level=exhibit.level, said=said)

    def _made(self, one: Prediction, symptom: _Symptom) -> Exhibit | None:
        claim_id = symptom.claim.claim.id
        found = (
            self.library.named(one.bundle)
            if one.bundle
            else self.library.made(claim_id, one.run or Made(), symptom.exhibit)
        )
        return self._trusted(found)

    def _claim_tested(self, one: Prediction, at: Path) -> Tested:
        claim = self._claim(one.claim, (*at, "claim"))
        if claim is None or claim.verdict not in {*_SURVIVED, Verdict.FALSIFIED}:
            state = claim.verdict if claim else "unknown"
            return _untried(one, f"{one.claim} {one.reads}: it is {state}")
        refuted = claim.verdict is Verdict.FALSIFIED
        outcome = Outcome.HELD if refuted is (one.reads == "refuted") else Outcome.FAILED
        said = f"{one.claim} {one.reads}: it is {claim.verdict} at {claim.level} level"
        return Tested(prediction=one, outcome=outcome, level=claim.level, said=said)

    def _control_tested(self, one: Prediction, exhibit: Exhibit, symptom: _Symptom, at: Path) -> Tested:
        rows = {row.name: row for row in exhibit.controls.get(symptom.claim.claim.controls, ())}
        if one.control not in rows:
            what = f"`{one.control[:80]}` is no control of {symptom.claim.claim.id}"
            self._wrong("unknown-value", (*at, "control"), what, did_you_mean(one.control, rows))
            return _untried(one, f"{one.control} is no control")
        row = rows[one.control]
        if row.ok is None or row.reading is None:
            return _untried(one, f"{one.control} was not run")
        outcome = Outcome.HELD if row.ok is (one.reads == "right") else Outcome.FAILED
        said = f"{one.control} {one.reads}: read {row.reading:.6g}, right is {row.expected}"
        return Tested(prediction=one, outcome=outcome, level=exhibit.level, said=said)

    def _injection(self, one: Hypothesis, symptom: _Symptom, at: Path) -> Injection:
        if one.inject not in self.library.mutants:
            what = f"`{one.inject[:80]}` is no fault that can be planted"
            self._wrong("unknown-mutant", at, what, did_you_mean(one.inject, self.library.mutants))
        planted = self._trial(Made(mutant=one.inject), symptom, symptom.exhibit)
        removed = self._trial(one.without or Made(), symptom, planted.exhibit)
        return Injection(
            mutant=one.inject,
            planted=_weighed(planted, symptom, symptom.band),
            removed=_weighed(removed, symptom, symptom.expected),
        )

    def _trial(self, how: Made, symptom: _Symptom, beside: Exhibit | None) -> _Tried:
        """The run that was made so, if its reading may be compared: with the symptom's, and with the run beside it."""
        exhibit = self._trusted(self.library.made(symptom.claim.claim.id, how, symptom.exhibit))
        if exhibit is None:
            return _Tried(how, None, "no such run yet")
        differs = unlike(exhibit, symptom.exhibit, code=False)
        if beside is not None and beside is not symptom.exhibit:
            differs += unlike(exhibit, beside, code=True)
        if differs:
            return _Tried(how, exhibit, f"not comparable: other {', '.join(dict.fromkeys(differs))}")
        if not how.mutant and same_code(exhibit, symptom.exhibit):
            return _Tried(how, exhibit, "made just as the symptom was: no cause was taken away")
        return _Tried(how, exhibit, "")

    def _why(self, why: Why, symptom: _Symptom, at: Path) -> None:
        for index, cite in enumerate(why.cites):
            self._cited(cite, symptom, (*at, "cites", index))
        names = [cite.quantity or symptom.quantity for cite in why.cites if not cite.claim]
        many, one = [name for name in names if over_steps(name)], [name for name in names if of_one_state(name)]
        if many and one:
            what = f"{many[0]} is over all steps, {one[0]} of one state: the two say nothing of each other"
            self._wrong("states-compared", (*at, "cites"), what, "cite both of one state, e.g. train/loss last")

    def _cited(self, cite: Cite, symptom: _Symptom, at: Path) -> None:
        if cite.claim:
            claim = self._claim(cite.claim, (*at, "claim"))
            if claim is not None and claim.verdict != cite.verdict:
                what = f"{cite.claim} is {claim.verdict}, not {cite.verdict}"
                self._wrong(
                    "reading-differs", (*at, "verdict"), what, "write what is derived, or make the evidence again"
                )
            return
        exhibit: Exhibit | None = symptom.exhibit
        if cite.bundle or cite.run:
            exhibit = self._exhibit(cite.bundle, cite.run, symptom.claim.claim.id, at, symptom.exhibit)
        found = None
        if exhibit:
            found = self._reading(exhibit, cite.quantity, cite.unit, (*at, "quantity"), cite.reads)
        if found is None or cite.reads is None:
            return
        if not agrees(cite.reads, found.value):
            what = f"{cite.quantity} reads {found.value:.6g} {found.unit}, not {cite.reads:g}"
            self._wrong(
                "reading-differs", (*at, "reads"), what, "write what is recomputed, or cite the bundle you mean"
            )


def agrees(written: float, value: float) -> bool:
    """Whether a value rounds to a written number at the digits that were written."""
    from decimal import Decimal

    exponent = Decimal(repr(written)).as_tuple().exponent
    if not math.isfinite(value) or not isinstance(exponent, int):
        return False
    return abs(value - written) <= 0.5 * 10.0 ** min(exponent, 0) * (1 + 1e-9)


def _untried(one: Prediction, said: str) -> Tested:
    return Tested(prediction=one, outcome=Outcome.NOT_TRIED, level=None, said=said)


def _weighed(tried: _Tried, symptom: _Symptom, wanted: Band) -> Trial:
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
