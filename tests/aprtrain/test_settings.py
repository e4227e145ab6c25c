"""A file of settings is read whole, or refused by name; it neither runs nor repeats anything."""

from __future__ import annotations

import pytest

from aprtrain.config import TrainConfig, parse
from aprtrain.errors import InputError
from aprtrain.recipes import RECIPES, recipe
from aprtrain.settings import LARGEST, read_settings


def test_a_number_is_read_as_text(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1e-3\nb: 1_000\nc: 2.5e3\nd: 1e3x\ne: -1E+2\n", encoding="utf-8")
    assert read_settings(tmp_path / "a.yaml") == {"a": 1e-3, "b": 1000, "c": 2500.0, "d": "1e3x", "e": -100.0}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: 1\na: 2", "the key 'a' again"),
        ("a: &x [1]\nb: *x", "an alias"),
        ("a: &x {b: 1}\nc: {<<: *x}", "an alias"),
        ("[" * 3000, "recursion"),
        ("a: " + "9" * 5000, "4300 digits"),
        ("a: !!python/object/apply:os.system ['touch here']", "could not determine a constructor"),
        ("- 1", "holds list"),
        ("", "holds NoneType"),
        ("1: 2", "not a mapping of names"),
        ("a: 2001-13-45", "month must be in 1..12"),
        ("a: \x00", "unacceptable character"),
        ("a: {", "expected the node content"),
        ("a: " + "x" * LARGEST, "more than"),
    ],
)
def test_a_bad_file_of_settings_is_read(text, what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        read_settings(tmp_path / "a.yaml")
    assert not (tmp_path / "here").exists()


def test_bytes_that_are_no_text_are_read(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"a: \xff\xfe")
    for path in (tmp_path / "a.yaml", tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_settings(path)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_not_survive_the_file(name, tmp_path):
    """By name and from a copy elsewhere it is the same, and it declares no stage that contradicts itself."""
    copy = tmp_path / "copy.yaml"
    copy.write_bytes(RECIPES[name].read_bytes())
    found = recipe(name)
    assert recipe(str(copy)).to_json() == found.to_json() | {"name": str(copy)}
    assert found.init.mode == "from-scratch"
    assert (found.finetune is None) == (found.finetune_corpus is None) == name.startswith("pretrain-")
    assert found.finetune is None or found.finetune.mode == "finetune"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"num_stps": 3}, r"unknown fields \['num_stps'\](.|\n)*did you mean num_steps\?"),
        ({"mode": "scratch"}, "mode='scratch': Input should be 'from-scratch' or 'finetune'"),
        ({"num_steps": 1.5}, "num_steps=1.5: Input should be a valid integer"),
        ({"num_steps": True}, "num_steps=True"),
        ({"beta1": 1.0}, "beta1=1.0: Input should be less than 1"),
        ({"learning_rate": float("nan")}, "learning_rate=nan"),
        ({"learning_rate": 10**400}, "learning_rate=1000"),
        ({"document_masks": "yes"}, "document_masks='yes'"),
    ],
)
def test_a_bad_value_is_taken(fields, what):
    with pytest.raises(InputError, match=what):
        parse(TrainConfig, "run.yaml", fields)
