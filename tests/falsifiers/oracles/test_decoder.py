import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from fake_trainer import SHAPE, draw

from falsifiers.oracles.decoder import as_float64, cross_entropy, gated, logits, token_nats
from falsifiers.oracles.expected import ShapeError, expected_arrays, shape_of
from falsifiers.oracles.windows import cut, document_nats


def naive_logits(p, s, tokens):
    """One sequence, one position, one head at a time."""

    def norm(x, w):
        return x / np.sqrt(np.mean(x**2) + s.rms_norm_eps) * w

    def turn(x, position):
        half = len(x) // 2
        out = np.zeros_like(x)
        for i in range(half):
            angle = position * s.rope_theta ** (-2 * i / len(x))
            out[i] = x[i] * np.cos(angle) - x[i + half] * np.sin(angle)
            out[i + half] = x[i + half] * np.cos(angle) + x[i] * np.sin(angle)
        return out

    stream = [p["embed"][token] for token in tokens]
    for layer in range(s.num_layers):
        w = {n.split(".")[2]: a for n, a in p.items() if n.startswith(f"layers.{layer}.")}
        normed = [norm(x, w["attn_norm"]) for x in stream]

        def project(kind, h, head, w=w):
            part = slice(head * s.head_dim, (head + 1) * s.head_dim)
            return h @ w["w" + kind][:, part] + (w["b" + kind][part] if s.qkv_bias else 0)

        attended = []
        for t, h in enumerate(normed):
            heads = []
            for n in range(s.num_heads):
                kv = n // (s.num_heads // s.num_kv_heads)
                q = turn(project("q", h, n), t)
                scores = [q @ turn(project("k", normed[u], kv), u) / np.sqrt(s.head_dim) for u in range(t + 1)]
                weights = np.exp(scores - np.max(scores))
                weights /= weights.sum()
                heads.append(sum(weights[u] * project("v", normed[u], kv) for u in range(t + 1)))
            attended.append(np.concatenate(heads) @ w["wo"])
        stream = [x + a for x, a in zip(stream, attended, strict=True)]
        for t, x in enumerate(stream):
            h = norm(x, w["mlp_norm"])
            gate = h @ w["w_gate"]
            stream[t] = x + ((gate / (1 + np.exp(-gate))) * (h @ w["w_up"])) @ w["w_down"]
    head = p["embed"] if s.tie_word_embeddings else p["head"]
    return np.stack([head @ norm(x, p["norm"]) for x in stream])


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("bias", [True, False])
def test_the_oracle_is_the_definition(tied, bias):
    shape = dataclasses.replace(SHAPE, vocab_size=11, tie_word_embeddings=tied, qkv_bias=bias)
    parameters = as_float64(draw(shape, 0))
    tokens = np.random.default_rng(0).integers(0, 11, (3, 9))
    expected = np.stack([naive_logits(parameters, shape, row) for row in tokens])
    np.testing.assert_allclose(logits(parameters, shape, tokens), expected, rtol=0, atol=1e-12)
    targets = np.roll(tokens, 1)
    nats = token_nats(parameters, shape, tokens, targets)
    np.testing.assert_allclose(nats, cross_entropy(expected, targets), rtol=0, atol=1e-12)


def test_the_product_of_gate_and_up_is_the_definition_in_every_layer():
    parameters = as_float64(draw(SHAPE, 0))
    still = {name: 0 * array if name.endswith(("wo", "w_down")) else array for name, array in parameters.items()}
    tokens = np.random.default_rng(0).integers(0, SHAPE.vocab_size, (2, 5))
    x = parameters["embed"][tokens]
    h = x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + SHAPE.rms_norm_eps)
    for layer, found in enumerate(gated(still, SHAPE, tokens)):
        gate = h @ parameters[f"layers.{layer}.w_gate"]
        up = h @ parameters[f"layers.{layer}.w_up"]
        np.testing.assert_allclose(found, gate / (1 + np.exp(-gate)) * up, rtol=0, atol=1e-12)


LINEAR = {"kind": "linear", "factor": 4.0, "low_freq_factor": 0.0, "high_freq_factor": 0.0, "original_positions": 0}
LLAMA3 = {"kind": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_positions": 16}
VARIANTS = {
    "tied, biased": {"tie_word_embeddings": True, "qkv_bias": True},
    "plain": {"tie_word_embeddings": False, "qkv_bias": False},
    "normed heads": {"qk_norm": True},
    "linear scaling": {"rope_scaling": LINEAR},
    "llama3 scaling": {"rope_scaling": LLAMA3},
    "sliding window": {"sliding_window": 7},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_trainer_agrees_with_the_oracle(variant):
    model = pytest.importorskip("aprtrain.model")
    from aprtrain.config import ModelConfig

    fields = dataclasses.asdict(SHAPE) | {"vocab_size": 60, "max_positions": 40} | VARIANTS[variant]
    config, shape = ModelConfig.from_json("test", fields), shape_of(fields)
    parameters = draw(shape, 2, 0.3)
    expected = {name: leaf.shape for name, leaf in model.expected_params(config).items()}
    assert expected_arrays(shape) == expected
    tokens = np.random.default_rng(0).integers(0, 60, (2, 40)).astype(np.int32)
    found = np.asarray(model.logits(parameters, config, tokens))
    assert np.abs(found - logits(as_float64(parameters), shape, tokens)).max() <= 1e-4


@pytest.mark.parametrize("variant", ["normed heads", "linear scaling", "llama3 scaling", "sliding window"])
def test_a_variant_changes_the_logits(variant):
    fields = dataclasses.asdict(SHAPE) | VARIANTS[variant]
    parameters = as_float64(draw(shape_of(fields), 2, 0.3))
    tokens = np.random.default_rng(0).integers(0, 60, (1, 20))
    plain = logits(parameters, SHAPE, tokens)
    assert np.abs(logits(parameters, shape_of(fields), tokens) - plain).max() > 1e-2


def test_a_scaling_that_is_not_known_is_refused():
    with pytest.raises(ShapeError, match="yarn"):
        shape_of(dataclasses.asdict(SHAPE) | {"rope_scaling": {"kind": "yarn", "factor": 2.0}})


def test_a_configuration_without_a_field_is_refused():
    fields = dataclasses.asdict(SHAPE)
    del fields["rope_theta"]
    with pytest.raises(ShapeError, match="rope_theta"):
        shape_of(fields)


def test_constant_logits_cost_ln_v():
    parameters = {name: np.zeros_like(a) for name, a in as_float64(draw(SHAPE, 0)).items()}
    tokens = np.zeros((2, 5), int)
    np.testing.assert_allclose(token_nats(parameters, SHAPE, tokens, tokens), np.log(258), atol=1e-12)


def test_a_document_is_cut_into_windows_that_start_anew():
    sequences = [np.arange(8), np.arange(5), np.arange(4)]
    windows = cut(sequences, context=4)
    assert windows.inputs.tolist() == [[0, 1, 2, 3], [4, 5, 6, 0], [0, 1, 2, 3], [0, 1, 2, 0]]
    assert windows.targets.tolist() == [[1, 2, 3, 4], [5, 6, 7, 0], [1, 2, 3, 4], [1, 2, 3, 0]]
    assert windows.weights.sum(axis=1).tolist() == [4, 3, 4, 3]
    assert windows.owner.tolist() == [0, 0, 1, 2]
    parameters = as_float64(draw(SHAPE, 0))
    found = document_nats(parameters, SHAPE, sequences, context=4)
    alone = token_nats(parameters, SHAPE, np.array([[4, 5, 6]]), np.array([[5, 6, 7]])).sum()
    alone += token_nats(parameters, SHAPE, np.array([[0, 1, 2, 3]]), np.array([[1, 2, 3, 4]])).sum()
    assert found[0] == (pytest.approx(alone, abs=1e-10), 7)
    assert [count for _, count in found] == [7, 4, 3]


def test_oracles_run_with_jax_blocked():
    code = (
        "from falsifiers.oracle_judge import block; block();"
        "import falsifiers.oracles.decoder, falsifiers.oracles.windows, falsifiers.oracles.tables,"
        " falsifiers.oracles.shards, falsifiers.oracles.overlap, falsifiers.readings.oracle,"
        " falsifiers.readings.data, falsifiers.readings.tensors, tensorstore, tokenizers, hypothesis, sys;"
        "assert sys.modules['jax'] is None;"
        "assert not [m for m in sys.modules if m.partition('.')[0] in ('jaxlib', 'flax', 'aprtrain')]\n"
        "try:\n    import aprtrain\nexcept ModuleNotFoundError as e:\n    print('refused', e.name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "refused aprtrain\n"
