"""Differences of one claim."""

from typing import Any

import pytest

from pv.change import Direction, claim_differences
from pv.contract import Claim, Loaded, Plausible

NAME = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"


@pytest.fixture
def claim(live_contract: Loaded) -> Claim:
    assert live_contract.contract is not None
    found = live_contract.contract.claim(NAME)
    assert found is not None
    return found


def band(low: float, high: float, unit: str = "nats/token", source: str = "s") -> Plausible:
    return Plausible(low=low, high=high, unit=unit, source=source)


@pytest.mark.parametrize(
    ("change", "field", "direction"),
    [
        ({"bound": 2.2}, "bound", "tightened"),
        ({"bound": 11.0}, "bound", "loosened"),
        ({"op": "<="}, "bound", "loosened"),
        ({"op": None, "bound": None}, "bound", "loosened"),
        ({"below": ("unigram_entropy",)}, "below", "loosened"),
        ({"below": ()}, "below", "loosened"),
        ({"plausible": None}, "plausible", "loosened"),
        ({"plausible": band(1.0, 5.0)}, "plausible", "tightened"),
        ({"plausible": band(0.0, 9.0)}, "plausible", "loosened"),
        ({"plausible": band(1.0, 9.0)}, "plausible", "incomparable"),
        ({"plausible": band(0.3, 6.0)}, "plausible", "reworded"),
        ({"plausible": band(0.3, 6.0, "bits/token")}, "plausible", "incomparable"),
        ({"confidence": 0.9}, "confidence", "loosened"),
        ({"confidence": 0.99}, "confidence", "tightened"),
        ({"seeds": 3}, "seeds", "tightened"),
        ({"controls": ""}, "controls", "loosened"),
        ({"controls": "other"}, "controls", "incomparable"),
        ({"counter_example_classes": ()}, "counter_example_classes", "loosened"),
        ({"requires": "integration"}, "requires", "loosened"),
        ({"requires": None}, "requires", "loosened"),
        ({"planned": True}, "planned", "loosened"),
        ({"ship_blocking": False}, "ship_blocking", "loosened"),
        ({"discharged_by": "x/005"}, "discharged_by", "tightened"),
        ({"measure": None}, "measure", "loosened"),
        ({"rule": "other words"}, "rule", "reworded"),
        ({"id": "FALSIFY-NEW"}, "id", "reworded"),
    ],
)
def test_one_field(claim: Claim, change: dict[str, Any], field: str, direction: str) -> None:
    after = claim.model_copy(update=change)
    (found,) = claim_differences(claim, after)
    assert (found.field, found.direction) == (field, direction)
    assert found.subject == after.id


def test_equal_claims_that_differ(claim: Claim) -> None:
    assert claim_differences(claim, claim) == ()


def test_a_tighter_number_of_another_quantity(claim: Claim) -> None:
    """A smaller bound on something else is no stricter demand."""
    assert claim.measure is not None
    other = claim.measure.model_copy(update={"unit": "bits/token"})
    found = claim_differences(claim, claim.model_copy(update={"measure": other, "bound": 2.2}))
    assert {one.field: one.direction for one in found} == {
        "measure": Direction.INCOMPARABLE,
        "bound": Direction.INCOMPARABLE,
    }
