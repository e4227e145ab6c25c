"""The forward pass and its gradients against transformers, on random weights of every family."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pytest

from aprtrain.config import RopeScaling

SPEC = importlib.util.spec_from_file_location(
    "make_parity_goldens", Path(__file__).parents[2] / "tools" / "make_parity_goldens.py"
)
tool = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)


def kept(name: str) -> dict:
    with np.load(tool.GOLDEN / f"{name}.npz") as file:
        return dict(file)


@pytest.mark.parametrize("name", tool.CASES)
def test_ours_departs_from_transformers(name, tmp_path):
    found = tool.compare(kept(name), tmp_path)
    assert {what: value for what, value in found.items() if not value <= tool.BOUND} == {}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("llama", {"rope_theta": 11_000.0}),
        ("llama", {"rms_norm_eps": 1e-3}),
        ("llama3-scaled", {"rope_scaling": None}),
        ("llama3-scaled", {"rope_scaling": RopeScaling(kind="linear", factor=8.0)}),
        ("linear-scaled", {"rope_scaling": None}),
        ("qwen2", {"qkv_bias": False}),
        ("qwen3", {"qk_norm": False}),
        ("mistral-windowed", {"sliding_window": None}),
        ("mistral-windowed", {"sliding_window": 101}),
        ("qwen2-windowed", {"sliding_window": 32}),
    ],
)
def test_a_defect_stays_within_the_bound(name, changed, tmp_path):
    assert tool.compare(kept(name), tmp_path, **changed)["logits"] > 10 * tool.BOUND


def test_a_family_has_no_golden():
    assert sorted(path.stem for path in tool.GOLDEN.glob("*.npz")) == sorted(tool.CASES)
    families = {fields["model_type"] for fields in tool.CASES.values()}
    from aprtrain.hf import FAMILIES

    assert families == set(FAMILIES)
    assert all(fields["num_attention_heads"] > fields["num_key_value_heads"] > 1 for fields in tool.CASES.values())


@pytest.mark.parametrize("name", tool.CASES)
def test_ours_departs_from_transformers_as_it_is_installed(name, tmp_path):
    for module in ("torch", "transformers"):
        pytest.importorskip(module, reason=f"{module} is not installed: pip install '.[torch]'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = tool.compare(tool.golden(tool.CASES[name], 99), tmp_path)
    assert max(found.values()) <= tool.BOUND
