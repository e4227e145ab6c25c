"""The laws of the kernels: pages whole, the trainer spared, each declared fault refuted."""

import pytest

from falsifiers.attack import attack
from falsifiers.index import PATH
from falsifiers.kernels import sampled_softmax
from falsifiers.kernels.registry import KERNELS
from falsifiers.law import PAGE_HEADINGS
from pv.contract import load_all

FOLDER = PATH.parents[1] / "contracts" / "kernels"
CLAIMS = {claim.id: claim for file in load_all([FOLDER]).files if file.contract for claim in file.contract.claims}
SAMPLE = (
    *("FALSIFY-SOFTMAX-006", "FALSIFY-RMSNORM-005", "FALSIFY-ROPE-002", "FALSIFY-ROPE-005", "FALSIFY-GQA-002"),
    *("FALSIFY-GQA-003", "FALSIFY-SWIGLU-004", "FALSIFY-CROSS-ENTROPY-004", "FALSIFY-CROSS-ENTROPY-007"),
    *("FALSIFY-ADAMW-003", "FALSIFY-TIED-EMBEDDINGS-001", "FALSIFY-RMSNORM-003", "FALSIFY-ROPE-006"),
)
"""Laws that are tried here, the quick ones of each contract; `make evidence` tries them all."""

PAIRS = [(claim, mutant) for claim in SAMPLE for mutant in CLAIMS[claim].counter_example_classes]


def tried(claim: str) -> dict[str, object]:
    [law] = KERNELS[claim].FALSIFIER.laws
    return attack(law, None, seed=0, cases=50)


@pytest.mark.parametrize("claim", KERNELS)
def test_a_page_that_lacks_a_heading(claim: str) -> None:
    page = KERNELS[claim].FALSIFIER.laws[0].page
    assert [heading for heading in PAGE_HEADINGS if f"\n{heading}: " not in page] == []


@pytest.mark.parametrize("claim", KERNELS)
def test_a_law_that_is_not_what_its_claim_measures(claim: str) -> None:
    [law] = KERNELS[claim].FALSIFIER.laws
    measured = CLAIMS[claim].measure
    assert measured is not None
    assert (measured.series, measured.unit, CLAIMS[claim].bound) == (f"attack/{law.name}", law.unit, law.tolerance)


@pytest.mark.parametrize("mutant", ["", "noise-reused"])
def test_draws_that_are_independent_and_draws_with_the_noise_of_the_last(mutant: str, plant) -> None:
    if mutant:
        plant(mutant)
    [law] = sampled_softmax.FALSIFIER.laws
    sampled_softmax._model.cache_clear()
    found = law.reading(None, sampled_softmax.Case(temperature=1.0, seed=3))
    assert found > 5 * law.tolerance if mutant else found < law.tolerance / 2


@pytest.mark.parametrize("claim", SAMPLE)
def test_a_law_that_strikes_the_innocent(claim: str) -> None:
    row = tried(claim)
    assert row["outcome"] == "survived", row


@pytest.mark.parametrize(("claim", "mutant"), PAIRS)
def test_a_planted_fault_that_survives(claim: str, mutant: str, plant) -> None:
    plant(mutant)
    row = tried(claim)
    assert row["outcome"] == "refuted", row
