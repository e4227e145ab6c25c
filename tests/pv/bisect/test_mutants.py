"""Every fault of loading and of the architecture that a forward pass can show is named where it was planted."""

import functools
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from falsifiers.mutants import REGISTRY
from falsifiers.oracles.safetensors import read_safetensors
from falsifiers.program import write_model, write_safetensors
from pv.bisect.compare import budgets, compared

BATCH = Path(__file__).parents[2] / "support" / "trace_mutants.py"
SHORT = tuple(np.random.default_rng(0).integers(0, 64, 12).tolist())
LONG = SHORT * 44
"""528 tokens: beyond position 511."""


@dataclass(frozen=True)
class Planted:
    names: str
    """The operation whose line is mutated, or, where the line lies between two, the one after it."""
    tokens: tuple[int, ...] = SHORT
    model: str = "qwen2"


PLANTED = {
    "absolute-value": Planted("layers.0.attn_norm"),
    "defaulted-field": Planted("layers.0.q_rope", model="no-theta"),
    "dropout-in-eval": Planted("norm"),
    "dropped-bias": Planted("layers.0.q", model="no-biases"),
    "dtype-mislabelled": Planted("embed", model="mislabelled"),
    "empty-attention-row": Planted("layers.0.attention"),
    "eps-outside-root": Planted("layers.0.attn_norm"),
    "gate-and-up-swapped": Planted("layers.0.silu"),
    "gqa-tiled": Planted("layers.0.attention"),
    "input-ignored": Planted("embed"),
    "mask-off-by-one": Planted("layers.0.attention"),
    "mean-subtracted": Planted("layers.0.attn_norm"),
    "missing-scale": Planted("layers.0.attention"),
    "miswired-init": Planted("layers.0.gate"),
    "no-causal-mask": Planted("layers.0.attention"),
    "no-max-subtraction": Planted("layers.0.attention", model="large-scores"),
    "no-positions": Planted("layers.0.q_rope"),
    "offset-weight": Planted("layers.0.attn_norm"),
    "other-activation": Planted("layers.0.silu"),
    "position-clamped": Planted("layers.0.q_rope", tokens=LONG),
    "rope-interleaved": Planted("layers.0.q_rope"),
    "silent-broadcast": Planted("layers.0.attn_norm"),
    "stray-bias": Planted("layers.0.silu"),
    "transposed-weight": Planted("layers.0.q"),
    "untied-head": Planted("logits"),
    "wrong-axis": Planted("layers.0.attn_norm"),
    "fallback-kernel": Planted("layers.0.attention"),
    "undeclared-precision": Planted("layers.0.attn_norm"),
}
UNSEEN = {
    "detached-branch": "stops a gradient, and no output",
    "dropped-tensor": "fills a tensor where a training starts",
    "frozen-attention": "stops a gradient, and no output",
    "init-after-restore": "draws tensors where a training starts",
    "length-unchecked": "accepts longer inputs, and computes nothing else",
    "packed-leak": "needs documents in one window, and a trace has one",
    "shared-kernel-cache": "needs a second model in the process",
    "unturned-export": "writes files",
    "wrong-freeze": "changes which parameters decay",
}


def test_a_fault_of_loading_or_architecture_is_forgotten() -> None:
    groups = {module.MUTANT.name: module.MUTANT.group for module in REGISTRY}
    beside = {"fallback-kernel", "undeclared-precision"}
    wanted = {name for name, group in groups.items() if group in {"loading", "architecture"}} | beside
    assert wanted == PLANTED.keys() | UNSEEN.keys()
    assert not PLANTED.keys() & UNSEEN.keys()


@pytest.fixture(scope="module")
def folders(model, families, tmp_path_factory):
    """Name to the folder that the trainer reads, and the one that says what is meant."""
    made = tmp_path_factory.mktemp("special")
    plain, other_theta = model(num_hidden_layers=1), model(num_hidden_layers=1, rope_theta=500.0)
    config, tensors = read(plain)
    biases = [name for name in tensors if name.endswith("bias")]
    return {
        "qwen2": (plain, plain),
        "no-biases": (write_model(made / "no-biases", without(tensors, *biases), config), plain),
        "no-theta": (write_model(made / "no-theta", read(other_theta)[1], without(config, "rope_theta")), other_theta),
        "mislabelled": mislabelled(plain, made),
        "large-scores": (large(plain, made / "large"),) * 2,
    }


def read(folder: Path):
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return config, read_safetensors(folder / "model.safetensors")


def without(found, *names):
    return {name: value for name, value in found.items() if name not in names}


def mislabelled(plain: Path, made: Path) -> tuple[Path, Path]:
    """The bytes of bfloat16 under the label of float16, and under their own."""
    import ml_dtypes

    config, tensors = read(plain)
    short = {name: x.astype(ml_dtypes.bfloat16) for name, x in tensors.items()}
    meant = write_model(made / "bfloat16", short, config | {"dtype": "bfloat16"})
    wrong = write_model(made / "float16", short, config | {"dtype": "float16"})
    write_safetensors(wrong / "model.safetensors", short, dict.fromkeys(short, "F16"))
    return wrong, meant


def large(plain: Path, folder: Path) -> Path:
    """The same with scores whose exponentials float32 does not hold."""
    config, tensors = read(plain)
    for part in "qk":
        name = f"model.layers.0.self_attn.{part}_proj.weight"
        tensors[name] = tensors[name] * np.float32(20)
    return write_model(folder, tensors, config)


@pytest.fixture(scope="module")
def traced(folders, tmp_path_factory) -> dict[str, dict[str, np.ndarray]]:
    out = tmp_path_factory.mktemp("traced")
    cases = [
        {"mutant": name, "model": str(folders[one.model][0]), "tokens": one.tokens, "out": str(out / f"{name}.npz")}
        for name, one in PLANTED.items()
    ]
    (out / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    command = [sys.executable, "-P", str(BATCH), str(out / "cases.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {name: dict(np.load(out / f"{name}.npz")) for name in PLANTED}


@pytest.fixture(scope="module")
def meant(folders, defined):
    return functools.cache(lambda name, tokens: defined(folders[name][1], tokens))


@pytest.mark.parametrize("mutant", PLANTED)
def test_another_operation_is_named(mutant, traced, meant) -> None:
    planted = PLANTED[mutant]
    reference, disturbed = meant(planted.model, planted.tokens)
    found = replace(reference, values=traced[mutant], dtype="float32")
    gaps = compared(found, reference, budgets(reference, disturbed))
    assert next((gap.name for gap in gaps if gap.diverges), None) == planted.names
