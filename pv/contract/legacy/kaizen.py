"""The rules KAIZEN-001 to KAIZEN-006 for records of an improvement."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pv.contract.legacy.source import Source
from pv.contract.problem import Problem, did_you_mean

_STATUSES: Final = ("draft", "implemented", "implementing", "pending", "planned")
_COSTS: Final = ("alloc", "bytes", "churn", "launch", "overhead", "sync", "wasted", "_us", "_ms")
_QUANTITY: Final = re.compile(r"(?:<=|>=|[<>~])?\s*([-\d._]+)\s*(?:%|\+|x|[KMG]i?B|B|ms|us|s)?")


def rules(source: Source) -> Iterator[Problem]:
    """Every rule for a record whose kind is kaizen."""
    data = source.data
    if not isinstance(data.get("contract"), str) or not data["contract"]:
        what = "an improvement is recorded without the `contract` id that others know it by"
        yield source.error("KAIZEN-001", ("contract",), what, "add `contract:`")
    status = data.get("status")
    if not isinstance(status, str) or status.strip() not in _STATUSES:
        what = f"status must be one of {', '.join(_STATUSES)}, not {str(status)[:60]}"
        yield source.error("KAIZEN-002", ("status",), what, did_you_mean(str(status), _STATUSES))
    pair = _pair(data)
    asserted = ("invariants", "proof_obligations", "falsification_tests")
    if pair is None and not any(data.get(key) for key in asserted):
        what = "the record says nothing that could turn out false"
        yield source.error("KAIZEN-003", (), what, "add baseline and target, or a test")
    yield from _shape(source)
    if pair is not None:
        yield from _moves(source, pair)


def _pair(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """What was measured before and after."""
    baseline, target = data.get("baseline"), data.get("target")
    if not isinstance(baseline, dict):
        return None
    before, after = baseline.get("before"), baseline.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        return before, after
    return (baseline, target) if isinstance(target, dict) else None


def _shape(source: Source) -> Iterator[Problem]:
    baseline, target = source.data.get("baseline"), source.data.get("target")
    if target is None:
        return
    if not isinstance(target, dict) or not isinstance(baseline, dict):
        what = "baseline and target must both be mappings of metric to value"
        yield source.error("KAIZEN-004", ("target",), what, "write both so that they can be compared")
    elif not set(baseline) & set(target):
        what = "baseline and target have no metric in common"
        yield source.error("KAIZEN-004", ("target",), what, "measure the same thing before and after")


def _moves(source: Source, pair: tuple[Mapping[str, Any], Mapping[str, Any]]) -> Iterator[Problem]:
    before, after = pair
    shared = {key: (_quantity(before[key]), _quantity(after[key])) for key in before if key in after}
    metrics = {key: (a, b) for key, (a, b) in shared.items() if a is not None and b is not None}
    if all(a == b for a, b in metrics.values()):
        what = "no metric moves between baseline and target" if metrics else "no metric is a number before and after"
        yield source.error("KAIZEN-005", ("target",), what, "record what was measured")
    costs = [(a, b) for key, (a, b) in metrics.items() if any(part in key.lower() for part in _COSTS)]
    if costs and all(b >= a for a, b in costs) and any(b > a for a, b in costs):
        what = "every cost that is measured rises: baseline and target may be the wrong way round"
        yield source.error("KAIZEN-006", ("target",), what, "exchange them, or record what was gained")


def _quantity(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    match = _QUANTITY.fullmatch(str(value).strip()) if isinstance(value, str) else None
    text = match.group(1).replace("_", "") if match else str(value)
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
