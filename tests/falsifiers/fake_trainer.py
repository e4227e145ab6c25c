"""A trainer made of the oracle's arithmetic, with faults to switch on, and the files it would have left."""

import dataclasses
import functools
import hashlib
import json
import os
from pathlib import Path

import numpy as np

from falsifiers.oracles.checkpoint import facts, read_arrays
from falsifiers.oracles.decoder import as_float64, cross_entropy, logits
from falsifiers.oracles.expected import Shape, expected_arrays
from falsifiers.oracles.shards import read_shards
from falsifiers.oracles.windows import cut, document_sums

SHAPE = Shape(
    vocab_size=258,
    hidden_size=8,
    num_layers=2,
    num_heads=4,
    num_kv_heads=2,
    head_dim=4,
    intermediate_size=12,
    rope_theta=10_000.0,
    rms_norm_eps=1e-6,
    tie_word_embeddings=True,
    qkv_bias=True,
)
CONTEXT, BATCH = 16, 4
TRAIN = {"batch_size": BATCH, "seq_length": CONTEXT, "num_steps": 30, "warmup_steps": 5}
TRAIN |= {"learning_rate": 0.1, "min_lr_ratio": 0.1}
SAVED = 7
EOS = 1


def rate(step):
    if step < TRAIN["warmup_steps"]:
        return TRAIN["learning_rate"] * (step + 1) / TRAIN["warmup_steps"]
    passed = (step - TRAIN["warmup_steps"]) / (TRAIN["num_steps"] - TRAIN["warmup_steps"])
    return TRAIN["learning_rate"] * (0.1 + 0.9 * 0.5 * (1 + np.cos(np.pi * passed)))


def draw(shape, seed, scale=0.7):
    rng = np.random.default_rng(seed)
    return {
        name: (
            np.ones(size)
            if name.rpartition(".")[2] in {"attn_norm", "mlp_norm", "norm"}
            else rng.normal(0, scale, size)
        ).astype(np.float32)
        for name, size in sorted(expected_arrays(shape).items())
    }


@dataclasses.dataclass(frozen=True)
class FakeSystem:
    weights: dict
    shape: Shape = SHAPE
    fault: str = ""
    stream: np.ndarray | None = None
    context: int = CONTEXT
    device_platform: str = "cpu"
    memory: list = dataclasses.field(default_factory=list)

    @property
    def vocab_size(self):
        return self.shape.vocab_size

    @property
    def config(self):
        return {"model": dataclasses.asdict(self.shape)}

    @functools.cached_property
    def wide(self):
        return as_float64(self.weights)

    def parameters(self):
        found = dict(self.weights)
        if self.fault == "other-weights":
            found["norm"] = found["norm"] + np.float32(1)
        return found

    def with_parameters(self, parameters):
        return dataclasses.replace(self, weights=dict(parameters))

    def reinitialised(self, seed):
        return dataclasses.replace(self, weights=draw(self.shape, seed, 0.1))

    def logits(self, tokens):
        if self.fault == "raises":
            raise RuntimeError("the device is gone")
        shape = self.shape
        if self.fault == "untied":
            weights = self.wide | {"head": np.roll(self.wide["embed"], 1, axis=0)}
            shape = dataclasses.replace(shape, tie_word_embeddings=False)
            found = logits(weights, shape, tokens)
        elif self.fault == "deaf":
            found = logits(self.wide, shape, tokens.reshape(-1, 1)).reshape(*tokens.shape, -1)
        else:
            found = logits(self.wide, shape, tokens)
        if self.fault == "peeks":
            found[:, :-1] += 0.5 * np.eye(self.vocab_size)[tokens[:, 1:]]
        if self.fault == "mixes-rows":
            found += found.mean(axis=0, keepdims=True)
        if self.fault == "rounds":
            found = found.astype(np.float16)
        if self.fault == "nan":
            found[..., 0] = np.nan
        return found.astype(np.float32)

    def score(self, inputs, targets, weights):
        nats = cross_entropy(np.asarray(self.logits(inputs), np.float64), targets)
        counted = np.asarray(weights, np.float64)
        if self.fault == "scores-padding":
            counted = np.ones_like(counted)
        if self.fault == "shifts-mask":
            return (nats * np.roll(counted, 1, axis=1)).sum(axis=1), counted.sum(axis=1)
        return (nats * counted).sum(axis=1), counted.sum(axis=1)

    def evaluate(self, documents):
        if self.fault == "cached" and self.memory:
            return self.memory[: len(documents)]
        windows = cut(documents, context=self.context)
        targets = windows.inputs if self.fault == "unshifted" else windows.targets
        nats = cross_entropy(np.asarray(self.logits(windows.inputs), np.float64), targets)
        found = document_sums(windows, nats / np.log(2) if self.fault == "bits" else nats)
        if self.fault == "short-answer":
            return found[:-1]
        self.memory[:] = self.memory or found
        return found

    def window(self, step):
        windows = (len(self.stream) - 1) // self.context - (self.fault == "leaves-a-window-out")
        numbers = [0 if self.fault == "stands-still" else (step * BATCH + row) % windows for row in range(BATCH)]
        starts = [number * (self.context - (self.fault == "leaves-tokens-out")) for number in numbers]
        rows = np.stack([self.stream[s : s + self.context + 1] for s in starts]).astype(np.int32)
        return rows[:, ::-1] if self.fault == "reverses-rows" else rows


class FakeTrainer:
    name = "fake"

    def open(self, checkpoint, *, device, shards=None):
        stream = None if shards is None else np.asarray(read_shards(shards).splits["train"].stream)
        fault = os.environ.get("FAKE_FAULT", "")
        if fault == "will-not-open":
            raise ValueError("cannot\nopen")
        return FakeSystem(weights=read_arrays(checkpoint), fault=fault, stream=stream)


TRAINER = FakeTrainer()


def write_checkpoint(folder, weights, step=SAVED):
    import tensorstore as ts

    base = f"file://{folder / str(step) / 'state'}/"
    for name, array in weights.items():
        kvstore = {"driver": "ocdbt", "base": base, "path": f"params.{name}/"}
        spec = {"driver": "zarr", "kvstore": kvstore}
        ts.open(spec, create=True, dtype=array.dtype, shape=array.shape).result().write(array).result()
    config = {
        "model": dataclasses.asdict(SHAPE) | {"max_positions": CONTEXT},
        "train": TRAIN,
        "eval": {"eval_documents": 20, "eval_tokens": 40},
        "seed": 0,
    }
    (folder / "config.json").write_text(json.dumps(config))


def byte_tokenizer():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {piece: i for i, piece in enumerate(["<unk>", "<eos>", *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def texts(count, seed, words=12):
    rng = np.random.default_rng(seed)
    lexicon = ["".join(rng.choice(list("abcdefghé"), 5)) for _ in range(400)]
    return [" ".join(rng.choice(lexicon, words)) for _ in range(count)]


def write_shards(folder, splits):
    """Shards of {split: texts}."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = byte_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    entries = {}
    for name, documents in splits.items():
        stream, rows = [EOS], []
        for number, text in enumerate(documents):
            ids = tokenizer.encode(text).ids
            identity = hashlib.sha256(text.encode()).hexdigest()
            rows.append(
                {
                    "id": identity,
                    "name": f"{name}/{number}",
                    "offset": len(stream) - 1,
                    "tokens": len(ids) + 1,
                }
            )
            stream += [*ids, EOS]
        data = np.asarray(stream, "<u2").tobytes()
        (folder / f"{name}.bin").write_bytes(data)
        shard = {"file": f"{name}.bin", "tokens": len(stream), "sha256": hashlib.sha256(data).hexdigest()}
        entries[name] = {"shards": [shard], "tokens": len(stream), "documents": rows}
    digest = hashlib.sha256((folder / "tokenizer.json").read_bytes()).hexdigest()
    manifest = {
        "format": "aprtrain-shards/1",
        "tokenizer_digest": digest,
        "vocab_size": 258,
        "unk_id": 0,
        "eos_id": EOS,
        "dtype": "uint16",
        "splits": entries,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


def clean_splits():
    return {"train": texts(120, 1), "val-a": texts(25, 2), "val-b": texts(25, 3)}


def write_run(folder, weights, init, stream, steps=30):
    """The record of a run, and its checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    write_checkpoint(folder / "checkpoint", weights)
    losses = [3.0] * steps
    for step, known in ((0, init), (SAVED, weights)):
        window = FakeSystem(weights=known, stream=stream).window(step)
        losses[step] = float(cross_entropy(logits(as_float64(known), SHAPE, window[:, :-1]), window[:, 1:]).mean())
    lines, previous = [], "0" * 64
    for step in range(steps):
        row = {"step": step, "loss": losses[step], "grad_norm": 1.0, "lr": rate(step), "prev": previous}
        row |= {"tokens": (step + 1) * BATCH * CONTEXT, "wall_ms": 10.0, "tokens_per_s": 6400.0}
        lines.append(json.dumps(row, sort_keys=True))
        previous = hashlib.sha256(lines[-1].encode()).hexdigest()
    (folder / "metrics.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "summary.json").write_text(json.dumps({"planned_steps": steps, "wall_seconds": 0.5}))
    epochs = {"step": steps, "train_loss": float(np.mean(losses))}
    (folder / "epochs").mkdir(exist_ok=True)
    (folder / "epochs" / "epoch-000.json").write_text(json.dumps(epochs))
    ledger = {"source": {}, "model": facts(init), "final": facts(weights)}
    (folder / "ledger.json").write_text(json.dumps(ledger))


def write_job(folder: Path, **changes):
    """A whole trial below a folder: shards, init, run, job.json."""
    write_shards(folder / "shards", clean_splits())
    stream = np.asarray(read_shards(folder / "shards").splits["train"].stream)
    init, final = draw(SHAPE, 5, 0.02), draw(SHAPE, 5, 0.02)
    final["norm"] = final["norm"] * np.float32(1.01)
    # An embedding row that favours what is frequent makes an init that is better than random weights.
    frequent = np.bincount(stream, minlength=258) / len(stream)
    for weights in (init, final):
        weights["embed"] = (np.log(frequent + 1e-3) - np.log(1e-3))[:, None].repeat(8, 1).astype(np.float32) * 0.1
        weights["embed"] += draw(SHAPE, 9, 0.05)["embed"]
    final = {name: leaf * np.float32(1.001) for name, leaf in final.items()}
    write_checkpoint(folder / "init" / "checkpoint", init)
    write_run(folder / "run", final, init, stream)
    for place in (folder / "init" / "checkpoint", folder / "run" / "checkpoint"):
        (place / "tokenizer.json").write_bytes((folder / "shards" / "tokenizer.json").read_bytes())
    index = json.loads(Path(__import__("falsifiers").__file__).with_name("index.json").read_text())
    job = {
        "trainer": "fake",
        "device": "cpu",
        "claims": {claim: name for claim, name in index["claims"].items() if "about" not in index["falsifiers"][name]},
        "controls": ["lm-loss"],
        "seed": 3,
        "cases": 60,
        "checkpoint": str(folder / "run" / "checkpoint"),
        "init_checkpoint": str(folder / "init" / "checkpoint"),
        "shards": str(folder / "shards"),
        "run_dir": str(folder / "run"),
        "work_dir": str(folder / "work"),
        "scored_split": "val-b",
    }
    (folder / "work").mkdir(exist_ok=True)
    (folder / "job.json").write_text(json.dumps(job | changes))
    info = folder / "site" / "fake_trainer-0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-trainer\nVersion: 0\n")
    (info / "entry_points.txt").write_text("[pv.trainers]\nfake = fake_trainer:TRAINER\n")
    return folder / "job.json"
