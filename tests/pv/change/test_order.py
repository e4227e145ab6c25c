"""Which of two demands asks for more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.change import Direction
from pv.change.model import reversed_order
from pv.change.order import of_bounds, of_sets

OPERATORS = st.sampled_from(["<", "<=", ">", ">=", "=="])
BOUNDS = st.one_of(st.sampled_from([0, 1, 1.0, "2 - 1", "ln(10)"]), st.floats(-5, 5))
ACCEPTS = {
    "<": lambda reading, bound: reading < bound,
    "<=": lambda reading, bound: reading <= bound,
    ">": lambda reading, bound: reading > bound,
    ">=": lambda reading, bound: reading >= bound,
    "==": lambda reading, bound: reading == bound,
}


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        (("<", 9.38), ("<", 2.2), "tightened"),
        (("<", 2.2), ("<", 9.38), "loosened"),
        ((">", 0.9), (">", 0.8), "loosened"),
        ((">=", 0.8), (">=", 0.9), "tightened"),
        (("<=", 1), ("<", 1), "tightened"),
        (("<", 1), ("<=", 1), "loosened"),
        (("==", 0), ("==", 1), "incomparable"),
        (("==", 0), ("<=", 0), "loosened"),
        (("<", 1), (">", 1), "incomparable"),
        (("<", "2 * 3"), ("<", 6), None),
        (("<", "0.7 * ln(vocab_size)"), ("<", "0.7*ln( vocab_size )"), None),
        (("<=", "0.7 * ln(vocab_size)"), ("<", "0.7 * ln(vocab_size)"), "tightened"),
        (("<", "0.7 * ln(vocab_size)"), ("<", "0.8 * ln(vocab_size)"), "incomparable"),
        (("<", "0.7 * ln(vocab_size)"), ("<", 7), "incomparable"),
        (("<", "1 +"), ("<", 1), "incomparable"),
    ],
)
def test_bounds(before: tuple, after: tuple, direction: str | None) -> None:
    assert of_bounds(before, after) == direction


@given(old_op=OPERATORS, old=BOUNDS, new_op=OPERATORS, new=BOUNDS)
def test_a_direction_that_differs_backwards(old_op: str, old: float, new_op: str, new: float) -> None:
    there, back = of_bounds((old_op, old), (new_op, new)), of_bounds((new_op, new), (old_op, old))
    assert back == reversed_order(there)


@given(op=OPERATORS, old=st.floats(-5, 5), new_op=OPERATORS, new=st.floats(-5, 5), reading=st.floats(-9, 9))
def test_a_tightened_bound_that_accepts_more(op: str, old: float, new_op: str, new: float, reading: float) -> None:
    readings = (reading, old, new)
    if of_bounds((op, old), (new_op, new)) is Direction.TIGHTENED:
        assert all(ACCEPTS[op](one, old) for one in readings if ACCEPTS[new_op](one, new))


def test_sets() -> None:
    assert of_sets(("a",), ("a", "b")) is Direction.TIGHTENED
    assert of_sets(("a", "b"), ("b",)) is Direction.LOOSENED
    assert of_sets(("a",), ("b",)) is Direction.INCOMPARABLE
    assert of_sets(("a", "b"), ("b", "a")) is None
