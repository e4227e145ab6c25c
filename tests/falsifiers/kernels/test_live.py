"""The laws that a run's own operations obey: sound ones are spared in both dtypes, a planted fault is found."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from falsifiers import forward
from falsifiers.attack import attack
from falsifiers.kernels.trainer import find, model
from falsifiers.laws import (
    adamw_unmoved_share,
    compiled_kernels,
    gqa_live_parity,
    rmsnorm_live_parity,
    rope_live_parity,
    softmax_live_parity,
    swiglu_live_parity,
)
from falsifiers.oracles.attention import attention, attention_gradients
from falsifiers.subject import SystemSubject

BATCH, CONTEXT = 2, 32
OF_OPERATIONS = {
    law.LAW.name: law.LAW
    for law in (gqa_live_parity, rmsnorm_live_parity, rope_live_parity, softmax_live_parity, swiglu_live_parity)
}
OTHERS = {
    "plain": {"num_layers": 2},
    "llama": {"num_kv_heads": 4, "tie_word_embeddings": False, "rope_scaling": {"kind": "linear", "factor": 4.0}},
    "mistral": {"sliding_window": 12, "rms_norm_eps": 1e-5},
    "qwen3": {"num_kv_heads": 1, "head_dim": 16, "qk_norm": True, "qkv_bias": True},
}


def subject(dtype="float32", **fields) -> SystemSubject:
    """A small decoder whose weights are large enough to matter, and random windows."""
    config, rng = model(**fields), np.random.default_rng(0)
    params = {
        name: (rng.normal(0, 0.3, leaf.shape) + name.endswith("norm")).astype(np.float32)
        for name, leaf in sorted(find("model.expected_params")(config).items())
    }
    system = SimpleNamespace(
        model=config,
        train=find("config.TrainConfig")(batch_size=BATCH, seq_length=CONTEXT, learning_rate=1e-3),
        device=SimpleNamespace(compute_dtype=np.dtype(dtype)),
        params=params,
        context=CONTEXT,
        vocab_size=config.vocab_size,
        window=lambda step: np.random.default_rng(step).integers(0, 32, (BATCH, CONTEXT + 1), dtype=np.int32),
    )
    return SystemSubject(
        system=system,
        documents=(),
        train=np.zeros(0, np.int32),
        apart=np.zeros(0, np.int32),
        disk=params,
        init={name: leaf + np.float32(1e-3) for name, leaf in params.items()},
        config={"model": config.to_json(), "platform": "cpu"},
        tied=config.tie_word_embeddings,
        steps=60,
    )


@pytest.mark.parametrize("fields", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("name", OF_OPERATIONS)
def test_a_sound_run_is_spared(name, fields):
    row = attack(OF_OPERATIONS[name], subject(**fields), seed=0, cases=50)
    assert (row["outcome"], row["reason"], row["cases"]) == ("survived", "", 50)


@pytest.mark.parametrize("name", OF_OPERATIONS)
def test_bfloat16_is_spared_by_its_own_tolerance_and_no_other(name):
    row = attack(OF_OPERATIONS[name], subject("bfloat16"), seed=0, cases=50, bf16=True)
    assert row["outcome"] == "survived", row
    assert row["worst"] > OF_OPERATIONS[name].tolerance


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("gqa-live-parity", "gqa-tiled"),
        ("rmsnorm-live-parity", "half-precision-sum"),
        ("rope-live-parity", "undeclared-precision"),
        ("softmax-live-parity", "fallback-kernel"),
        ("swiglu-live-parity", "gate-and-up-swapped"),
    ],
)
def test_a_planted_fault_is_found(name, fault, plant):
    plant(fault)
    assert attack(OF_OPERATIONS[name], subject(), seed=0, cases=50)["outcome"] == "refuted"


def test_the_gradients_of_attention_are_the_slopes_of_its_output():
    rng = np.random.default_rng(0)
    q, k, v, cotangent = (rng.normal(size=(1, 6, heads, 4)) for heads in (4, 2, 2, 4))
    given, step = [q, k, v], 1e-6
    for place, gradient in enumerate(attention_gradients(q, k, v, cotangent, 3)):
        direction = rng.normal(size=given[place].shape)
        ends = [
            attention(*(x + sign * step * direction if i == place else x for i, x in enumerate(given)), 3)
            for sign in (1, -1)
        ]
        slope = np.sum((ends[0] - ends[1]) * cotangent) / (2 * step)
        assert slope == pytest.approx(np.sum(gradient * direction), rel=1e-7)


def test_a_nan_breaks_a_law():
    assert np.isnan(forward.deviation(np.array([1.0, np.nan]), np.ones(2)))


def test_a_step_on_a_processor_holds_no_fused_kernel_and_multiplies_in_float32():
    row = attack(compiled_kernels.LAW, subject(), seed=0, cases=50)
    assert (row["outcome"], row["worst"]) == ("survived", 0.0)


def test_a_rounding_in_the_compiled_step_is_found(plant):
    plant("undeclared-precision")
    assert attack(compiled_kernels.LAW, subject(), seed=0, cases=50)["outcome"] == "refuted"


def test_a_record_of_an_accelerator_needs_its_kernels():
    found = subject()
    claimed = dataclasses.replace(found, config=found.config | {"platform": "gpu"})
    assert attack(compiled_kernels.LAW, claimed, seed=0, cases=50)["outcome"] == "refuted"


GPU_PROGRAM = Path(__file__).with_name("gpu_step.hlo").read_text(encoding="utf-8")


def test_a_program_for_a_gpu_is_read():
    """Products by name of the call, their operands by name or with their types; kernels forward and backward."""
    assert compiled_kernels.products(GPU_PROGRAM) == ["f32", "bf16", "bf16", "bf16*f32", "bf16"]
    assert compiled_kernels.attention_kernels(GPU_PROGRAM) == ["cudnn$fmhaSoftmax", "cudnn$fmhaSoftmaxBackward"]
    assert compiled_kernels.roundings(GPU_PROGRAM, "bf16") == ["narrow.1", "reduced.1"]
    lowered = "%5:2 = stablehlo.custom_call @__cudnn$fmhaSoftmax(%1, %2) {api_version = 2 : i32} : ..."
    assert compiled_kernels.attention_kernels(lowered) == ["cudnn$fmhaSoftmax"]


def test_weights_that_moved_are_spared():
    row = attack(adamw_unmoved_share.LAW, subject(num_layers=2), seed=0, cases=50)
    assert (row["outcome"], row["cases"]) == ("survived", 50)


def test_without_an_init_nothing_is_said():
    row = attack(adamw_unmoved_share.LAW, dataclasses.replace(subject(), init={}), seed=0, cases=50)
    assert row["outcome"] == "inconclusive"
    assert "the run has no init" in row["reason"]


@pytest.mark.parametrize("how", ["stays", "sixteen-bits", "other-shape"])
def test_a_tensor_that_training_did_not_move_is_found(how):
    found = subject()
    start, end = dict(found.init), dict(found.disk)
    name = "layers.0.wq"
    match how:
        case "stays":
            end[name] = start[name]
        case "sixteen-bits":
            end[name] = (end[name].view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)
        case _:
            end[name] = end[name][:-1]
    row = attack(adamw_unmoved_share.LAW, dataclasses.replace(found, init=start, disk=end), seed=0, cases=50)
    assert (row["outcome"], row["worst"]) == ("refuted", 1.0)
