"""A continuation is what the logits say, token by token, and ends where it must."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from aprtrain import cli
from aprtrain.errors import InputError
from aprtrain.export import export
from aprtrain.generate import continuation, ids_of, text_of
from aprtrain.system import open_system
from aprtrain.tokenizer import load

PROMPT = "word3 = 4\nword"


@pytest.fixture(scope="module")
def system(finished_run):
    """Of a run, with wide random weights, so that the text does not repeat itself."""
    found = open_system(finished_run, device="cpu", context=64)
    draw = np.random.default_rng(0)
    return found.with_parameters(
        {name: draw.normal(0, 0.6, leaf.shape).astype(np.float32) for name, leaf in found.parameters().items()}
    )


@pytest.fixture(scope="module")
def ids(system):
    return ids_of(system, PROMPT)


def test_a_token_is_not_the_likeliest(system, ids):
    found = list(continuation(system, ids, 20))
    seen = np.array([[*ids, *found]], np.int32)
    z = system.logits(seen)[0]
    assert found == z[len(ids) - 1 : -1].argmax(-1).tolist()
    assert list(continuation(system, ids, 7)) == found[:7]
    assert len(set(found)) > 2


def test_draws_do_not_follow_the_distribution(system):
    prompt = np.array([5], np.int32)
    drawn = [next(continuation(system, prompt, 1, temperature=8.0, seed=seed)) for seed in range(300)]
    z = system.logits(prompt[None])[0, 0].astype(np.float64) / 8
    share = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    likeliest = share.argsort()[-40:]
    expected, seen = share[likeliest].sum(), np.isin(drawn, likeliest).mean()
    assert 0.1 < expected < 0.9
    assert abs(seen - expected) < 5 * (expected * (1 - expected) / 300) ** 0.5


def test_a_seed_does_not_decide_the_draws(system, ids):
    first, again, other = (list(continuation(system, ids, 12, temperature=9.0, seed=seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert list(continuation(system, ids, 12, temperature=1e-6)) == list(continuation(system, ids, 12))


def test_the_last_position_is_passed(system, ids):
    most = system.model.max_positions - len(ids)
    assert len(list(continuation(system, ids, most))) == most
    for prompt, count, what in ((ids, most + 1, "max_positions"), (ids[:0], 3, "0 ids"), (ids, 0, "0 more")):
        with pytest.raises(InputError, match=what):
            next(continuation(system, prompt, count))
    with pytest.raises(InputError, match="give ids in"):
        next(continuation(system, np.array([270], np.int32), 1))


def test_the_text_is_not_the_tokens(system, ids):
    tokenizer = load(system.tokenizer)
    found = list(continuation(system, ids, 20))
    assert tokenizer.eos_id not in found
    whole = tokenizer.decode([*ids, *found])
    said = PROMPT + "".join(text_of(system, PROMPT, 20))
    assert whole.rstrip("\ufffd").startswith(said.rstrip("\ufffd"))
    assert len(said) > len(PROMPT) + 5


def test_a_character_is_cut_in_two(system):
    """Whatever is drawn, what is said is the longest whole beginning of the text."""
    for seed in range(4):
        pieces = list(text_of(system, "wörd ", 20, temperature=50.0, seed=seed))
        assert "".join(pieces).encode("utf-8").decode("utf-8") == "".join(pieces)
        assert len(pieces) <= 20


def test_the_end_of_text_is_passed(system):
    tokenizer = load(system.tokenizer)
    norm = np.zeros_like(system.parameters()["norm"])
    norm[0] = 1
    embed = system.parameters()["embed"].copy()
    embed[:, 0], embed[tokenizer.eos_id, 0] = np.sign(embed[:, 0]), 9
    silent = system.with_parameters(system.parameters() | {"norm": norm, "embed": np.abs(embed)})
    assert list(continuation(silent, np.array([7], np.int32), 3)) == [tokenizer.eos_id] * 3
    assert list(text_of(silent, "word", 3)) == []


def test_an_empty_prompt_is_no_beginning(system):
    eos = np.array([load(system.tokenizer).eos_id], np.int32)
    stream = "".join(text_of(system, "", 12))
    assert load(system.tokenizer).decode(list(continuation(system, eos, 12))).startswith(stream)


def test_the_command_says_something_else(finished_run, tmp_path, monkeypatch, capsys):
    """The same of a run, and of its export."""
    export(finished_run, tmp_path / "model", "float32")
    expected = "".join(text_of(open_system(finished_run, device="cpu"), PROMPT, 16))
    for checkpoint in (finished_run, tmp_path / "model"):
        argv = ["aprtrain", "generate", checkpoint, "--prompt", PROMPT, "--tokens", "16", "--device", "cpu"]
        monkeypatch.setattr("sys.argv", list(map(str, argv)))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        assert caught.value.code == 0
        assert capsys.readouterr().out == expected + "\n"


def test_a_window_is_left_out(system, ids):
    narrow = dataclasses.replace(system, model=dataclasses.replace(system.model, sliding_window=2))
    assert list(continuation(narrow, ids, 20)) != list(continuation(system, ids, 20))
