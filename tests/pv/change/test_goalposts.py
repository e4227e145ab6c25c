"""Demands that were stricter when evidence was made."""

from collections.abc import Callable
from typing import Any

from pv.change import moved_goalposts
from pv.contract import Contract, Loaded
from pv.evidence import Bundle

NAME = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"


def loosened(live_contract: Loaded, **change: Any) -> Contract:
    assert live_contract.contract is not None
    claims = tuple(one.model_copy(update=change) if one.id == NAME else one for one in live_contract.contract.claims)
    return live_contract.contract.model_copy(update={"falsification_tests": claims})


def locked(spoil: Callable[..., Bundle], **row: Any) -> Bundle:
    return spoil(lock={"claims": [{"id": NAME, "op": "<", "bound": 2.2, "requires": "live", **row}]})


def test_a_bound_that_moved(live_contract: Loaded, spoil: Callable[..., Bundle]) -> None:
    bundle = locked(spoil)
    (moved,) = moved_goalposts(loosened(live_contract), [bundle])
    assert (moved.difference.before, moved.difference.after) == ("< 2.2", "< 9.38")
    assert moved.bundle == bundle.path.name


def test_a_level_that_moved(live_contract: Loaded, spoil: Callable[..., Bundle]) -> None:
    (moved,) = moved_goalposts(loosened(live_contract, bound=2.2, requires="integration"), [locked(spoil)])
    assert moved.difference.field == "requires"


def test_what_did_not_move(live_contract: Loaded, spoil: Callable[..., Bundle]) -> None:
    """Tightened, under a mutant, or locked with something that is no demand."""
    assert moved_goalposts(loosened(live_contract, bound=1.0), [locked(spoil)]) == ()
    planted = spoil(lock=dict(locked(spoil).lock), run={"mutant": {"name": "x", "patch": "mutant.patch"}})
    assert moved_goalposts(loosened(live_contract), [planted]) == ()
    for row in ({"op": "!="}, {"bound": None}, {"bound": [1]}):
        assert moved_goalposts(loosened(live_contract), [locked(spoil, **row, requires=["live"])]) == ()


def test_the_same_twice(live_contract: Loaded, spoil: Callable[..., Bundle]) -> None:
    assert len(moved_goalposts(loosened(live_contract), [locked(spoil), locked(spoil)])) == 1
