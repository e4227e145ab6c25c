"""The story's rows name faults that exist, and are caught in the evidence that is kept."""

from pathlib import Path

import pytest

from pv.contract import load_all
from tools import story

ROOT = Path(__file__).parents[2]
CLAIMS = {
    claim.id: claim for file in load_all([ROOT / "contracts"]).files if file.contract for claim in file.contract.claims
}


@pytest.mark.parametrize("row", story.ROWS, ids=lambda row: f"{row.when} {row.mutant}")
def test_a_row_whose_fault_its_claim_does_not_ask_for(row: story.Row) -> None:
    (claim,) = [claim for name, claim in CLAIMS.items() if name.endswith(row.claim)]
    assert row.mutant in claim.counter_example_classes
    assert row.first in story.STAGES
    assert story.stage_of(row.check) in story.STAGES


def test_a_fault_of_the_story_that_is_caught_late_or_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert story.main([]) == 0, capsys.readouterr().out
