"""Shapes by name are the published ones; a config.json is read whole or refused by name."""

from __future__ import annotations

import contextlib
import json
import math

import pytest

from aprtrain.config import ModelConfig, RopeScaling, parse
from aprtrain.errors import InputError
from aprtrain.hf import hf_config, model_from_hf
from aprtrain.model import expected_params
from aprtrain.shapes import SHAPES, shape

PARAMETERS = {
    "llama-370m": (373_509_120, 219),
    "llama-2-7b": (6_738_415_616, 291),
    "llama-2-13b": (13_015_864_320, 363),
    "llama-3.2-1b": (1_235_814_400, 146),
    "mistral-7b-v0.3": (7_248_023_552, 291),
    "qwen2.5-coder-0.5b": (494_032_768, 290),
    "qwen2.5-coder-1.5b": (1_543_714_304, 338),
    "qwen2.5-coder-7b": (7_615_616_512, 339),
    "qwen3-0.6b": (596_049_920, 310),
    "qwen3-1.7b": (1_720_574_976, 310),
    "qwen3-4b": (4_022_468_096, 398),
    "qwen3-8b": (8_190_735_360, 399),
}
QWEN = {
    "architectures": ["Qwen2ForCausalLM"],
    "attention_dropout": 0.0,
    "hidden_act": "silu",
    "hidden_size": 896,
    "intermediate_size": 4864,
    "max_position_embeddings": 32768,
    "max_window_layers": 24,
    "model_type": "qwen2",
    "num_attention_heads": 14,
    "num_hidden_layers": 24,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-06,
    "rope_theta": 1000000.0,
    "sliding_window": 32768,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "use_sliding_window": False,
    "vocab_size": 151936,
}
LLAMA = QWEN | {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}
MISTRAL = QWEN | {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "sliding_window": None}
QWEN3 = QWEN | {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "head_dim": 128}
BERT = {"architectures": ["BertForMaskedLM"], "model_type": "bert", "hidden_size": 768}
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 32.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}


def without(config: dict, *names: str) -> dict:
    return {name: value for name, value in config.items() if name not in names}


@pytest.mark.parametrize("name", SHAPES)
def test_a_named_shape_has_another_number_of_parameters_than_was_published(name):
    leaves = expected_params(shape(name))
    assert (sum(math.prod(leaf.shape) for leaf in leaves.values()), len(leaves)) == PARAMETERS[name]


@pytest.mark.parametrize(
    ("name", "tied"), [("qwen2.5-coder-0.5b", True), ("qwen2.5-coder-1.5b", True), ("qwen2.5-coder-7b", False)]
)
def test_a_tie_is_not_the_published_one(name, tied):
    assert shape(name).tie_word_embeddings is tied
    assert ("head" in expected_params(shape(name))) is not tied


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_does_not_survive_the_file(name, tmp_path):
    """Ours and Hugging Face's config.json both give the shape back."""
    model = shape(name)
    (tmp_path / "config.json").write_text(json.dumps({"model": model.to_json()}), encoding="utf-8")
    assert shape(str(tmp_path)) == model
    (tmp_path / "hf.json").write_text(json.dumps(hf_config(model, "float32")), encoding="utf-8")
    assert shape(str(tmp_path / "hf.json")) == model


def test_a_field_is_not_read_from_the_file():
    assert model_from_hf("f", QWEN) == SHAPES["qwen2.5-coder-0.5b"]
    rope = {"rope_theta": 1000000.0, "rope_type": "default"}
    assert model_from_hf("f", without(QWEN, "rope_theta") | {"rope_parameters": rope}) == model_from_hf("f", QWEN)
    read = model_from_hf("f", LLAMA | {"rope_scaling": LLAMA3, "head_dim": 32, "rope_theta": 7})
    assert (read.qkv_bias, read.head_dim, read.rope_theta) == (False, 32, 7.0)
    assert read.rope_scaling == SHAPES["llama-3.2-1b"].rope_scaling
    linear = model_from_hf("f", LLAMA | {"rope_scaling": {"type": "linear", "factor": 2}}).rope_scaling
    assert linear == RopeScaling(kind="linear", factor=2.0)
    assert model_from_hf("f", QWEN3).qk_norm
    assert model_from_hf("f", QWEN3).head_dim == 128
    assert model_from_hf("f", MISTRAL) == model_from_hf("f", LLAMA)


@pytest.mark.parametrize(
    "name", sorted(set(QWEN) - {"attention_dropout", "max_window_layers", "sliding_window", "torch_dtype"})
)
def test_a_missing_field_has_a_default(name):
    with pytest.raises(InputError, match=name):
        model_from_hf("f", without(QWEN, name))


@pytest.mark.parametrize(("config", "name"), [(MISTRAL, "sliding_window"), (QWEN3, "head_dim")])
def test_a_constant_of_the_library_is_assumed(config, name):
    with pytest.raises(InputError, match=rf"missing fields \['{name}'\]"):
        model_from_hf("f", without(config, name))


def test_missing_fields_are_named_one_at_a_time():
    with pytest.raises(InputError, match=r"\['vocab_size', 'hidden_size', 'rope_theta'\]"):
        model_from_hf("f", without(QWEN, "rope_theta", "hidden_size", "vocab_size"))


@pytest.mark.parametrize(
    ("config", "what"),
    [
        (BERT, "family 'bert' with class BertForMaskedLM"),
        (BERT | {"architectures": ["RobertaForMaskedLM"], "model_type": "roberta"}, "family 'roberta'"),
        (BERT | {"architectures": ["T5ForConditionalGeneration"], "model_type": "t5"}, "family 't5'"),
        (without(BERT, "architectures"), "family 'bert' with class none"),
        (QWEN | {"architectures": ["Qwen2ForSequenceClassification"]}, "Qwen2ForSequenceClassification"),
        (QWEN | {"model_type": "qwen2_moe"}, "qwen2_moe"),
    ],
)
def test_an_encoder_is_trained(config, what):
    with pytest.raises(InputError, match=r"config\.json: FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-007: ") as caught:
        model_from_hf("config.json", config)
    assert what in str(caught.value)
    assert "decoder-only" in str(caught.value)
    assert "qwen2 (Qwen2ForCausalLM)" in str(caught.value)


@pytest.mark.parametrize("config", [QWEN, LLAMA, MISTRAL, QWEN3])
def test_a_decoder_is_refused(config):
    assert isinstance(model_from_hf("f", config), ModelConfig)


@pytest.mark.parametrize(
    ("config", "what"),
    [
        (
            LLAMA | {"rope_scaling": {"type": "yarn", "factor": 4.0}},
            "rope_scaling.kind='yarn': Input should be 'linear' or 'llama3'",
        ),
        (LLAMA | {"rope_scaling": {"rope_type": "dynamic", "factor": 4.0}}, "rope_scaling.kind='dynamic'"),
        (LLAMA | {"rope_scaling": {"factor": 4.0}}, "rope_scaling.kind=None"),
        (LLAMA | {"rope_scaling": without(LLAMA3, "factor")}, "missing fields ['rope_scaling.factor']"),
        (LLAMA | {"rope_scaling": LLAMA3 | {"beta_fast": 1}}, "unknown fields ['rope_scaling.beta_fast']"),
        (LLAMA | {"rope_parameters": LLAMA3 | {"rope_theta": 5.0}}, "rope_theta=1000000.0 here and 5.0"),
        (QWEN | {"use_sliding_window": True, "sliding_window": 8, "max_window_layers": 3}, "one window for all layers"),
        (QWEN | {"layer_types": ["full_attention", "sliding_attention"], "sliding_window": 8}, "sliding_window=8"),
        (QWEN | {"layer_types": ["chunked_attention"], "sliding_window": 8}, "layers of ['chunked_attention']"),
        (MISTRAL | {"sliding_window": "wide"}, "sliding_window='wide'"),
        (MISTRAL | {"sliding_window": 0}, "sliding_window=0"),
        (without(QWEN, "max_window_layers") | {"use_sliding_window": True}, "max_window_layers='missing' is no int"),
        (without(QWEN, "use_sliding_window"), "use_sliding_window is missing"),
        (LLAMA | {"attention_bias": True}, "attention_bias=True"),
        (LLAMA | {"mlp_bias": True}, "mlp_bias=True"),
        (LLAMA | {"hidden_act": "gelu"}, "hidden_act='gelu'"),
        (LLAMA | {"partial_rotary_factor": 0.5}, "partial_rotary_factor=0.5"),
        (LLAMA | {"quantization_config": {"bits": 4}}, "quantization_config"),
        (
            LLAMA | {"vocab_size": "many", "num_hidden_layers": True},
            "vocab_size='many': Input should be a valid integer",
        ),
        (LLAMA | {"num_hidden_layers": True}, "num_hidden_layers=True: Input should be a valid integer"),
        (LLAMA | {"num_attention_heads": 13}, "no multiple of num_attention_heads=13"),
        (LLAMA | {"num_key_value_heads": 3}, "no multiple of num_kv_heads=3"),
    ],
)
def test_arithmetic_beyond_ours_is_ignored(config, what):
    with pytest.raises(InputError) as caught:
        model_from_hf("f", config)
    assert what in str(caught.value)


@pytest.mark.parametrize(
    "config",
    [
        MISTRAL | {"sliding_window": 32768},
        MISTRAL | {"sliding_window": 4096, "max_position_embeddings": 4096},
        QWEN | {"use_sliding_window": True, "sliding_window": 8, "max_window_layers": 24},
        QWEN | {"layer_types": ["full_attention"] * 24, "sliding_window": 8},
        LLAMA | {"attention_bias": False, "mlp_bias": False, "partial_rotary_factor": 1.0},
        LLAMA | {"rope_parameters": LLAMA3 | {"rope_theta": 1000000.0}},
        LLAMA | {"rope_scaling": None, "head_dim": None},
    ],
)
def test_what_changes_nothing_is_refused(config):
    model_from_hf("f", config)


@pytest.mark.parametrize(
    "value", [None, "x", [], {}, [3], {"a": 1}, -1, 0, 1.5, True, 10**400, float("nan"), float("inf")]
)
def test_a_value_that_is_none_ends_in_a_traceback(value):
    """Any JSON value in the place of any field makes a shape or an InputError."""
    for config in (QWEN, LLAMA | {"rope_scaling": LLAMA3}, MISTRAL, QWEN3):
        for name in [*config, "rope_parameters", "layer_types", "rope_scaling", "head_dim"]:
            with contextlib.suppress(InputError):
                model_from_hf("f", config | {name: value})
        for name in LLAMA3:
            with contextlib.suppress(InputError):
                model_from_hf("f", config | {"rope_scaling": LLAMA3 | {name: value}})


@pytest.mark.parametrize(
    "config",
    [
        MISTRAL | {"sliding_window": 4096},
        QWEN | {"use_sliding_window": True, "sliding_window": 4096, "max_window_layers": 0},
        QWEN3 | {"layer_types": ["sliding_attention"] * 24, "sliding_window": 4096},
    ],
)
def test_a_window_of_every_layer_is_lost(config):
    model = model_from_hf("f", config)
    assert model.sliding_window == 4096
    assert model_from_hf("f", hf_config(model, "float32")) == model


def test_an_unknown_shape_is_guessed():
    with pytest.raises(InputError, match=r"shape 'gpt-5': is unknown(.|\n)*llama-370m"):
        shape("gpt-5")


def test_a_scaling_without_its_numbers_is_taken():
    for kind, low in (("yarn", 0.0), ("linear", 1.0), ("llama3", 0.0)):
        with pytest.raises(InputError, match="rope_scaling"):
            parse(RopeScaling, "rope_scaling", {"kind": kind, "factor": 2.0, "low_freq_factor": low})
    with pytest.raises(InputError, match=r"missing fields \['qk_norm', 'rope_scaling', 'sliding_window'\]"):
        ModelConfig.from_json("f", without(SHAPES["qwen3-8b"].to_json(), "qk_norm", "rope_scaling", "sliding_window"))
