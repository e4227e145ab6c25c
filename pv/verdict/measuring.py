"""The claim's number, its interval, its contrasts and its counterexample, from one bundle."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pv.contract import Claim, evaluate
from pv.errors import BindingError, ContractError
from pv.evidence import Bundle, Quantity, Row, measure
from pv.evidence.fields import part, reading
from pv.methodology import FEWEST_CLUSTERS, Case, Cluster, clustered, design_effect, law_tolerance, paired
from pv.verdict.model import Contrast, Measurement, Precision

OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


TABLE: Final = "loss/unigram/table/val-b"
"""The reading whose single tokens are known, from the histogram."""


def holds(value: float, op: str, bound: float) -> bool:
    """Whether a number meets its bound; NaN meets none."""
    return OPERATORS[op](value, bound)


def outcome(measurement: Measurement) -> str:
    """Return `clear` where the whole interval meets the bound, `wrong` where nothing does, else `straddles`.

    NaN is wrong whatever the bound.
    """
    low, high, op, bound = measurement.lower, measurement.upper, measurement.op, measurement.bound_value
    if math.isnan(measurement.value):
        return "wrong"
    if op == "==":
        inside = low <= bound <= high
        return "clear" if low == high == bound else "straddles" if inside else "wrong"
    best, worst = (low, high) if op in {"<", "<="} else (high, low)
    if holds(worst, op, bound):
        return "clear"
    return "straddles" if holds(best, op, bound) else "wrong"


def measured(claim: Claim, bundle: Bundle, known: Mapping[str, Quantity]) -> tuple[Quantity | None, str]:
    """Return the claim's quantity, or None and why there is none.

    Args:
        claim: What is claimed.
        bundle: Where to look.
        known: The bundle's quantities, with those that follow from them.
    """
    if claim.measure is None:
        return None, "the claim measures nothing"
    wanted = claim.measure
    try:
        found = measure(bundle, wanted.series, wanted.reduce, wanted.split or None, wanted.index, known=known)
    except BindingError as error:
        return None, error.what
    return found, "" if found else f"the bundle does not hold {wanted.series} {wanted.reduce}"


def resolved_bound(claim: Claim, quantities: Mapping[str, Quantity]) -> tuple[float | None, str]:
    """Return the value of the claim's bound, or None and why it has none."""
    if claim.bound is None or claim.measure is None or claim.op is None:
        return None, "the claim has no bound"
    known = {
        name: (quantity.value, quantity.unit)
        for name, quantity in quantities.items()
        if name.isidentifier() and math.isfinite(quantity.value)
    }
    try:
        return evaluate(claim.bound, known, unit=claim.measure.unit)[0], ""
    except ContractError as error:
        return None, f"the bound {claim.bound} has no value: {error.what}"


def looks_of(claim: Claim, bundle: Bundle) -> int:
    """Return how often a run looked at the split that the claim is measured on; at least once."""
    split = claim.measure.split if claim.measure else ""
    return max(1, len([row for row in bundle.reported if row.get("split") == (split or "val-b")]))


def weighed(case: Case) -> Measurement | None:
    """Return the claim's quantity with its interval beside its bound; None where either is missing."""
    quantity, claim, bound = case.measured, case.claim, case.bound
    if quantity is None or bound is None or claim.op is None:
        return None
    low = high = quantity.value
    if quantity.clusters:
        estimate = clustered(quantity.clusters)
        low, high = estimate.lower(case.confidence), estimate.upper(case.confidence)
    found = Measurement(
        quantity=quantity.name,
        value=quantity.value,
        unit=quantity.unit,
        lower=low,
        upper=high,
        op=claim.op,
        bound=str(claim.bound),
        bound_value=bound,
    )
    return replace(found, precision=_precision(case, found, quantity.clusters)) if quantity.clusters else found


def _precision(case: Case, found: Measurement, clusters: Sequence[Cluster]) -> Precision:
    """Return what the interval rests on; to be clear it needs enough documents for its margin and for its own error."""
    below = {"<": 1, "<=": 1, ">": -1, ">=": -1}.get(found.op, 0)
    needed = None
    if outcome(found) == "straddles":
        needed = clustered(clusters).needed(below * (found.bound_value - found.value), case.confidence)
    if len(clusters) < FEWEST_CLUSTERS:
        needed = max(needed or 0, FEWEST_CLUSTERS)
    table, deviation = case.quantities.get(TABLE), case.value("unigram_deviation")
    return Precision(
        documents=len(clusters),
        tokens=sum(tokens for _, _, tokens in clusters),
        confidence=case.confidence,
        looks=case.looks,
        design_effect=design_effect(table.clusters, deviation) if table and deviation else None,
        needed=needed,
    )


def compared(case: Case) -> tuple[Contrast, ...]:
    """Return the paired contrast with every baseline of `below` that shares documents with the claim."""
    if case.measured is None:
        return ()
    found = []
    for name in case.claim.below:
        baseline = case.quantities.get(name)
        difference = paired(case.measured.clusters, baseline.clusters) if baseline else None
        if baseline and difference:
            contrast = Contrast(
                baseline=name,
                baseline_value=baseline.value,
                difference=difference.mean,
                lower=difference.lower(case.confidence),
                upper=difference.upper(case.confidence),
                unit=baseline.unit,
            )
            straddles = contrast.outcome == "straddles"
            needed = difference.needed(-difference.mean, case.confidence) if straddles else None
            found.append(replace(contrast, needed=needed))
    return tuple(found)


def counterexample(case: Case, platform: str) -> Mapping[str, Any] | None:
    """Return what refutes the claim: the first law it rests on that a case breaks; None if all hold."""
    for row in case.attacks:
        law = str(row.get("law"))
        tolerance = law_tolerance(law, platform)
        if row.get("role") == "claim" and _broken(row, tolerance):
            found = {"law": law, "reading": row.get("worst"), "unit": row.get("unit"), "tolerance": tolerance}
            return found | dict(part(row, "counterexample"))
    return None


def _broken(row: Row, tolerance: float | None) -> bool:
    worst = reading(row.get("worst"))
    beyond = worst is not None and not (worst <= tolerance if tolerance is not None else worst < math.inf)
    return row.get("outcome") == "refuted" or beyond
