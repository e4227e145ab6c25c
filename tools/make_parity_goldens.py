"""Logits and gradients of small random models as transformers computes them, written down for comparison.

Writing needs torch and transformers, which the project does not; comparing needs neither. Weights are drawn by NumPy
from a seed, so that only the answers are kept. `--exact NAME` takes the widths of a published shape, with two layers.

    python tools/make_parity_goldens.py                                  # tests/aprtrain/golden/*.npz
    python tools/make_parity_goldens.py --exact qwen3-0.6b --out wide    # the same for a wide model
    python tools/make_parity_goldens.py --check wide                     # compares ours with what was written
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).parents[1] / "tests" / "aprtrain" / "golden"
LENGTH, POSITIONS, COLUMNS, SAMPLES = 512, 64, 256, 16
"""Tokens of the one sequence; how many positions, logits a position and gradients a tensor are kept."""
BOUND = 1e-4
"""Largest difference of logits and of gradients, as a share of the largest value."""

_SMALL = {
    "vocab_size": 320,
    "hidden_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "intermediate_size": 80,
    "max_position_embeddings": 1024,
    "rms_norm_eps": 1e-5,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "rope_theta": 10_000.0,
}
_LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 128,
}
CASES: dict[str, dict[str, Any]] = {
    "llama": _SMALL | {"model_type": "llama"},
    "llama3-scaled": _SMALL | {"model_type": "llama", "rope_scaling": _LLAMA3, "tie_word_embeddings": True},
    "linear-scaled": _SMALL | {"model_type": "llama", "rope_scaling": {"rope_type": "linear", "factor": 4.0}},
    "qwen2": _SMALL | {"model_type": "qwen2", "tie_word_embeddings": True, "rope_theta": 1e6, "rms_norm_eps": 1e-6},
    "qwen3": _SMALL | {"model_type": "qwen3", "head_dim": 16, "num_key_value_heads": 3, "rope_theta": 1e6},
    "mistral": _SMALL | {"model_type": "mistral", "sliding_window": None, "head_dim": 12},
    "mistral-windowed": _SMALL | {"model_type": "mistral", "sliding_window": 100},
    "qwen2-windowed": _SMALL
    | {"model_type": "qwen2", "use_sliding_window": True, "sliding_window": 33, "max_window_layers": 0},
}


def draw(shapes: Mapping[str, tuple[int, ...]], seed: int) -> dict[str, Any]:
    """float32 weights under Hugging Face's names, each a function of its name, its shape and the seed."""
    found = {}
    for name, shape in shapes.items():
        normal = np.random.default_rng([seed, zlib.crc32(name.encode())]).standard_normal(shape, np.float32)
        if name.endswith("norm.weight"):
            found[name] = (1 + 0.2 * normal).astype(np.float32)
        else:
            found[name] = (normal / np.sqrt(np.float32(shape[-1] if len(shape) == 2 else 4))).astype(np.float32)
    return found


def chosen(vocabulary: int, seed: int) -> tuple[Any, Any, Any]:
    """The window of ids [1, LENGTH + 1], the positions and the columns that are kept."""
    rng = np.random.default_rng(seed)
    window = rng.integers(0, vocabulary, (1, LENGTH + 1))
    positions = np.sort(rng.choice(LENGTH, POSITIONS, replace=False))
    positions[-1] = LENGTH - 1
    return window, positions, np.sort(rng.choice(vocabulary, COLUMNS, replace=False))


def sampled(gradient: Any, name: str) -> Any:
    """Values of a gradient at places that its name decides."""
    flat = np.asarray(gradient).reshape(-1)
    return flat[np.random.default_rng(zlib.crc32(name.encode())).integers(0, flat.size, SAMPLES)]


def golden(fields: dict[str, Any], seed: int) -> dict[str, Any]:
    """What transformers computes in float32 for the model of these fields, and its config.json as it writes it."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**fields), attn_implementation="eager").float()
    with tempfile.TemporaryDirectory() as folder:
        model.config.architectures = [type(model).__name__]
        model.config.save_pretrained(folder)
        config = (Path(folder) / "config.json").read_text(encoding="utf-8")
    parameters = dict(model.named_parameters())
    weights = draw({name: tuple(leaf.shape) for name, leaf in parameters.items()}, seed)
    with torch.no_grad():
        for name, leaf in parameters.items():
            leaf.copy_(torch.from_numpy(weights[name]))
    window, positions, columns = chosen(fields["vocab_size"], seed)
    tokens = torch.from_numpy(window)
    logits = model(tokens[:, :-1]).logits[0]
    loss = torch.nn.functional.cross_entropy(logits, tokens[0, 1:])
    loss.backward()
    gradients = {name: leaf.grad.numpy() for name, leaf in parameters.items()}
    names = sorted(gradients)
    return {
        "config": config,
        "seed": seed,
        "names": names,
        "shapes": json.dumps({name: gradients[name].shape for name in names}),
        "lse": torch.logsumexp(logits, -1)[positions].detach().numpy(),
        "logits": logits[positions][:, columns].detach().numpy(),
        "loss": loss.item(),
        "norms": np.array([np.linalg.norm(gradients[name].astype(np.float64)) for name in names]),
        "samples": np.stack([sampled(gradients[name], name) for name in names]),
    }


def compare(kept: Mapping[str, Any], folder: Path, **changed: Any) -> dict[str, float]:
    """Largest relative differences of ours from what was kept; `changed` fields of our shape spoil it on purpose.

    The weights are written as safetensors into `folder` and read as an init, so that names and layout are judged too.
    """
    import jax

    from aprtrain.config import TrainConfig
    from aprtrain.hf import is_transposed
    from aprtrain.init import load_init, starting_params
    from aprtrain.model import logits
    from aprtrain.safetensors import write_file
    from aprtrain.step import loss_and_gradients

    shapes = {name: tuple(shape) for name, shape in json.loads(str(kept["shapes"])).items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(str(kept["config"]), encoding="utf-8")
    write_file(folder / "model.safetensors", draw(shapes, int(kept["seed"])))
    init = load_init(folder)
    params, ledger = starting_params(init.model, 0, init)
    model = dataclasses.replace(init.model, **changed)
    window, positions, columns = chosen(model.vocab_size, int(kept["seed"]))
    with jax.default_matmul_precision("highest"):
        z = np.asarray(jax.jit(logits, static_argnums=1)(params, model, window[:, :-1]))[0, positions]
        step = jax.jit(loss_and_gradients, static_argnums=(1, 2, 4))
        loss, gradients = step(params, model, TrainConfig(loss_chunk=128), {"window": window}, np.float32)
    origin = {row["filled_from"].removeprefix("init:"): ours for ours, row in ledger["model"].items()}
    theirs = {}
    for name in map(str, kept["names"]):
        gradient = np.asarray(gradients[origin[name]])
        theirs[name] = gradient.T if is_transposed(origin[name]) else gradient
    norms = np.array([np.linalg.norm(theirs[str(name)].astype(np.float64)) for name in kept["names"]])
    samples = np.stack([sampled(theirs[str(name)], str(name)) for name in kept["names"]])
    scale = np.abs(kept["samples"]).max(axis=1, keepdims=True)
    wide = z.astype(np.float64)
    lse = np.log(np.exp(wide - wide.max(-1, keepdims=True)).sum(-1)) + wide.max(-1)
    return {
        "logits": float(np.abs(z[:, columns] - kept["logits"]).max() / np.abs(kept["logits"]).max()),
        "lse": float(np.abs(lse - kept["lse"]).max() / np.abs(kept["lse"]).max()),
        "loss": abs(float(loss) - float(kept["loss"])) / float(kept["loss"]),
        "gradient norms": float(np.abs(norms / kept["norms"] - 1).max()),
        "gradient samples": float((np.abs(samples - kept["samples"]) / scale).max()),
    }


def _exact(name: str) -> dict[str, Any]:
    from aprtrain.hf import hf_config
    from aprtrain.shapes import shape

    config = hf_config(dataclasses.replace(shape(name), num_layers=2), "float32")
    return {key: value for key, value in config.items() if key not in ("architectures", "dtype", "rope_theta")}


def main() -> int:
    """Writes the goldens, or compares with them; 1 where a difference is beyond the bound."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=GOLDEN, help="folder that gets NAME.npz")
    parser.add_argument("--exact", metavar="NAME", nargs="+", help="published shapes, with two layers")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="compare with the goldens in a folder")
    given = parser.parse_args()
    if given.check:
        worst = 0.0
        for path in sorted(given.check.glob("*.npz")):
            with tempfile.TemporaryDirectory() as folder, np.load(path) as kept:
                found = compare(kept, Path(folder))
            worst = max(worst, *found.values())
            print(f"{path.stem:<24}" + "  ".join(f"{name} {value:.1e}" for name, value in found.items()))
        return int(not worst <= BOUND)
    cases = {name: _exact(name) for name in given.exact} if given.exact else CASES
    given.out.mkdir(parents=True, exist_ok=True)
    for seed, (name, fields) in enumerate(cases.items()):
        np.savez_compressed(given.out / f"{name}.npz", **golden(fields, seed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
