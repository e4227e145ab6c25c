"""A model written by us and read by transformers, and the reverse: the same loss on real code, the same greedy text.

The weights are drawn from a seed, the shape is a published one by name, or small. The code is Python's standard
library under a byte-level BPE that is trained on it first. Needs torch and transformers; one process, float32.

    python tools/round_trip.py                                # small, a minute
    python tools/round_trip.py --shape qwen2.5-coder-0.5b     # the exact shape: 12 GB of memory, 5 GB of disk
    python tools/round_trip.py --write                        # tests/aprtrain/golden/round_trip.json
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).parents[1] / "tests" / "aprtrain" / "golden" / "round_trip.json"
BOUND = 1e-4
"""Largest difference of the losses, in nats/token."""
PROMPT, COUNT, TARGETS, VOCABULARY = 64, 64, 512, 512
SMALL = {
    "vocab_size": VOCABULARY,
    "hidden_size": 48,
    "num_layers": 2,
    "num_heads": 6,
    "num_kv_heads": 2,
    "head_dim": 8,
    "intermediate_size": 80,
}


def shape_named(name: str) -> Any:
    """The published shape, or `small`: a Qwen2 of two layers."""
    from aprtrain.shapes import shape

    return shape(name) if name != "small" else dataclasses.replace(shape("qwen2.5-coder-0.5b"), **SMALL)


def drawn(model: Any, seed: int) -> dict[str, Any]:
    """float32 weights of a model by our names, so wide that no two logits are nearly the same."""
    from aprtrain.model import expected_params

    draw, found = np.random.default_rng(seed), {}
    for name, leaf in expected_params(model).items():
        normal = draw.standard_normal(leaf.shape, np.float32)
        found[name] = (
            1 + np.float32(0.2) * normal if name.endswith("norm") else normal * np.float32(leaf.shape[-1] ** -0.5)
        )
    return found


def ours(folder: Path, ids: Any) -> dict[str, Any]:
    """The continuation of the first ids of a document [t], and the loss of all that follows its first."""
    from aprtrain.evaluate import mean_loss
    from aprtrain.generate import continuation
    from aprtrain.system import open_system

    system = open_system(folder, device="cpu", context=len(ids) - 1, limit=len(ids) - 1)
    return {
        "loss": mean_loss(system.evaluate([ids])),
        "continuation": list(continuation(system, ids[:PROMPT], COUNT)),
    }


def theirs(folder: Path, ids: Any, back: Path | None = None) -> dict[str, Any]:
    """The same by transformers, which then saves the model into `back`."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    tokens = torch.from_numpy(ids.astype(np.int64))[None]
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(model(tokens[:, :-1]).logits[0], tokens[0, 1:]).item()
        prompt = tokens[:, :PROMPT]
        model.generation_config.eos_token_id = None
        mask = torch.ones_like(prompt)
        every = model.generate(prompt, attention_mask=mask, max_new_tokens=COUNT, do_sample=False)
    if back is not None:
        model.save_pretrained(back)
    return {"loss": loss, "continuation": every[0, PROMPT:].tolist()}


def code(folder: Path) -> tuple[Path, Any]:
    """A tokenizer trained on the standard library, and ids of the beginning of a module."""
    from aprtrain.corpus import gather
    from aprtrain.tokenizer import train

    texts = [document.text for document in gather("stdlib", max_bytes=1_000_000).documents]
    tokenizer = train(texts, VOCABULARY, folder)
    longest = max(texts, key=len)
    return folder / "tokenizer.json", tokenizer.encode([longest])[0][: TARGETS + 1].astype(np.int32)


def both_ways(model: Any, seed: int, folder: Path) -> dict[str, dict[str, Any]]:
    """What each of the two computes from the other's files and from its own."""
    from aprtrain.export import write_model

    tokenizer, ids = code(folder / "tokenizer")
    written, back = folder / "ours", folder / "theirs"
    write_model(written, model, drawn(model, seed), tokenizer, "float32", 1 << 30)
    found = {"ours": ours(written, ids), "transformers, from our files": theirs(written, ids, back)}
    found["ours, from its files"] = ours(back, ids)
    return found | {"transformers": theirs(back, ids)}


def main() -> int:
    """Prints the losses and how many of the tokens agree; 1 where anything differs beyond the bound."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", default="small", help="a published shape")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="keep what transformers computes for the small shape")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.write:
            from aprtrain.export import write_model

            tokenizer, ids = code(folder / "tokenizer")
            model = shape_named("small")
            write_model(folder / "ours", model, drawn(model, given.seed), tokenizer, "float32", 1 << 30)
            kept = {"seed": given.seed, "ids": ids.tolist()} | theirs(folder / "ours", ids)
            GOLDEN.write_text(json.dumps(kept) + "\n", encoding="utf-8")
            return 0
        found = both_ways(shape_named(given.shape), given.seed, folder)
    first = found["ours"]
    worst = max(abs(one["loss"] - first["loss"]) for one in found.values())
    for who, one in found.items():
        same = sum(a == b for a, b in zip(one["continuation"], first["continuation"], strict=True))
        print(f"{who:<30} loss {one['loss']:.6f}  {same} of {COUNT} tokens as ours")
    print(f"{len(set(first['continuation']))} distinct tokens; losses differ by {worst:.1e} at most")
    return int(not worst <= BOUND or any(one["continuation"] != first["continuation"] for one in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
