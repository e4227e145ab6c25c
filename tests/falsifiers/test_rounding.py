"""A disturbance is as large as rounding, and the same for the same seed."""

import numpy as np
import pytest

from falsifiers.rounding import STORED, UNIT, disturbance


@pytest.mark.parametrize("dtype", UNIT)
def test_a_unit_is_not_half_a_step(dtype) -> None:
    """Half the distance of 1 from the next number, so that rounding to nearest errs by no more."""
    import ml_dtypes

    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    assert UNIT[dtype] == float(ml_dtypes.finfo(kind).eps) / 2


def added(name: str, dtypes, width: int = 4, seed: int = 0) -> np.ndarray:
    alter = disturbance(seed, dtypes)
    alter("embed", np.ones((1, 1000, width)))
    x = np.full((1, 1000, 8), 3.0)
    return (alter(name, x) - x) / 3.0


@pytest.mark.parametrize(
    ("dtypes", "width", "variance"),
    [
        (("float32",), 4, (STORED + 4) * UNIT["float32"] ** 2),
        (("float32",), 400, (STORED + 400) * UNIT["float32"] ** 2),
        (("float32", "float32"), 4, 2 * (STORED + 4) * UNIT["float32"] ** 2),
        (("bfloat16",), 400, STORED * UNIT["bfloat16"] ** 2 + 400 * UNIT["float32"] ** 2),
    ],
)
def test_a_disturbance_is_of_another_size(dtypes, width, variance) -> None:
    assert np.var(added("layers.0.q", dtypes, width)) == pytest.approx(variance, rel=0.1)


def test_an_angle_is_as_exact_at_the_end_as_at_the_beginning() -> None:
    turned = added("layers.0.q_rope", ("float32",))
    size = np.sqrt(np.mean(turned**2, axis=(0, 2)))
    assert size[900:].mean() / UNIT["float32"] == pytest.approx(950, rel=0.1)
    assert size[:3].mean() < 10 * UNIT["float32"]


def test_another_seed_disturbs_the_same() -> None:
    np.testing.assert_array_equal(added("layers.0.q", ("float32",)), added("layers.0.q", ("float32",)))
    assert np.any(added("layers.0.q", ("float32",)) != added("layers.0.q", ("float32",), seed=1))
