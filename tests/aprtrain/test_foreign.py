"""A folder of Hugging Face is taken over whole, or all that is wrong with it is said at once."""

from __future__ import annotations

import dataclasses
import json

import ml_dtypes
import numpy as np
import pytest

from aprtrain.errors import InputError
from aprtrain.hf import hf_config, hf_name, is_transposed, our_name
from aprtrain.info import describe_path
from aprtrain.init import check_model, load_init, starting_params
from aprtrain.model import expected_params, frequencies, logits
from aprtrain.pretrain import pretrain
from aprtrain.safetensors import NAME, read_file, write_file
from aprtrain.shapes import SHAPES

HEAD, EMBED, NORM = "lm_head.weight", "model.embed_tokens.weight", "model.norm.weight"
Q = "model.layers.0.self_attn.q_proj.weight"


@pytest.fixture
def folder(tmp_path, small_recipe):
    return written(tmp_path / "hf", small_recipe.model)


def written(path, model, dtype="float32"):
    path.mkdir()
    draw = np.random.default_rng(0)
    drawn = {name: draw.normal(0, 0.1, leaf.shape) for name, leaf in expected_params(model).items()}
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    tensors = {hf_name(name): (a.T if is_transposed(name) else a).astype(kind) for name, a in drawn.items()}
    write_file(path / NAME, tensors)
    (path / "config.json").write_text(json.dumps(hf_config(model, dtype)), encoding="utf-8")
    return path


def rewrite(folder, change):
    tensors = {name: np.array(array) for name, array in read_file(folder / NAME).items()}
    change(tensors)
    write_file(folder / NAME, tensors)
    return folder


def start(folder):
    init = load_init(folder)
    check_model(init, init.model)
    return starting_params(init.model, 0, init)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("name", ["qwen2.5-coder-0.5b", "qwen2.5-coder-7b", "qwen3-8b", "llama-3.2-1b"])
def test_a_tensor_is_not_the_files(name, dtype, tmp_path):
    small = {"vocab_size": 40, "hidden_size": 16, "num_layers": 2, "num_heads": 4, "num_kv_heads": 2}
    model = dataclasses.replace(SHAPES[name], **small, head_dim=8, intermediate_size=24)
    params, ledger = start(written(tmp_path / "hf", model, dtype))
    source = read_file(tmp_path / "hf" / NAME)
    assert set(source) == {hf_name(name) for name in params}
    for ours, leaf in params.items():
        theirs = source[hf_name(ours)]
        np.testing.assert_array_equal(leaf, (theirs.T if is_transposed(ours) else theirs).astype(np.float32))
        assert ledger["model"][ours]["filled_from"] == f"init:{hf_name(ours)}"
        assert ledger["model"][ours]["source_dtype"] == dtype
    assert all(row["consumed"] and row["dtype"] == dtype for row in ledger["source"].values())
    row = ledger["source"][EMBED]
    values = source[EMBED].astype(np.float64)
    assert (row["mean"], row["std"], row["max"]) == pytest.approx((values.mean(), values.std(), np.abs(values).max()))


@pytest.mark.parametrize("name", ["qwen2.5-coder-0.5b", "qwen2.5-coder-7b", "qwen3-8b", "llama-3.2-1b", "llama-370m"])
def test_transformers_loads_another_model(name, tmp_path):
    """Its logits are ours, and it finds every tensor in its place."""
    transformers = pytest.importorskip("transformers", reason="transformers is not installed: pip install '.[torch]'")
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install '.[torch]'")
    small = {"vocab_size": 40, "hidden_size": 16, "num_layers": 2, "num_heads": 4, "num_kv_heads": 2}
    model = dataclasses.replace(SHAPES[name], **small, head_dim=8, intermediate_size=24)
    params, _ = start(written(tmp_path / "hf", model))
    loaded, report = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "hf", output_loading_info=True)
    assert not any(report.values())
    tokens = np.random.default_rng(0).integers(0, 40, (2, 500))
    with torch.no_grad():
        theirs = loaded(torch.from_numpy(tokens)).logits.numpy()
    assert np.abs(theirs - np.asarray(logits(params, model, tokens))).max() <= 1e-4 * np.abs(theirs).max()


def test_faults_are_named_one_at_a_time(folder):
    def change(tensors):
        tensors["model.layers.0.self_attn.o_proj.bias"] = np.zeros(16, np.float32)
        tensors["embed"] = tensors[EMBED]
        tensors[NORM] = tensors[NORM][:-1]
        tensors["model.layers.0.mlp.up_proj.weight"] = tensors["model.layers.0.mlp.up_proj.weight"].T
        tensors["model.layers.1.mlp.up_proj.weight"] = tensors.pop("model.layers.0.mlp.gate_proj.weight")
        tensors[HEAD] = -tensors[EMBED]
        tensors["model.layers.0.self_attn.q_proj.bias"] = tensors["model.layers.0.self_attn.q_proj.bias"].astype("f2")

    with pytest.raises(InputError) as caught:
        start(rewrite(folder, change))
    text = str(caught.value)
    for line in (
        "file:model.layers.0.self_attn.o_proj.bias: found float32[16], not expected",
        "file:embed: found float32[270, 16], not expected",
        "norm: expected float32[16], found float32[15]",
        "layers.0.w_up: expected float32[16, 24], found float32[24, 16]",
        "layers.0.w_gate: expected float32[16, 24], not found",
        "layers.1.w_up: found float32[16, 24], not expected",
        f"{HEAD}: differs from {EMBED}, but tie_word_embeddings is true",
        "model.layers.0.self_attn.q_proj.bias: is float16, config.json says float32",
    ):
        assert line in text
    assert "8 differences" in text


@pytest.mark.parametrize("tensor", [EMBED, NORM, Q, "model.layers.0.self_attn.k_proj.bias"])
def test_a_tensor_left_out_is_drawn(tensor, folder):
    with pytest.raises(InputError, match=rf"1 differences:\s+{our_name(tensor)}: expected .*, not found"):
        start(rewrite(folder, lambda tensors: tensors.pop(tensor)))


def test_a_head_that_repeats_the_embedding_is_refused(folder):
    rewrite(folder, lambda tensors: tensors.update({HEAD: tensors[EMBED]}))
    params, ledger = start(folder)
    assert "head" not in params
    assert ledger["source"][HEAD]["consumed"]
    assert ledger["model"]["embed"]["filled_from"] == f"init:{EMBED}"
    assert any("repeats" in note for note in load_init(folder).notes)


def test_an_untied_model_without_a_head_is_filled_up(tmp_path, small_recipe):
    model = dataclasses.replace(small_recipe.model, tie_word_embeddings=False)
    folder = written(tmp_path / "untied", model)
    start(folder)
    with pytest.raises(InputError, match=f"{HEAD}: not found, but tie_word_embeddings is false"):
        start(rewrite(folder, lambda tensors: tensors.pop(HEAD)))


@pytest.mark.parametrize(("true", "label"), [("bfloat16", "float16"), ("float16", "bfloat16")])
def test_bytes_under_the_wrong_label_are_weights(true, label, tmp_path, small_recipe):
    folder = written(tmp_path / true, small_recipe.model, true)
    start(folder)
    kind = np.dtype(ml_dtypes.bfloat16 if label == "bfloat16" else np.float16)
    rewrite(folder, lambda tensors: tensors.update({name: a.view(kind) for name, a in tensors.items()}))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8")) | {"dtype": label}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(InputError, match=f"{Q}: is labelled {label}, but its bytes are those of {true} weights"):
        start(folder)


def test_a_rotary_buffer_is_refused_or_believed(folder, small_recipe):
    name = "model.layers.0.self_attn.rotary_emb.inv_freq"
    true = np.asarray(frequencies(small_recipe.model.head_dim // 2, small_recipe.model.rope_theta, None))
    _, ledger = start(rewrite(folder, lambda tensors: tensors.update({name: true})))
    assert ledger["source"][name]["consumed"] is False
    with pytest.raises(InputError, match=f"{name}: is not what rope_theta gives"):
        start(rewrite(folder, lambda tensors: tensors.update({name: true / 2})))


def test_values_that_are_not_finite_are_taken_over(folder):
    with pytest.raises(InputError, match="not finite in norm"):
        start(rewrite(folder, lambda tensors: tensors[NORM].fill(np.nan)))


def test_training_does_not_start_at_the_folder(folder, request_for, tmp_path):
    said = []
    assert pretrain(request_for(tmp_path / "run", folder), said.append, say_every=9) == "completed"
    assert "init: 14 tensors in float32, trained as float32" in said
    assert list(describe_path(folder))[-1] == "every name, shape, dtype and tie agrees with config.json"
    rewrite(folder, lambda tensors: tensors.pop(Q))
    with pytest.raises(InputError, match=r"layers\.0\.wq: expected"):
        pretrain(request_for(tmp_path / "other", folder), said.append, say_every=9)
    assert not (tmp_path / "other").exists()


def test_a_shape_by_name_is_another_models(folder, request_for, tmp_path):
    """From scratch it is built; with an init it is held against it; beside a recipe it is refused."""
    asked = dataclasses.replace(request_for(tmp_path / "run"), recipe=None, shape=str(folder / "config.json"))
    assert pretrain(asked, lambda _: None, say_every=9) == "completed"
    for changes, what in (
        ({"recipe": "finetune-micro"}, "with --recipe finetune-micro"),
        ({"shape": "llama-370m"}, "tokenizer has 270 entries, the model is made for 50257"),
        ({"shape": "llama-370m", "init": folder}, "another model than the one asked for: head_dim: 4 -> 64"),
    ):
        with pytest.raises(InputError, match=what):
            pretrain(dataclasses.replace(asked, **changes), lambda _: None, say_every=9)


def test_a_name_is_lost_on_the_way():
    for model in SHAPES.values():
        names = expected_params(dataclasses.replace(model, num_layers=11))
        assert [our_name(hf_name(name)) for name in names] == list(names)
    assert our_name("norm.weight") == "file:norm.weight"
    assert our_name("model.layers.x.mlp.up_proj.weight").startswith("file:")
    assert our_name("input_layernorm.weight").startswith("file:")
