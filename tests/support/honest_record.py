"""The record of a small, honest run, made up so that its numbers hang together as those of a real one do.

Sums per document add up to the recorded means, the unigram table's sum is the entropy of the histogram, the
loss of step 0 is the init's loss on that batch, and the losses are ordered: final < init < bigram < unigram.
"""

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pv.binding import bind

VOCABULARY = 512
DOCUMENTS = 40
SUBSET = 16
STEPS = 60
CONTEXT = 64
BATCH = 8
CLAIMS = tuple(f"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-{number:03d}" for number in range(1, 8))
FINAL, INIT, BIGRAM, SCRATCH = 2.6, 3.1, 3.5, 6.4
"""Mean losses, in nats per token; the unigram entropy comes to about 5."""

READINGS = (
    ("final", "system", "val-b", FINAL, 0.05),
    ("final", "system", "val-a", FINAL + 0.02, 0.05),
    ("init", "system", "val-b", INIT, 0.05),
    ("bigram", "table", "val-b", BIGRAM, 0.05),
    ("random", "system", "subset", SCRATCH, 0.02),
    ("zero", "system", "subset", math.log(VOCABULARY), 0.0),
    ("shuffled-targets", "system", "val-b", 7.5, 0.05),
    ("uniform-targets", "system", "val-b", 8.5, 0.05),
    ("dose-0.01", "system", "subset", FINAL + 0.2, 0.02),
    ("dose-0.05", "system", "subset", FINAL + 0.8, 0.02),
    ("dose-0.25", "system", "subset", FINAL + 2.6, 0.02),
    ("dose-1", "system", "subset", FINAL + 4.5, 0.02),
    ("step0-init", "oracle", "step-0", INIT, 0.05),
    ("step0-scratch", "oracle", "step-0", SCRATCH, 0.02),
    ("lag-1", "system", "known-source", 1.23, 0.01),
    ("lag-1", "table", "known-source", 1.2, 0.0),
    ("lag-2", "system", "known-source", 1.26, 0.01),
    ("lag-2", "table", "known-source", 1.2, 0.0),
)
"""Reading, evaluator, documents (`subset`: the first of val-b), mean in nats per token, spread."""

Object = dict[str, Any]
Rows = list[Object]


@lru_cache(maxsize=1)
def honest_record() -> str:
    """Return every part as JSON, so that no caller can change another's."""
    draw = random.Random(20260520)
    documents = _documents(draw)
    evals = _evals(draw, documents)
    step0 = [row for row in evals if row["reading"] == "step0-init"]
    val_b = _mean([row for row in evals if _is(row, "final", "system", "val-b")])
    val_a = _mean([row for row in evals if _is(row, "final", "system", "val-a")])
    metrics = _metrics(draw, _mean(step0))
    parts = {
        "lock": _lock(),
        "run": _run(),
        "data": _data(draw, documents),
        "tensors": _tensors(),
        "summary": {
            **_steps(),
            "device": _DEVICE,
            "wall_seconds": 12.5,
            "monitor_seconds": 0.1,
            "modules": ["aprtrain.train"],
        },
        "metrics": metrics,
        "epochs": [_epoch(metrics, val_a)],
        "reported": [_look("val-a", val_a), _look("val-b", val_b)],
        "evals": evals,
        "controls": [],
        "imports": [
            {"judge": "system judge", "modules": ["aprtrain", "aprtrain.system", "falsifiers.bench", "jax", "numpy"]},
            {"judge": "oracle judge", "modules": ["falsifiers.oracles.decoder", "hypothesis", "numpy"]},
        ],
        "attacks": {claim: _attack_rows(claim) for claim in CLAIMS},
    }
    return json.dumps(parts)


def _documents(draw: random.Random) -> dict[str, list[int]]:
    """Return document id to tokens, drawn from Zipf's law; 0 is unk, and never drawn."""
    weights = [1 / rank for rank in range(1, VOCABULARY)]
    return {
        _digest(f"document {number}"): draw.choices(range(1, VOCABULARY), weights, k=draw.randint(150, 256))
        for number in range(DOCUMENTS)
    }


def _evals(draw: random.Random, documents: Mapping[str, list[int]]) -> Rows:
    """Return sums per document with the wanted means; a hard document is hard for every reading."""
    hardness = {name: draw.gauss(0.0, 0.25) for name in documents}
    sizes = {name: len(tokens) for name, tokens in documents.items()}
    val_a = {_digest(f"val-a {number}"): draw.randint(150, 256) for number in range(DOCUMENTS)}
    splits = {
        "val-b": sizes,
        "subset": dict(list(sizes.items())[:SUBSET]),
        "val-a": val_a,
        "step-0": {f"seq-{number}": CONTEXT for number in range(BATCH)},
        "known-source": {str(number): 256 for number in range(DOCUMENTS)},
    }
    rows: Rows = []
    for reading, evaluator, which, wanted, noise in READINGS:
        split = "val-b" if which == "subset" else which
        for name, tokens in splits[which].items():
            loss = wanted + hardness.get(name, 0.0) * (noise > 0) + draw.gauss(0.0, noise)
            rows.append(_row(reading, evaluator, split, name, loss * tokens, tokens))
    final = [row for row in rows if _is(row, "final", "system", "val-b")]
    oracle = [{**row, "evaluator": "oracle", "sum_nats": row["sum_nats"] * (1 + 1e-7)} for row in final]
    return [*final, *oracle, *_unigram(documents), *rows[len(final) :]]


def _unigram(documents: Mapping[str, list[int]]) -> Rows:
    """Return the sums of the table of the scored tokens themselves."""
    histogram = Counter(token for tokens in documents.values() for token in tokens)
    total = histogram.total()
    sums = {
        name: math.fsum(math.log(total / histogram[token]) for token in tokens) for name, tokens in documents.items()
    }
    return [_row("unigram", "table", "val-b", name, nats, len(documents[name])) for name, nats in sums.items()]


def _data(draw: random.Random, documents: Mapping[str, list[int]]) -> Object:
    scored = Counter(token for tokens in documents.values() for token in tokens)
    trained = Counter(draw.choices(range(1, VOCABULARY), [1 / rank for rank in range(1, VOCABULARY)], k=30_000))
    tokenizer = _digest("tokenizer")
    return {
        "tokenizer": {"digest": tokenizer, "vocab_size": VOCABULARY, "unk_id": 0, "eos_id": 1},
        "tokenizer_digests": {"shards": tokenizer, "checkpoint": tokenizer, "init": tokenizer},
        "context": {"length": CONTEXT, "stride": CONTEXT, "eval_tokens": 256, "eval_documents": DOCUMENTS},
        "splits": {
            "train": {"tokens": 90_000, "documents": 360, "digest": _digest("train")},
            "val-a": {"tokens": 9_000, "documents": DOCUMENTS, "digest": _digest("val-a")},
            "val-b": {"tokens": 9_000, "documents": DOCUMENTS, "digest": _digest("val-b")},
        },
        "trained": {"tokens": trained.total(), "histogram": _as_json(trained)},
        "scored": {
            "split": "val-b",
            "documents": len(documents),
            "duplicate_documents": 0,
            "tokens": scored.total(),
            "bytes": 3 * scored.total(),
            "histogram": _as_json(scored),
        },
        "round_trip": {"documents": DOCUMENTS, "equal": DOCUMENTS},
        "overlap": {"window_tokens": 64, "val_b": 0.001, "calibration": 0.002, "shared_documents": 0},
        "batch": {"step": 0, "windows": BATCH, "found": BATCH},
    }


def _tensors() -> Object:
    shapes = {"embed": [VOCABULARY, 64], "norm": [64]}
    for layer in range(2):
        for name, shape in (("attn_norm", [64]), ("wq", [64, 64]), ("wk", [64, 32]), ("wv", [64, 32])):
            shapes[f"layers.{layer}.{name}"] = shape
        for name, shape in (("bq", [64]), ("bk", [32]), ("bv", [32]), ("wo", [64, 64]), ("mlp_norm", [64])):
            shapes[f"layers.{layer}.{name}"] = shape
        for name, shape in (("w_gate", [64, 128]), ("w_up", [64, 128]), ("w_down", [128, 64])):
            shapes[f"layers.{layer}.{name}"] = shape

    def tensors(state: str, **more: Any) -> Object:
        return {
            name: {"shape": shape, "dtype": "float32", "digest": _digest(f"{state} {name}"), **more}
            for name, shape in shapes.items()
        }

    model = tensors("init")
    for name, row in model.items():
        row["filled_from"] = f"init:{name}"
    final = tensors("final")
    return {
        "expected": {name: {"shape": shape, "dtype": "float32"} for name, shape in shapes.items()},
        "source": tensors("init", consumed=True),
        "init": tensors("init"),
        "model": model,
        "final": final,
        "evaluated": final,
        "reported_final": final,
    }


def _metrics(draw: random.Random, first: float) -> Rows:
    rows = []
    for step in range(STEPS):
        loss = first if step == 0 else FINAL + (first - FINAL) * math.exp(-step / 15) + draw.gauss(0.0, 0.03)
        rows.append(
            {
                "step": step,
                "loss": loss,
                "grad_norm": 1.0 + draw.random(),
                "lr": 1e-3 * min(1.0, (step + 1) / 6),
                "tokens": (step + 1) * BATCH * CONTEXT,
                "wall_ms": 200.0 + draw.random(),
                "tokens_per_s": 2560.0,
            }
        )
    return rows


def _epoch(metrics: Rows, val_a: float) -> Object:
    train = math.fsum(row["loss"] for row in metrics) / len(metrics)
    return {
        "epoch": 0,
        "step": STEPS,
        "train_loss": train,
        "val_loss": val_a,
        "train_ppl": math.exp(train),
        "val_ppl": math.exp(val_a),
        "wall_seconds": 12.4,
        "tokens_seen": STEPS * BATCH * CONTEXT,
        "grad_norm_max": max(row["grad_norm"] for row in metrics),
        "optimizer_state_digest": _digest("optimizer"),
    }


def _lock() -> Object:
    return {
        "schema_version": "1",
        "contract": {
            "id": "C-APR-PRETRAIN-INIT-FINETUNE",
            "version": "1.0.0",
            "path": "contracts/apr-pretrain-init-finetune-v1.yaml",
        },
        "profile": "cpu",
        "claim": CLAIMS[4],
        "claims": [
            {
                "id": claim,
                "meaning_digest": _digest(f"meaning {claim}"),
                "falsifier": f"falsifier-{number}",
                "falsifier_digest": _digest(f"falsifier {claim}"),
                "op": "<",
                "bound": 9.38,
                "requires": "live",
                "mutants": [],
            }
            for number, claim in enumerate(CLAIMS, 1)
        ],
        "locked_at": "2026-05-20T10:00:00.000+00:00",
    }


def _run() -> Object:
    model = {"vocab_size": VOCABULARY, "hidden_size": 64, "num_layers": 2, "tie_word_embeddings": True}
    return {
        "schema_version": "1",
        "contract": "C-APR-PRETRAIN-INIT-FINETUNE",
        "profile": "cpu",
        "recipe_name": "finetune-tiny",
        "recipe": {},
        "trainer": {"name": "aprtrain", "modules": {}},
        "mutant": None,
        "dataset": None,
        "seed": 0,
        "cases": 60,
        "argv": ["aprtrain", "pretrain"],
        "commit": "",
        "dirty_digest": "",
        "packages": {},
        "python": "3.11.7",
        "host": {},
        "flags": {},
        "started_at": "2026-05-20T10:00:00.000+00:00",
        "finished_at": "2026-05-20T10:00:20.000+00:00",
        "stages": [{"name": "train", "seconds": 14.2, "cached": False}],
        "wall_seconds": 12.5,
        "exit_code": 0,
        "redispatch_of": None,
        "device": _DEVICE,
        "config": {"model": model, "train": {"steps": STEPS}, "eval": {}},
        **_steps(),
    }


_DEVICE = {"platform": "cpu", "kind": "cpu", "pid": 4242}


def _steps() -> Object:
    return {
        "planned_steps": STEPS,
        "executed_steps": STEPS,
        "exit_reason": "completed",
        "segments": [{"from_step": 0, "to_step": STEPS, "pid": 4242}],
    }


def _attack_rows(claim: str) -> Rows:
    """Return a survival of every law that is tried against the claim."""
    bound = bind(claim)
    return [
        {
            "law": law,
            "role": "claim",
            "unit": "nats/token",
            "tolerance": 1e-4,
            "cases": 60,
            "discards": 2,
            "seed": 11,
            "worst": 2e-6,
            "nearest_margin": 2e-6 - 1e-4,
            "outcome": "survived",
            "reason": "",
            "counterexample": None,
        }
        for law in (bound.laws if bound else ())
    ]


def _look(split: str, loss: float) -> Object:
    return {"step": STEPS, "split": split, "loss": loss, "tokens": 8_000, "documents": DOCUMENTS}


def _row(reading: str, evaluator: str, split: str, document: str, nats: float, tokens: int) -> Object:
    return {
        "reading": reading,
        "evaluator": evaluator,
        "split": split,
        "document": document,
        "sum_nats": nats,
        "tokens": tokens,
    }


def _is(row: Mapping[str, Any], reading: str, evaluator: str, split: str) -> bool:
    return (row["reading"], row["evaluator"], row["split"]) == (reading, evaluator, split)


def _mean(rows: Rows) -> float:
    return math.fsum(row["sum_nats"] for row in rows) / sum(row["tokens"] for row in rows)


def _as_json(histogram: Counter[int]) -> dict[str, int]:
    return {str(token): occurrences for token, occurrences in sorted(histogram.items())}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
