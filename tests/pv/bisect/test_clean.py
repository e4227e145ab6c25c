"""Two sound systems part at no operation, on fifty random inputs."""

import itertools

import pytest

from aprtrain.system import open_system
from falsifiers.rounding import disturbance
from pv.bisect.compare import budgets, compared
from pv.bisect.inputs import drawn

FAMILIES = ("llama", "mistral", "qwen2", "qwen3")
INPUTS = drawn(50, 12, 64, seed=0)


@pytest.fixture(scope="module")
def systems(model):
    return {family: open_system(model(family), device="cpu") for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_trainer_parts_from_its_definition(family, systems, model, defined, trace_of) -> None:
    for tokens in INPUTS:
        reference, disturbed = defined(model(family), tokens)
        gaps = compared(trace_of(systems[family], tokens, dtype="float32"), reference, budgets(reference, disturbed))
        assert [gap for gap in gaps if gap.diverges] == []
        assert max(gap.share for gap in gaps) > 0.05, "a budget that nothing comes near finds nothing"


def test_sixteen_bits_part_from_float32(model, trace_of) -> None:
    shallow = [open_system(model(family, num_hidden_layers=1), device="cpu") for family in FAMILIES]
    for system, tokens in zip(itertools.cycle(shallow), INPUTS, strict=False):
        reference = trace_of(system, tokens, dtype="float32")
        added = [disturbance(seed, ("bfloat16", "float32")) for seed in range(3)]
        disturbed = [trace_of(system, tokens, dtype="float32", alter=alter) for alter in added]
        gaps = compared(trace_of(system, tokens, dtype="bfloat16"), reference, budgets(reference, disturbed))
        assert [gap for gap in gaps if gap.diverges] == []
        assert max(gap.share for gap in gaps) > 0.05
