"""The `derived/` folder of a bundle: written for people, never read to decide."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pv.errors import EvidenceError
from pv.evidence import read_json, write_json
from pv.verdict.model import BundleVerdict, Measurement

VERDICT, FINDINGS = "derived/verdict.json", "derived/findings.json"


def write_derived(bundle: Path, verdicts: Sequence[BundleVerdict]) -> None:
    """Write what a bundle says about each claim, and the findings that say why."""
    claims = {verdict.claim_id: _claim(verdict) for verdict in verdicts}
    write_json(bundle / VERDICT, {"schema_version": "1", "claims": claims})
    findings = {
        verdict.claim_id: [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
                "place": finding.place,
            }
            for finding in verdict.findings
        ]
        for verdict in verdicts
    }
    write_json(bundle / FINDINGS, {"schema_version": "1", "claims": findings})


def derived_differences(bundle: Path, verdicts: Sequence[BundleVerdict]) -> Mapping[str, str]:
    """Return claim id to how its stored verdict differs from the derived one; empty if nothing is stored."""
    try:
        stored = read_json(bundle / VERDICT)
    except EvidenceError as error:
        missing = not (bundle / VERDICT).exists()
        return {} if missing else {verdict.claim_id: error.what for verdict in verdicts}
    claims = stored.get("claims") if isinstance(stored, dict) else None
    rows = claims if isinstance(claims, dict) else {}
    return {
        verdict.claim_id: _difference(rows.get(verdict.claim_id), _claim(verdict))
        for verdict in verdicts
        if rows.get(verdict.claim_id) != _claim(verdict)
    }


def _difference(stored: Any, derived: Mapping[str, Any]) -> str:
    if not isinstance(stored, dict):
        return "nothing is stored about it"
    keys = sorted(stored.keys() | derived.keys())
    differing = [key for key in keys if stored.get(key) != derived.get(key)]
    return "; ".join(f"{key} is stored as {str(stored.get(key))[:60]}" for key in differing)


def _claim(verdict: BundleVerdict) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict.value,
        "level": verdict.level.value if verdict.level else None,
        "numerically_passed": verdict.numerically_passed,
        "measurement": _measurement(verdict.measurement),
    }


def _measurement(measurement: Measurement | None) -> dict[str, Any] | None:
    if measurement is None:
        return None
    return {
        "quantity": measurement.quantity,
        "value": _number(measurement.value),
        "unit": measurement.unit,
        "lower": _number(measurement.lower),
        "upper": _number(measurement.upper),
        "op": measurement.op,
        "bound": measurement.bound,
        "bound_value": _number(measurement.bound_value),
    }


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
