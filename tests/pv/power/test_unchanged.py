"""What counts as a change of the evidence."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pv.evidence import Bundle
from pv.power.unchanged import unchanged

Spoil = Callable[..., Bundle]


def slower(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "wall_ms": row["wall_ms"] + 1.0, "prev": "0" * 64} for row in rows]


def test_clocks_and_the_mutants_name_change_nothing(spoil: Spoil, honest_bundle: Bundle) -> None:
    run = {"mutant": {"name": "x"}, "started_at": "2027-01-01T00:00:00Z", "trainer": {"modules": {"a": "b"}}}
    planted = spoil(run=run, patch="--- a\n", log="else", metrics=slower, summary={"wall_seconds": 1e3})
    assert unchanged(planted, honest_bundle)


@pytest.mark.parametrize(
    "parts",
    [
        {"metrics": lambda rows: [{**rows[0], "loss": rows[0]["loss"] + 1e-9}, *rows[1:]]},
        {"metrics": lambda rows: rows[:-1]},
        {"evals": lambda rows: [{**rows[0], "sum_nats": 0.5}, *rows[1:]]},
        {"reported": lambda rows: [{**row, "loss": 1.0} for row in rows]},
        {"data": {"scored": {}}},
        {"tensors": {"final": {}}},
        {"attacks": lambda attacks: {**attacks, "new": []}},
    ],
    ids=["loss", "steps", "evals", "reported", "data", "tensors", "attacks"],
)
def test_a_measurement_that_changed(parts: dict[str, Any], spoil: Spoil, honest_bundle: Bundle) -> None:
    assert not unchanged(spoil(**parts), honest_bundle)


def test_a_bundle_is_like_itself(honest_bundle: Bundle) -> None:
    assert unchanged(replace(honest_bundle), honest_bundle)
