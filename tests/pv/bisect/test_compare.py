"""Like is compared with like, and a distance is that of the values."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.bisect.compare import Gap, Trace, budgets, comparable, compared, distance, tokens_digest
from pv.errors import UsageError

DRAW = np.random.default_rng(0)
ONE = Trace(
    tokens=tokens_digest([1, 2, 3]),
    positions=(0, 3),
    dtype="float32",
    platform="cpu",
    counts=(12, 12),
    values={name: DRAW.normal(size=(1, 3, 4)) for name in ("embed", "norm")},
)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"tokens": tokens_digest([1, 2, 4])}, "tokens [0-9a-f]{16} in A"),
        ({"positions": (2, 3)}, "positions 0:3 in A, positions 2:3 in B"),
        ({"values": {"embed": ONE.values["embed"]}, "counts": (12,)}, "norm .* in A, no more operations in B"),
        ({"values": {"norm": ONE.values["norm"], "embed": ONE.values["embed"]}}, "embed of .* in A, norm of .* in B"),
        (
            {"values": {name: x[:, -1:] for name, x in ONE.values.items()}},
            r"embed of shape \[1, 3, 4\] .* shape \[1, 1, 4\]",
        ),
        ({"counts": (12, 9)}, "norm .* 12 values in A, norm .* 9 values in B"),
    ],
)
def test_a_statistic_over_another_selection_is_compared(change, what) -> None:
    """The last token against all of them once gave 18.23 where 1.245 was true."""
    with pytest.raises(UsageError, match=f"not comparable: {what}"):
        compared(ONE, replace(ONE, **change), [1.0, 1.0])
    comparable(ONE, replace(ONE, dtype="float64", platform="gpu"))


def test_a_divergence_is_put_elsewhere() -> None:
    moved = ONE.values["norm"].copy()
    moved[:, 1:] += 1e-3
    found = replace(ONE, positions=(4, 7), values=ONE.values | {"norm": moved})
    embed, norm = compared(found, replace(ONE, positions=(4, 7)), [1e-6, 1e-6])
    assert (embed.diverges, embed.positions, embed.share) == (False, (), 0.0)
    assert (norm.diverges, norm.positions) == (True, (5, 6))
    assert norm.distance == distance(moved, ONE.values["norm"])
    assert norm.share == norm.distance / 1e-6


def test_a_budget_is_not_the_farthest_of_the_disturbed() -> None:
    disturbed = [replace(ONE, values={name: x * factor for name, x in ONE.values.items()}) for factor in (1.25, 0.5)]
    assert budgets(ONE, disturbed) == (0.5, 0.5)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_value_that_is_not_finite_passes(bad) -> None:
    spoilt = ONE.values["embed"].copy()
    spoilt[0, 2, 1] = bad
    gap, _ = compared(replace(ONE, values=ONE.values | {"embed": spoilt}), ONE, [1.0, 1.0])
    assert gap.diverges
    assert gap.positions == (2,)
    assert not gap.share <= 1


def test_nothing_is_far_from_nothing() -> None:
    zero = np.zeros((1, 2))
    assert distance(zero, zero) == 0
    assert distance(zero + 1, zero) == math.inf
    assert Gap(name="x", distance=0.0, budget=0.0).share == 0
    assert Gap(name="x", distance=1.0, budget=0.0).share == math.inf


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_a_unit_changes_a_distance(scale, apart) -> None:
    x, y = ONE.values["embed"], ONE.values["norm"]
    wanted = apart * float(np.linalg.norm(y) / np.linalg.norm(x))
    assert distance(scale * (x + apart * y), scale * x) == pytest.approx(wanted, rel=1e-4)
