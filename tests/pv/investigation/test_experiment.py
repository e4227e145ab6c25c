"""The command that makes a run."""

import pytest

from pv.investigation.experiment import command_of
from pv.investigation.model import Made


@pytest.mark.parametrize(
    ("how", "command"),
    [
        (Made(), "pv discharge FALSIFY-A-001 --run"),
        (Made(profile="cpu"), "pv discharge FALSIFY-A-001 --run --profile cpu"),
        (Made(profile="functions", mutant="wrong-axis"), "pv discharge FALSIFY-A-001 --run --mutant wrong-axis"),
        (
            Made(profile="micro", mutant="unk-corpus", seed=3),
            "pv discharge FALSIFY-A-001 --run --profile micro --seed 3 --mutant unk-corpus",
        ),
    ],
)
def test_a_command_says_what_is_not_the_default(how: Made, command: str) -> None:
    assert command_of("FALSIFY-A-001", how, None) == command
