"""Published tokenizer to shards to a run, as commands; and what stops before a step is spent."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from aprtrain import cli, tokenizer
from aprtrain.tokenizer import Tokenizer


@pytest.fixture
def call(monkeypatch, capsys):
    def run(*argv):
        monkeypatch.setattr(sys, "argv", ["aprtrain", *map(str, argv)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return caught.value.code, out + err

    return run


@pytest.fixture
def steps(monkeypatch):
    """The runs that got as far as their first step; none is taken."""
    begun = []
    monkeypatch.setattr("aprtrain.train.train", lambda run, *_args, **_options: begun.append(run) or "completed")
    return begun


def pretrain_arguments(recipe_file, shards, run_dir):
    return "pretrain", "--recipe", recipe_file, "--dataset", shards, "--run-dir", run_dir, "--device", "cpu"


def test_help_lacks_an_example(call):
    code, said = call("tokenizer", "import", "--help")
    assert code == 0
    assert "Example: aprtrain tokenizer import qwen/tokenizer.json --out tok" in said


def test_shards_are_not_described(call, tokenizer_folder, text_folder, tmp_path):
    code, said = call("encode", text_folder, "--tokenizer", tokenizer_folder, "--out", tmp_path / "text")
    assert code == 0
    assert "tokenizer: byte-level BPE, 270 entries, 269 usable, unknown <unk>, end of text <|endoftext|> (1)" in said
    assert "0.0000% unknown" in said
    assert "round trip 120 of 120 documents" in said
    (tmp_path / "text" / "manifest.json").unlink()
    code, said = call("encode", text_folder, "--repair", tmp_path / "text")
    assert code == 0
    assert "not restored" not in said
    code, said = call("info", tmp_path / "text")
    assert code == 0
    assert "round trip 120 of 120 documents" in said
    assert "uniform guess: 5.5984 nats over all ids, 5.5947 over the usable ones" in said
    code, said = call("encode", text_folder, "--out", tmp_path / "other")
    assert code == 2
    assert "lacks CORPUS, --tokenizer or --out" in said


@pytest.mark.parametrize(
    ("entries", "what"),
    [(272, "encode with a smaller one"), (260, r"`aprtrain tokenizer import --vocab-size 270` fills it up")],
)
def test_a_size_from_scratch_may_differ(call, recipe_file, steps, entries, what, text_folder, tmp_path):
    tokenizer.train([path.read_text("utf-8") for path in text_folder.iterdir()], entries, tmp_path / "tok")
    call("encode", text_folder, "--tokenizer", tmp_path / "tok", "--out", tmp_path / "text")
    code, said = call(*pretrain_arguments(recipe_file, tmp_path / "text", tmp_path / "run"))
    assert (code, steps) == (2, [])
    assert f"its tokenizer has {entries} entries, the model is made for 270" in said
    assert what in said


def test_reserved_entries_do_not_fill_up(call, recipe_file, steps, text_folder, tmp_path):
    tokenizer.train([path.read_text("utf-8") for path in text_folder.iterdir()], 260, tmp_path / "tok")
    code, said = call("tokenizer", "import", tmp_path / "tok", "--out", tmp_path / "filled", "--vocab-size", 270)
    assert code == 0
    assert "270 entries, 259 usable" in said
    call("encode", text_folder, "--tokenizer", tmp_path / "filled", "--out", tmp_path / "text")
    code, said = call(*pretrain_arguments(recipe_file, tmp_path / "text", tmp_path / "run"))
    assert (code, len(steps)) == (0, 1), said


def test_what_is_no_text_is_trained_on(call, recipe_file, steps, text_folder, tokenizer_folder, tmp_path, monkeypatch):
    """Preflight counts for itself; only the recorded flag lets the run pass."""
    monkeypatch.setattr(Tokenizer, "encode", lambda self, texts: [np.full(len(text), self.unk_id) for text in texts])
    encode = "encode", text_folder, "--tokenizer", tokenizer_folder, "--out", tmp_path / "text"
    code, said = call(*encode)
    assert code == 2
    assert "of the tokens are unknown, more than 1%, their entropy is" in said
    assert call(*encode, "--accept-degenerate")[0] == 0
    code, said = call("info", tmp_path / "text")
    assert "accepted although" in said
    run = pretrain_arguments(recipe_file, tmp_path / "text", tmp_path / "run")
    assert call(*run)[0] == 0
    assert len(steps) == 1
    manifest = tmp_path / "text" / "manifest.json"
    text = manifest.read_text("utf-8")
    start, end = text.index('"accepted_faults"'), text.index("]", text.index('"accepted_faults"')) + 1
    manifest.write_text(text[:start] + '"accepted_faults": []' + text[end:], encoding="utf-8")
    code, said = call(*run)
    assert code == 2
    assert "is no text to train on" in said
    assert len(steps) == 1
