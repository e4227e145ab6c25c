"""A model that changes hands keeps its loss on real code and its greedy continuation."""

from __future__ import annotations

import importlib.util
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from aprtrain import tokenizer
from aprtrain.export import write_model

SPEC = importlib.util.spec_from_file_location("round_trip", Path(__file__).parents[2] / "tools" / "round_trip.py")
tool = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)


@pytest.fixture(scope="module")
def golden():
    return json.loads(tool.GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(golden, tmp_path_factory):
    root = tmp_path_factory.mktemp("round")
    tokenizer.train([Path(__file__).read_text(encoding="utf-8")], 258, root)
    model = tool.shape_named("small")
    write_model(root / "ours", model, tool.drawn(model, golden["seed"]), root / "tokenizer.json", "float32", 20_000)
    return root


@pytest.fixture(scope="module")
def found(folder, golden):
    return tool.ours(folder / "ours", np.array(golden["ids"], np.int32))


def test_ours_departs_from_what_transformers_said(found, golden):
    assert found["continuation"] == golden["continuation"]
    assert abs(found["loss"] - golden["loss"]) <= tool.BOUND
    assert len(golden["continuation"]) == 64
    assert len(set(golden["continuation"])) > 16


def test_another_model_passes_for_it(folder, golden):
    model = tool.shape_named("small")
    weights = tool.drawn(model, golden["seed"])
    weights["layers.1.bq"] = weights["layers.1.bq"] * np.float32(0.9)
    write_model(folder / "other", model, weights, folder / "tokenizer.json", "float32", 1 << 30)
    found = tool.ours(folder / "other", np.array(golden["ids"], np.int32))
    assert abs(found["loss"] - golden["loss"]) > tool.BOUND


def test_transformers_says_something_else_today(folder, found, golden):
    for module in ("torch", "transformers"):
        pytest.importorskip(module, reason=f"{module} is not installed: pip install '.[torch]'")
    ids = np.array(golden["ids"], np.int32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = [tool.theirs(folder / "ours", ids, folder / "back")]
        answers += [tool.ours(folder / "back", ids), tool.theirs(folder / "back", ids)]
    for answer in answers:
        assert answer["continuation"] == found["continuation"]
        assert abs(answer["loss"] - found["loss"]) <= tool.BOUND
