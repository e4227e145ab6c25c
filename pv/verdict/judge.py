"""What one bundle says about one claim.

    (1) SUSPECT if the measurement is invalid  (2) FALSIFIED if the claim is refuted
    (3) UNTESTED if nothing was measured  (4) PARTIAL if anything is missing  (5) DISCHARGED

Integrity comes before meaning, whatever the number says; nothing is averaged, and nothing missing is a pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pv.contract import Claim, Contract
from pv.evidence import Bundle, Opened, Quantity, derive_level, stated
from pv.evidence.fields import count
from pv.methodology import (
    Case,
    ControlReading,
    Effect,
    Finding,
    audit,
    control_readings,
    fault_findings,
    platform,
    recomputed,
    tolerances,
)
from pv.verdict.measuring import compared, counterexample, holds, looks_of, measured, outcome, resolved_bound, weighed
from pv.verdict.model import BundleVerdict, Contrast, Level, Measurement, Reason, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A bundle with everything recomputed once, for all claims."""

    opened: Opened
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    controls: Mapping[str, tuple[ControlReading, ...]] = field(default_factory=dict)
    """Control set to its readings."""

    level: Level = Level.ALGORITHM
    """How real the evidence is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What other runs say of a claim."""

    earlier: Mapping[str, float] = field(default_factory=dict)
    """Bundle to what it had read of the claim's quantity, under another bound, before this one was locked."""

    reruns: Mapping[str, float] = field(default_factory=dict)
    """Bundle to what it had read of the claim's quantity, for earlier honest runs of the very same set-up."""

    former: Opened | None = None
    """The bundle that the run says it was made again of, where it is among them."""

    looks: int = 0
    """How often they put the claim to a sample."""


def examine(opened: Opened, contract: Contract) -> Exhibit:
    """Recompute a bundle's quantities and the controls that the contract's claims name."""
    bundle = opened.bundle
    if bundle is None:
        return Exhibit(opened=opened)
    found = recomputed(bundle)
    names = {claim.controls for claim in contract.claims if claim.controls}
    controls = {name: control_readings(name, bundle, found) for name in sorted(names)}
    return Exhibit(opened=opened, quantities=found, controls=controls, level=level_of(bundle, contract))


def level_of(bundle: Bundle, contract: Contract) -> Level:
    """Return how real a bundle's evidence is for a contract."""
    system = contract.system
    return Level(derive_level(bundle, system.model_dump() if system else {}))


def judge_bundle(
    claim: Claim,
    contract: Contract,
    opened: Opened | Exhibit,
    *,
    stale: Sequence[str] = (),
    receipts: Mapping[str, str] | None = None,
    laws: Sequence[str] = (),
    history: History = History(),
) -> BundleVerdict:
    """Return what a bundle says about a claim.

    Args:
        claim: The claim as it stands.
        contract: Its contract.
        opened: The bundle, or what was already recomputed of it.
        stale: Why the bundle no longer speaks about the claim.
        receipts: Mutant to `killed`, `survived`, `crashed` or `missing`; nothing counts as all missing.
        laws: Laws of the falsifier that the claim is bound to.
        history: What other runs say of the claim.
    """
    exhibit = opened if isinstance(opened, Exhibit) else examine(opened, contract)
    bundle = exhibit.opened.bundle
    if bundle is None:
        return _unreadable(claim, exhibit.opened, fresh=not stale)
    quantity, why = measured(claim, bundle, exhibit.quantities)
    bound, unbounded = resolved_bound(claim, {**exhibit.quantities, **tolerances(platform(bundle))})
    case = Case(
        contract=contract,
        claim=claim,
        bundle=bundle,
        faults=exhibit.opened.faults,
        quantities=exhibit.quantities,
        controls=exhibit.controls.get(claim.controls, ()),
        measured=quantity,
        bound=bound,
        stale=tuple(stale),
        receipts=receipts or {},
        earlier=history.earlier,
        reruns=history.reruns,
        former=history.former,
        looks=looks_of(claim, bundle) + history.looks,
        laws=tuple(laws),
    )
    return _judged(case, exhibit.level, why or unbounded)


def _unreadable(claim: Claim, opened: Opened, *, fresh: bool) -> BundleVerdict:
    findings = fault_findings(opened.faults)
    return BundleVerdict(
        claim_id=claim.id,
        bundle=opened.path,
        digest="",
        profile="",
        mutant=None,
        verdict=Verdict.SUSPECT,
        level=None,
        fresh=fresh,
        measurement=None,
        contrasts=(),
        numerically_passed=None,
        controls=(),
        findings=findings,
        reasons=tuple(_reason(finding) for finding in findings),
        counterexample=None,
    )


def _judged(case: Case, level: Level, unmeasured: str) -> BundleVerdict:
    audited = audit(case)
    findings = audited.findings
    measurement = weighed(case)
    contrasts = compared(case)
    broken = counterexample(case, platform(case.bundle))
    suspect = [_reason(finding) for finding in findings if finding.effect is Effect.INVALIDATES]
    refuted = _refutations(broken, measurement, contrasts)
    lacking = _shortfalls(case, findings, measurement, contrasts, level)
    if suspect:  # (1)
        verdict, reasons = Verdict.SUSPECT, suspect
    elif refuted:  # (2)
        verdict, reasons = Verdict.FALSIFIED, refuted
    elif measurement is None:  # (3)
        verdict, reasons = Verdict.UNTESTED, [_not_measured(case, unmeasured)]
    elif lacking:  # (4)
        verdict, reasons = Verdict.PARTIAL, lacking
    else:  # (5)
        verdict, reasons = Verdict.DISCHARGED, []
    return BundleVerdict(
        claim_id=case.claim.id,
        bundle=case.bundle.path,
        digest=case.bundle.digest,
        profile=str(case.bundle.run.get("profile", "")),
        mutant=case.mutant,
        verdict=verdict,
        level=None if verdict is Verdict.UNTESTED else level,
        fresh=not case.stale,
        measurement=measurement,
        contrasts=contrasts,
        numerically_passed=_passed(measurement),
        controls=case.controls,
        findings=findings,
        reasons=tuple(reasons),
        counterexample=broken,
        not_judged=audited.not_judged,
        seed=count(case.bundle.run.get("seed")),
        redispatch=stated(case.bundle),
    )


def _passed(measurement: Measurement | None) -> bool | None:
    if measurement is None:
        return None
    return holds(measurement.value, measurement.op, measurement.bound_value)


def _reason(finding: Finding) -> Reason:
    return Reason(code=finding.rule, message=finding.message)


def _refutations(
    broken: Mapping[str, Any] | None, measurement: Measurement | None, contrasts: Sequence[Contrast]
) -> list[Reason]:
    reasons = []
    if broken:
        message = f"a case breaks the law {broken['law']}: {broken['reading']} {broken['unit']}"
        reasons.append(Reason(code="counterexample", message=message))
    if measurement and outcome(measurement) == "wrong":
        reasons.append(Reason(code="bound-violated", message=_against(measurement)))
    reasons += [
        Reason(code="baseline-not-beaten", message=f"{contrast.baseline}: {_difference(contrast)}")
        for contrast in contrasts
        if contrast.outcome == "wrong"
    ]
    return reasons


def _shortfalls(
    case: Case,
    findings: Sequence[Finding],
    measurement: Measurement | None,
    contrasts: Sequence[Contrast],
    level: Level,
) -> list[Reason]:
    """Return every reason why a survivor is not DISCHARGED."""
    reasons: list[Reason] = []
    required = Level(case.claim.requires or Level.LIVE)
    if level.rank < required.rank:
        message = f"the evidence is {level}, the claim requires {required}"
        reasons.append(Reason(code="level-below-required", message=message))
    if measurement and outcome(measurement) == "straddles":
        reasons.append(Reason(code="interval-straddles", message=_against(measurement)))
    reasons += [
        Reason(code="contrast-straddles", message=f"{contrast.baseline}: {_difference(contrast)}")
        for contrast in contrasts
        if contrast.outcome == "straddles"
    ]
    return reasons + [_reason(finding) for finding in findings if finding.effect is Effect.CAPS]


def _not_measured(case: Case, why: str) -> Reason:
    if case.crashed:
        status = f"exit status {case.value('exit_status'):g}"
        return Reason(code="crashed-run", message=f"{status}, and nothing was measured")
    return Reason(code="not-measured", message=why)


def _against(measurement: Measurement) -> str:
    value = f"{measurement.quantity} = {measurement.value:.6g} {measurement.unit}"
    interval = f"interval {measurement.lower:.6g} to {measurement.upper:.6g}"
    return f"{value}, {interval}, against {measurement.op} {measurement.bound_value:.6g}"


def _difference(contrast: Contrast) -> str:
    interval = f"{contrast.lower:.6g} to {contrast.upper:.6g}"
    return f"difference {contrast.difference:.6g} {contrast.unit}, interval {interval}"
