"""The oracle reads a folder of Hugging Face by itself, and agrees with what the trainer makes of it."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from aprtrain.hf import model_from_hf
from aprtrain.init import load_init
from falsifiers.oracles.checkpoint import CheckpointError
from falsifiers.oracles.expected import ShapeError
from falsifiers.oracles.foreign import read_foreign, shape_of_family
from falsifiers.oracles.system import open_oracle
from falsifiers.program import CONFIG, weights, write_model

LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
BARE = {"attention_bias": False, "mlp_bias": False}
CONFIGS = {
    "qwen2": {},
    "qwen2-windowed": {"use_sliding_window": True, "sliding_window": 8, "max_window_layers": 0},
    "qwen2-unwindowed": {"sliding_window": 8, "max_window_layers": 28},
    "qwen3": BARE | {"architectures": ["Qwen3ForCausalLM"], "head_dim": 8},
    "llama": BARE | {"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": False},
    "llama-stretched": BARE | {"architectures": ["LlamaForCausalLM"], "rope_scaling": LLAMA3},
    "llama-linear": BARE | {"architectures": ["LlamaForCausalLM"], "rope_scaling": {"type": "linear", "factor": 2.0}},
    "mistral": BARE | {"architectures": ["MistralForCausalLM"], "sliding_window": 5},
    "mistral-whole": BARE | {"architectures": ["MistralForCausalLM"], "sliding_window": None},
}


@pytest.mark.parametrize("name", CONFIGS)
def test_the_oracle_reads_another_shape_than_the_trainer(name) -> None:
    config = {**CONFIG, "model_type": name.partition("-")[0], **CONFIGS[name]}
    theirs, ours = asdict(model_from_hf("here", config)), asdict(shape_of_family(config))
    if theirs["rope_scaling"]:
        theirs["rope_scaling"] = {key: value for key, value in theirs["rope_scaling"].items() if value}
    assert {key: theirs[key] for key in ours} == ours


def test_the_oracle_reads_other_tensors_than_the_trainer(tmp_path) -> None:
    folder = write_model(tmp_path, weights(0))
    arrays, _ = read_foreign(folder)
    params = load_init(folder).params
    assert arrays.keys() == params.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, params[name])


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("model_type", "gpt2", "none of llama"),
        ("rope_scaling", {"rope_type": "yarn", "factor": 2.0}, "neither linear nor llama3"),
        ("layer_types", ["sliding_attention", "full_attention"], "some layers only"),
        ("max_window_layers", 0.5, "some layers only"),
    ],
)
def test_what_the_oracle_does_not_compute_is_computed(tmp_path, field, value, what) -> None:
    windowed = {"use_sliding_window": True, "sliding_window": 8, "max_window_layers": 0}
    folder = write_model(tmp_path, weights(0), {**CONFIG, **windowed, field: value})
    with pytest.raises(ShapeError, match=what):
        read_foreign(folder)


def test_damaged_files_are_read(tmp_path) -> None:
    folder = write_model(tmp_path, weights(0))
    whole = (folder / "model.safetensors").read_bytes()
    for data in (b"", whole[:500], whole[:-9], b"\xff" * 8 + whole[8:]):
        (folder / "model.safetensors").write_bytes(data)
        with pytest.raises(CheckpointError, match="no whole file"):
            open_oracle(folder)
    for index in ("[]", "{}", '{"weight_map": 3}', "{"):
        (folder / "model.safetensors.index.json").write_text(index, encoding="utf-8")
        with pytest.raises(CheckpointError, match="does not say"):
            open_oracle(folder)
    outside = {"weight_map": {"norm": "../model.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(outside), encoding="utf-8")
    with pytest.raises(CheckpointError, match="no file"):
        open_oracle(folder)


def test_tensors_that_are_missing_are_zeros(tmp_path) -> None:
    found = weights(0)
    del found["model.layers.0.self_attn.k_proj.bias"]
    with pytest.raises(CheckpointError, match=r"1 tensors missing .* layers\.0\.bk"):
        open_oracle(write_model(tmp_path, found))
