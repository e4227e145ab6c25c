"""Which readings are of many states of the weights, and which of one."""

import pytest

from pv.investigation.library import of_one_state, over_steps


@pytest.mark.parametrize(
    ("name", "many", "one"),
    [
        ("train/loss mean", True, False),
        ("train/loss median", True, False),
        ("train/loss last", False, True),
        ("train/loss at 3", False, True),
        ("eval/loss last val-b", False, True),
        ("loss/final/oracle/val-b", False, True),
        ("train_loss_first", False, True),
        ("scored_unk_share", False, False),
    ],
)
def test_states(name: str, many: bool, one: bool) -> None:
    assert (over_steps(name), of_one_state(name)) == (many, one)
