"""Starts an investigation from a verdict: the symptom, what read wrong by stage, and planted faults that read alike."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pv.binding import PlantedFault
from pv.errors import UsageError
from pv.investigation.citing import agrees
from pv.investigation.library import reading
from pv.investigation.magnitude import nearest_end, same_magnitude
from pv.investigation.model import Band
from pv.investigation.suspect import suspected
from pv.methodology import Control, ControlReading, control_set
from pv.power.cells import struck
from pv.verdict import BundleVerdict, ClaimVerdict, Exhibit

STAGES: Final = {
    1: "the data that is trained on or scored",
    2: "the evaluator",
    3: "the weights",
    4: "how the loss uses context",
    5: "what a position may see",
    6: "the split",
    7: "the recorded losses",
    9: "the training, whatever the data",
}
"""Item of the control set to the stage of a run that its controls are about, in the order of a run."""

MOST_CANDIDATES: Final = 4
"""Planted faults that are offered as causes, of those that read alike and of those that nothing is recorded of."""

PLAINLY: Final = 2.0
"""Factor from which a reading is plainly wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An investigation to go on with."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Symptom:
    quantity: str
    """As the file names it."""
    value: float
    expected: Band


@dataclass(frozen=True, slots=True)
class _Candidate:
    fault: PlantedFault
    alike: float
    """Share of what struck under either that struck under both."""
    struck: tuple[str, ...]
    """Controls and laws that its presence predicts to read wrong; none where nothing is recorded of it."""


def draft(claim: ClaimVerdict, bundle: BundleVerdict, exhibit: Exhibit, faults: Mapping[str, PlantedFault]) -> Draft:
    """Return an investigation of a bundle that is SUSPECT or FALSIFIED; what was planted in it is not looked at.

    Args:
        claim: The claim with every bundle of it, the runs under mutants among them.
        bundle: The one to start from.
        exhibit: Its content.
        faults: Planted faults by name.

    Raises:
        UsageError: Nothing in it reads wrong.
    """
    controls = {one.name: one for one in control_set(claim.claim.controls)}
    wrong = [row for row in bundle.controls if row.ok is False]
    symptom = _symptom(claim, bundle, exhibit)
    candidates = _candidates(bundle, claim.bundles, faults)
    name = next(iter(claim.claim.aliases), claim.claim.id)
    identity = f"{name.lower()}-{bundle.digest[:12]}"
    lines = [
        "# yaml-language-server: $schema=schema.json",
        'investigation: "1"',
        f"id: {identity}",
        f"title: {json.dumps(f'{name} is {bundle.verdict}: why does {symptom.quantity} read {symptom.value:.6g}?')}",
        "symptom:",
        f"  claim: {claim.claim.id}",
        f"  bundle: {json.dumps(bundle.bundle.name)}",
        f"  quantity: {json.dumps(symptom.quantity)}    # read {symptom.value:.6g} {symptom.expected.unit}",
        f"  expected: {_band(symptom.expected)}",
        *_findings(bundle),
        "# Statuses are derived by pv investigate. Refuting rivals confirms nothing: planting the cause does.",
        "hypotheses:",
        *_hypotheses(symptom, controls, wrong, candidates, _unrecorded(claim, bundle, faults)),
        "whys:",
        *_whys(symptom, controls, wrong),
        "not_covered:",
        *(f"  - {json.dumps(one, ensure_ascii=False)}" for one in _not_covered(bundle)),
    ]
    return Draft(id=identity, text="\n".join(lines) + "\n")


def _symptom(
    claim: ClaimVerdict,
    bundle: BundleVerdict,
    exhibit: Exhibit,
) -> _Symptom:
    """The first reading that nobody expected; one that is barely wrong only where no other is wrong."""
    wrong = [
        _Symptom(name, found.value, expected)
        for name, expected in suspected(claim, bundle)
        if (found := reading(exhibit, name)) and math.isfinite(found.value) and not expected.holds(found.value)
    ]
    if wrong:
        return next((one for one in wrong if not _barely(one.value, one.expected)), wrong[0])
    fix = "name another with --bundle; pv explain lists them"
    raise UsageError(bundle.bundle.name, f"it is {bundle.verdict}, and no finite reading in it is wrong", fix)


def _barely(value: float, expected: Band) -> bool:
    """Whether a reading lies within a factor of what was expected, so that noise or another size may take it back."""
    end = nearest_end(value, expected)
    return value * end > 0 and 1 / PLAINLY < value / end < PLAINLY


def _plainly_wrong(bundle: BundleVerdict) -> set[str]:
    """The controls that read plainly wrong in a bundle."""
    return {
        row.name
        for row in bundle.controls
        if row.ok is False
        and row.reading is not None
        and not _barely(row.reading, Band(low=row.low, high=row.high, unit=row.unit))
    }


def _unrecorded(claim: ClaimVerdict, bundle: BundleVerdict, faults: Mapping[str, PlantedFault]) -> list[_Candidate]:
    """Planted faults that the claim names as counter-examples, of which no other run was made."""
    recorded = {one.mutant for one in claim.bundles if one.bundle != bundle.bundle}
    named = [faults[name] for name in claim.claim.counter_example_classes if name in faults and name not in recorded]
    return [_Candidate(fault, 0.0, ()) for fault in named[:MOST_CANDIDATES]]


def _candidates(
    bundle: BundleVerdict, bundles: Sequence[BundleVerdict], faults: Mapping[str, PlantedFault]
) -> list[_Candidate]:
    """Planted faults under which the same struck, those most alike first."""
    mine = set(struck(bundle))
    found: dict[str, _Candidate] = {}
    for other in bundles:
        fault = faults.get(other.mutant or "")
        if other.bundle == bundle.bundle or fault is None:
            continue
        theirs = struck(other)
        shared = tuple(name for name in theirs if name in mine)
        alike = len(shared) / len(mine | set(theirs)) if shared else 0.0
        known = found.get(fault.name)
        if shared and (known is None or alike > known.alike):
            certain = {*shared, *(theirs if other.profile == bundle.profile else _plainly_wrong(other))}
            predicted = tuple(name for name in theirs if name in certain)
            found[fault.name] = _Candidate(fault, alike, predicted)
    return sorted(found.values(), key=lambda one: (-one.alike, one.fault.name))[:MOST_CANDIDATES]


def _findings(bundle: BundleVerdict) -> Iterator[str]:
    for finding in bundle.findings:
        if finding.severity == "error":
            said = " ".join(finding.message.split())
            yield f"# {finding.rule}: {''.join(one if one.isprintable() else '?' for one in said)}"


def _hypotheses(
    symptom: _Symptom,
    controls: Mapping[str, Control],
    wrong: Sequence[ControlReading],
    candidates: Sequence[_Candidate],
    unrecorded: Sequence[_Candidate],
) -> Iterator[str]:
    stages = list(dict.fromkeys(row.item for row in wrong))
    left = list(candidates)
    for number, stage in enumerate(stages, 1):
        names = [row.name for row in wrong if row.item == stage]
        mine = [one for one in left if any(name in names for name in one.struck)]
        left = [one for one in left if one not in mine]
        yield f"  - id: H{number}"
        yield f'    says: "The fault lies in {STAGES[stage]}."'
        if not mine:
            yield from _predictions(names, symptom, controls, "    ")
        yield from _children(f"H{number}", mine, symptom, controls)
    if not stages:
        yield "  - id: H1"
        yield '    says: "What the claim is about is broken where its law says."'
        if not left:
            yield from _predictions([], symptom, controls, "    ")
        yield from _children("H1", left, symptom, controls)
    if unrecorded:
        last = f"H{max(len(stages), 1) + 1}"
        yield f"  - id: {last}"
        yield '    says: "It is a fault that the claim names, and that is recorded nowhere else."'
        yield from _children(last, unrecorded, symptom, controls)


def _children(
    parent: str, candidates: Sequence[_Candidate], symptom: _Symptom, controls: Mapping[str, Control]
) -> Iterator[str]:
    if candidates:
        yield "    hypotheses:"
    for letter, one in zip("ABCD", candidates, strict=False):
        summary = one.fault.summary[:1].upper() + one.fault.summary[1:]
        yield f"      - id: {parent}{letter}"
        yield f"        says: {json.dumps(f'{summary}.', ensure_ascii=False)}"
        yield from _predictions(one.struck, symptom, controls, "        ")
        alike = f"{one.alike:.0%} of what read wrong under either did under both" if one.struck else "not tried yet"
        yield f"        inject: {one.fault.name}    # {alike}"


def _predictions(
    names: Sequence[str], symptom: _Symptom, controls: Mapping[str, Control], margin: str
) -> Iterator[str]:
    """Controls that would read wrong; where there are none, the magnitude of the symptom itself."""
    yield f"{margin}predicts:"
    named = [name for name in names if name in controls]
    yield from (f"{margin}  - {{control: {name}, reads: wrong}}" for name in named)
    if not named:
        yield f"{margin}  - quantity: {json.dumps(symptom.quantity)}"
        yield f"{margin}    within: {_band(same_magnitude(symptom.value, symptom.expected))}"
        yield f"{margin}    rivals: {_band(symptom.expected)}"


def _whys(symptom: _Symptom, controls: Mapping[str, Control], wrong: Sequence[ControlReading]) -> Iterator[str]:
    yield f"  - why: {json.dumps(f'Why is {symptom.value:.6g} {symptom.expected.unit} not to be believed?')}"
    first = next((row for row in wrong if row.reading is not None and math.isfinite(row.reading)), None)
    if first is None or first.reading is None:
        yield f"    because: {json.dumps(f'{symptom.quantity} was expected elsewhere.')}"
        quantity, value, unit = symptom.quantity, symptom.value, symptom.expected.unit
    else:
        quantity, value, unit = controls[first.name].quantity, first.reading, first.unit
        yield f"    because: {json.dumps(controls[first.name].law)}"
    yield f"    cites: [{{quantity: {json.dumps(quantity)}, reads: {_rounded(value)}, unit: {json.dumps(unit)}}}]"
    yield "  # Ask on: each answer cites readings, and one that cites nothing is shown as an opinion."


def _not_covered(bundle: BundleVerdict) -> Iterator[str]:
    yield "A cause that no planted fault stands for."
    yield from (f"Control {row.name} was not run: {row.detail}" for row in bundle.controls if row.ok is None)
    yield from (f"Rule {one.rule} was not applied: {one.reason}" for one in bundle.not_judged)


def _band(band: Band) -> str:
    ends = [f"{name}: {_number(end)}" for name, end in (("low", band.low), ("high", band.high)) if end is not None]
    return f"{{{', '.join(ends)}, unit: {json.dumps(band.unit)}}}"


def _rounded(value: float) -> str:
    """The fewest digits, four at least, that the value agrees with when it is cited."""
    return next(
        text for text in (_yaml(f"{value:.4g}"), _yaml(f"{value:.6g}"), _number(value)) if agrees(float(text), value)
    )


def _number(value: float) -> str:
    """Every digit: a band that is rounded may touch another."""
    return _yaml(repr(value))


def _yaml(text: str) -> str:
    """A number as YAML reads one: with a point before the exponent."""
    head, e, tail = text.partition("e")
    return f"{head}.0e{tail}" if e and "." not in head else text
