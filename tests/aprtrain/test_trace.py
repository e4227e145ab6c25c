"""A trace changes nothing, leaves nothing out, and is what it was when it is read again."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import jax
import numpy as np
import pytest

from aprtrain import cli
from aprtrain.config import EvalConfig, ModelConfig, TrainConfig
from aprtrain.device import resolve
from aprtrain.errors import InputError
from aprtrain.generate import ids_of
from aprtrain.model import expected_params, logits
from aprtrain.system import AprSystem, open_system
from aprtrain.trace import listen, operations, plot, read_ids, trace
from falsifiers.oracles import decoder
from falsifiers.oracles.expected import shape_of
from falsifiers.oracles.trace import operation_names
from falsifiers.oracles.trace import operations as definition
from pv.bisect.saved import read_trace

BASE = ModelConfig(
    vocab_size=50,
    hidden_size=12,
    num_layers=3,
    num_heads=6,
    num_kv_heads=2,
    head_dim=4,
    intermediate_size=20,
    max_positions=64,
    rope_theta=100.0,
    rms_norm_eps=1e-5,
    tie_word_embeddings=True,
    qkv_bias=True,
)
SHAPES = {
    "plain": BASE,
    "normed": dataclasses.replace(BASE, qkv_bias=False, qk_norm=True, tie_word_embeddings=False),
    "windowed": dataclasses.replace(BASE, sliding_window=5),
}
IDS = np.random.default_rng(3).integers(0, 50, (1, 33)).astype(np.int32)


def drawn(config):
    draw = np.random.default_rng(0)
    return {name: draw.normal(0, 0.4, leaf.shape).astype(np.float32) for name, leaf in expected_params(config).items()}


def heard(config, tokens=IDS):
    found = {}
    z = listen(drawn(config), config, tokens, found.__setitem__)
    return found, np.asarray(z)


def names_of(config):
    return operation_names(shape_of(config.to_json()))


@pytest.mark.parametrize("name", SHAPES)
def test_listening_changes_a_bit(name):
    """Both operation by operation; compiled, only the fusion may differ."""
    config, params = SHAPES[name], drawn(SHAPES[name])
    found, traced = heard(config)
    with jax.default_matmul_precision("highest"):
        np.testing.assert_array_equal(traced, np.asarray(logits(params, config, IDS)))
        compiled = np.asarray(jax.jit(logits, static_argnums=1)(params, config, IDS))
    np.testing.assert_allclose(traced, compiled, rtol=0, atol=1e-5 * np.abs(compiled).max())
    np.testing.assert_array_equal(traced, found["logits"])


@pytest.mark.parametrize("name", SHAPES)
def test_an_operation_is_missing_or_out_of_order(name):
    assert list(heard(SHAPES[name])[0]) == names_of(SHAPES[name])


def defined(config):
    """Every operation in float64; the scores that attention does not see as they were heard."""
    wanted = definition(decoder.as_float64(drawn(config)), shape_of(config.to_json()), IDS)
    heard_scores = {name: np.asarray(x) for name, x in heard(config)[0].items() if name.endswith(".scores")}
    return wanted | {name: np.where(wanted[name] == 0, x, wanted[name]) for name, x in heard_scores.items()}


@pytest.mark.parametrize("name", SHAPES)
def test_an_operation_departs_from_its_definition(name):
    found, expected = heard(SHAPES[name])[0], defined(SHAPES[name])
    assert set(found) == set(expected)
    far = {
        name: np.abs(np.asarray(x) - expected[name]).max() / np.abs(expected[name]).max() for name, x in found.items()
    }
    assert {name: distance for name, distance in far.items() if not distance <= 1e-5} == {}


@pytest.fixture(scope="module")
def system():
    params = jax.device_put(drawn(BASE))
    scored = {"config": {}, "train": TrainConfig(), "eval": EvalConfig(), "seed": 0, "shards": None}
    return AprSystem(**scored, model=BASE, params=params, device=resolve("cpu"), tokenizer=Path("none"))


@pytest.fixture(scope="module")
def ids():
    return IDS[0]


def test_a_statistic_is_of_other_values(system, ids):
    found, values = trace(system, ids, (4, 15)), {}
    listen(system.params, system.model, ids[None], values.__setitem__)
    assert found.positions == (4, 15)
    assert [row.name for row in found.rows] == list(values)
    for row in found.rows:
        x = np.asarray(values[row.name], np.float64)[:, 4:15]
        assert row.shape == x.shape
        if row.name.endswith("scores"):
            x = np.concatenate([x[0, i, :, : 5 + i].ravel() for i in range(11)])
        assert row.count == x.size
        assert (row.mean, row.std, row.largest) == pytest.approx(
            (x.mean(), x.std(), np.abs(x).max()), rel=1e-4, abs=1e-6
        )
        assert row.finite == 1


def test_a_value_that_is_not_finite_goes_unseen(system, ids):
    weights = system.parameters()
    weights["layers.1.w_up"] = weights["layers.1.w_up"].copy()
    weights["layers.1.w_up"][:, 3] = np.inf
    rows = {row.name: row for row in trace(system.with_parameters(weights), ids).rows}
    assert rows["layers.1.gate"].finite == 1
    assert rows["layers.1.up"].finite == pytest.approx(1 - 1 / 20)
    assert "NaN" in json.dumps(trace(system.with_parameters(weights), ids).to_json(), allow_nan=False)


def test_an_operation_is_not_the_one_that_was_traced(system, ids):
    found, values = operations(system, ids), {}
    listen(system.params, system.model, ids[None], values.__setitem__)
    assert list(found) == list(values)
    for name, x in found.items():
        np.testing.assert_array_equal(x.filled(0), np.where(x.mask, 0, values[name]))
        assert bool(x.mask.any()) == name.endswith("scores")
    scores = found["layers.0.scores"]
    np.testing.assert_array_equal(scores.mask[0, :, 0], ~np.tril(np.ones((33, 33), bool)))


def test_an_altered_output_goes_nowhere(system, ids):
    plain = operations(system, ids)
    found = operations(system, ids, alter=lambda name, x: 2 * x if name == "layers.1.up" else x)
    names = list(plain)
    same = [name for name in names if np.array_equal(found[name], plain[name])]
    assert same == [*names[: names.index("layers.1.up")], "layers.1.silu"]


def test_sixteen_bits_are_thirty_two(system, ids):
    wide, narrow = operations(system, ids), operations(system, ids, "bfloat16")
    far = np.linalg.norm(narrow["logits"] - wide["logits"]) / np.linalg.norm(wide["logits"])
    assert 1e-3 < far < 0.1
    assert narrow["logits"].dtype == np.float32


def test_a_saved_trace_is_another_one(system, ids, tmp_path):
    one = trace(system, ids, (4, 15), keep=True)
    one.save(tmp_path / "saved")
    found = read_trace(tmp_path / "saved")
    assert (found.tokens, found.positions, found.dtype, found.platform) == (one.tokens, (4, 15), "float32", "cpu")
    assert found.counts == tuple(row.count for row in one.rows)
    assert list(found.values) == [row.name for row in one.rows]
    for name, value in found.values.items():
        np.testing.assert_array_equal(value, one.values[name])
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        one.save(tmp_path / "file")


@pytest.mark.parametrize(
    ("positions", "what"), [((0, 34), "positions 0:34 of 33"), ((5, 5), "5:5"), ((-1, 4), "-1:4"), ((9, 4), "9:4")]
)
def test_positions_beyond_the_tokens_are_cut(system, ids, positions, what):
    with pytest.raises(InputError, match=what):
        trace(system, ids, positions)


def test_ids_beyond_the_model_are_traced(system, tmp_path):
    for ids, what in (([], "0:0 of 0 ids"), ([0] * 999, "999 ids, with max_positions"), ([1, 50], "give ids in")):
        with pytest.raises(InputError, match=what):
            trace(system, np.array(ids, np.int32))
    for text in ("1 two 3", "1.5", "99999999999999999999"):
        (tmp_path / "ids").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="holds no ids"):
            read_ids(tmp_path / "ids")
    (tmp_path / "ids").write_text("5, 6\n7", encoding="utf-8")
    assert read_ids(tmp_path / "ids").tolist() == [5, 6, 7]


def aprtrain(monkeypatch, *argv):
    monkeypatch.setattr("sys.argv", ["aprtrain", *map(str, argv)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code


@pytest.mark.parametrize("command", ["generate", "trace"])
def test_help_lacks_an_example(command, monkeypatch, capsys):
    assert aprtrain(monkeypatch, command, "--help") == 0
    assert f"Example: aprtrain {command} run" in capsys.readouterr().out


def test_the_command_says_something_else(finished_run, tmp_path, monkeypatch, capsys):
    text = "word3 = 4\nword5 = 1\n"
    system = open_system(finished_run, device="cpu")
    ids = ids_of(system, text)
    (tmp_path / "ids").write_text(" ".join(map(str, ids)), encoding="utf-8")
    run = ["trace", finished_run, "--positions", 4, 9, "--device", "cpu"]
    assert aprtrain(monkeypatch, *run, "--json", "--tokens", tmp_path / "ids") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads(json.dumps(trace(system, ids, (4, 9)).to_json()))
    assert aprtrain(monkeypatch, *run, "--text", text, "--save", tmp_path / "saved") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"positions 4 to 8 of {len(ids)} tokens, float32 on cpu"
    assert [line.split()[0] for line in lines[2:]] == names_of(system.model)
    assert json.loads((tmp_path / "saved" / "trace.json").read_text(encoding="utf-8")) == found
    assert aprtrain(monkeypatch, *run) == 2
    assert "needs --text or --tokens" in capsys.readouterr().err


def test_a_missing_matplotlib_ends_in_a_traceback(system, ids, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(InputError, match=r"claimtrial\[plots\]"):
        plot(trace(system, ids), tmp_path / "f.png")


def test_the_plot_is_no_picture(system, ids, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install '.[plots]'")
    found = trace(system, ids)
    plot(found, tmp_path / "f.png")
    plot(found, tmp_path / "f.svg")
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert "<svg" in text
    with pytest.raises(InputError, match=r"neither \.png nor \.svg"):
        plot(found, tmp_path / "f.exe")
    with pytest.raises(InputError, match="cannot be written"):
        plot(found, tmp_path / "nowhere" / "f.png")
