"""Versioned payloads for programs; every number in them is finite."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pv.contract import Problem
from pv.evidence import Redispatch
from pv.methodology import ControlReading, Finding, NotJudged
from pv.verdict import BundleVerdict, ClaimVerdict, ContractVerdict, Contrast, Measurement, Precision, Reason, Verdict

SCHEMA_VERSION = "1"

Payload = dict[str, Any]


def dump(payload: object) -> str:
    """The payload as indented JSON; NaN and infinities become the strings `NaN`, `Infinity`, `-Infinity`."""
    return json.dumps(_finite(payload), indent=2, allow_nan=False)


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def validate_payload(verdicts: Sequence[ContractVerdict]) -> Payload:
    """What `pv validate --format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "contracts": [_contract(verdict) for verdict in verdicts],
        "summary": summary(verdicts),
    }


def summary(verdicts: Sequence[ContractVerdict]) -> Payload:
    """The denominators: contracts, claims, evaluated, untested, errors and warnings."""
    claims = [claim.verdict for verdict in verdicts for claim in verdict.claims]
    severities = Counter(problem.severity for verdict in verdicts for problem in verdict.problems)
    untested = claims.count(Verdict.UNTESTED)
    return {
        "contracts": len(verdicts),
        "claims": len(claims),
        "evaluated": len(claims) - untested,
        "untested": untested,
        "errors": severities["error"],
        "warnings": severities["warning"],
    }


def _contract(verdict: ContractVerdict) -> Payload:
    contract = verdict.contract
    return {
        "id": contract.id if contract else None,
        "path": verdict.path.as_posix(),
        "version": contract.metadata.version if contract else None,
        "stamp": verdict.stamp.value,
        "claims": [claim_payload(claim) for claim in verdict.claims],
        "reasons": reasons_payload(verdict.reasons),
        "problems": [_problem(problem) for problem in verdict.problems],
    }


def claim_payload(verdict: ClaimVerdict) -> Payload:
    """A claim with its verdict, as it stands in the payload of `pv validate`."""
    claim = verdict.claim
    return {
        "id": claim.id,
        "aliases": list(claim.aliases),
        "verdict": verdict.verdict.value,
        "level": verdict.level,
        "requires": claim.requires,
        "ship_blocking": claim.ship_blocking,
        "reasons": reasons_payload(verdict.reasons),
        "findings": _findings(verdict.findings),
        "not_judged": _not_judged(verdict.not_judged),
        "rests_on": [path.as_posix() for path in verdict.rests_on],
        "bundles": [_bundle(bundle) for bundle in verdict.bundles],
    }


def _bundle(verdict: BundleVerdict) -> Payload:
    return {
        "path": verdict.bundle.as_posix(),
        "digest": verdict.digest,
        "profile": verdict.profile,
        "mutant": verdict.mutant,
        "verdict": verdict.verdict.value,
        "level": verdict.level,
        "fresh": verdict.fresh,
    }


def _problem(problem: Problem) -> Payload:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def discharge_payload(verdict: BundleVerdict) -> Payload:
    """What `pv discharge ID --run --format json` prints for one claim and the bundle of its run."""
    return {
        "schema_version": SCHEMA_VERSION,
        "claim": verdict.claim_id,
        "verdict": verdict.verdict.value,
        "level": verdict.level,
        "profile": verdict.profile,
        "mutant": verdict.mutant,
        "redispatch": redispatch_payload(verdict.redispatch),
        "measurement": _measurement(verdict.measurement),
        "numerically_passed": verdict.numerically_passed,
        "controls": [_control(control) for control in verdict.controls],
        "findings": _findings(verdict.findings),
        "not_judged": _not_judged(verdict.not_judged),
        "reasons": reasons_payload(verdict.reasons),
        "bundle": verdict.bundle.as_posix(),
    }


def redispatch_payload(redispatch: Redispatch | None) -> Payload | None:
    """The earlier run, and what changed since; null for a run that is made again of none."""
    if redispatch is None:
        return None
    return {
        "bundle": redispatch.bundle,
        "digest": redispatch.digest,
        "changed": [
            {"part": one.part, "name": one.name, "before": one.before, "after": one.after} for one in redispatch.changed
        ],
    }


def _measurement(measurement: Measurement | None) -> Payload | None:
    if measurement is None:
        return None
    return {
        "quantity": measurement.quantity,
        "value": measurement.value,
        "unit": measurement.unit,
        "lower": measurement.lower,
        "upper": measurement.upper,
        "op": measurement.op,
        "bound": measurement.bound,
        "bound_value": measurement.bound_value,
        "precision": _precision(measurement.precision),
    }


def _precision(precision: Precision | None) -> Payload | None:
    if precision is None:
        return None
    return {
        "documents": precision.documents,
        "tokens": precision.tokens,
        "confidence": precision.confidence,
        "looks": precision.looks,
        "design_effect": precision.design_effect,
        "effective_tokens": precision.effective_tokens,
        "needed_documents": precision.needed,
    }


def _control(control: ControlReading) -> Payload:
    return {
        "name": control.name,
        "expected": control.expected,
        "reading": control.reading,
        "ok": control.ok,
    }


def bundle_payload(verdict: BundleVerdict) -> Payload:
    """Everything one bundle says about one claim: the discharge payload with contrasts and counterexample."""
    return {
        **discharge_payload(verdict),
        "digest": verdict.digest,
        "fresh": verdict.fresh,
        "contrasts": [_contrast(contrast) for contrast in verdict.contrasts],
        "counterexample": verdict.counterexample,
    }


def _contrast(contrast: Contrast) -> Payload:
    return {
        "baseline": contrast.baseline,
        "baseline_value": contrast.baseline_value,
        "difference": contrast.difference,
        "lower": contrast.lower,
        "upper": contrast.upper,
        "unit": contrast.unit,
        "outcome": contrast.outcome,
        "needed_documents": contrast.needed,
    }


def reasons_payload(reasons: Sequence[Reason]) -> list[Payload]:
    """Reasons with their codes."""
    return [{"code": reason.code, "message": reason.message} for reason in reasons]


def _findings(findings: Sequence[Finding]) -> list[Payload]:
    return [{"rule": finding.rule, "severity": finding.severity, "message": placed(finding)} for finding in findings]


def _not_judged(rules: Sequence[NotJudged]) -> list[Payload]:
    return [{"rule": one.rule, "reason": one.reason} for one in rules]


def placed(finding: Finding) -> str:
    """The message of a finding, with the file or control where it does not name it itself."""
    said = not finding.place or finding.place in finding.message
    return finding.message if said else f"{finding.message} ({finding.place})"
