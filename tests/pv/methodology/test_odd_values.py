"""What strangers write into a bundle is judged, never tripped over."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pv.evidence import Bundle
from pv.evidence.read import COMPULSORY
from pv.evidence.shape import shape_faults
from pv.methodology import Case, audit

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "NaN", "-Infinity", "gpu", "9" * 40, "2026-13-45", "0001-01-01T00:00:00+14:00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "step"]), inner, max_size=2),
    max_leaves=4,
)
PARTS = ("lock", "run", "data", "tensors", "summary", "epochs", "reported", "metrics", "evals", "attacks", "imports")


SHALLOWEST = {"epochs": 2, "reported": 2, "metrics": 2, "evals": 2, "attacks": 3, "imports": 2}
"""Steps into a part that lead to a field: the reader refuses rows that are no objects."""


def places(part: Any, depth: int = 4) -> list[tuple[Any, ...]]:
    """Every path into a part; of long lists and mappings the first two entries."""
    found: list[tuple[Any, ...]] = []
    entries = list(part.items()) if isinstance(part, dict) else list(enumerate(part)) if isinstance(part, list) else []
    chosen = entries if isinstance(part, dict) and len(entries) <= 40 else entries[:2]
    for key, value in chosen if depth else []:
        found += [(key,), *((key, *rest) for rest in places(value, depth - 1))]
    return found


def put(part: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = dict(part) if isinstance(part, dict) else list(part)
    changed[path[0]] = put(part[path[0]], path[1:], value)
    return changed


@pytest.mark.parametrize("number", ["002", "005"])
@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_odd_value_that_trips_a_rule(
    data: st.DataObject, number: str, case_of: Callable[..., Case], spoil: Callable[..., Bundle]
) -> None:
    """Whatever stands in one place of a bundle, every rule says something or nothing, and none fails."""
    name = data.draw(st.sampled_from(PARTS))
    value = data.draw(ODD)

    def change(part: Any) -> Any:
        fields = [path for path in places(part) if len(path) >= SHALLOWEST.get(name, 1)]
        return put(part, data.draw(st.sampled_from(fields)), value)

    bundle = spoil(**{name: change})
    refused = {fault.file for fault in shape_faults(bundle)}
    assume(not refused & set(COMPULSORY))
    audit(case_of(number, bundle))
