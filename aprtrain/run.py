"""A run: everything that decides what it does, where it is written, and whether it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aprtrain.config import EvalConfig, ModelConfig, TrainConfig, differences
from aprtrain.data import Batches, Shards
from aprtrain.device import Device
from aprtrain.errors import InputError
from aprtrain.evaluate import document_sums
from aprtrain.files import read_json
from aprtrain.init import Init
from aprtrain.journal import Scored
from aprtrain.model import Params
from aprtrain.step import Batch
from aprtrain.tokenizer import load


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that decides what a run does, and where it is written."""

    model: ModelConfig
    train: TrainConfig
    eval: EvalConfig
    seed: int
    deterministic: bool
    device: Device
    shards: Shards
    init: Init | None
    folder: Path

    def batches(self) -> Batches:
        """The training batches."""
        return Batches(
            split=self.shards.splits["train"],
            batch_size=self.train.batch_size,
            seq_length=self.train.seq_length,
            seed=self.seed,
        )

    def scored(self, params: Params, split: str) -> list[Scored]:
        """The evaluator's sums over the scored documents of a split."""
        rows = self.shards.splits[split].documents[: self.eval.eval_documents]
        documents = self.shards.splits[split].document_tokens(self.eval.eval_documents)
        limit = self.eval.eval_tokens
        sums = document_sums(params, self.model, documents, context=self.train.seq_length, limit=limit)
        tokenizer = load(self.shards.folder)
        sizes = [len(tokenizer.decode(document[1 : limit + 1]).encode()) for document in documents]
        return [
            Scored(id=row["id"], nats=nats, tokens=tokens, bytes=size)
            for row, (nats, tokens), size in zip(rows, sums, sizes, strict=True)
        ]

    def batch(self, batches: Batches, step: int) -> Batch:
        """What the step is computed from."""
        window = {"window": batches.window(step)}
        return window | {"segments": batches.segments(step)} if self.train.document_masks else window

    @property
    def config(self) -> dict[str, Any]:
        """What must be the same for a run to be continued."""
        return {
            "model": self.model.to_json(),
            "train": self.train.to_json(),
            "eval": self.eval.to_json(),
            "seed": self.seed,
            "deterministic": self.deterministic,
            "platform": self.device.platform,
            "tokenizer_digest": self.shards.tokenizer_digest,
            "shards_digest": self.shards.digest,
            "init_digest": None if self.init is None else self.init.digest,
        }


def finished(run: Run) -> str | None:
    """The exit reason of a finished run in the folder, None for a new or an interrupted one.

    Raises:
        InputError: the folder holds a run of another configuration.
    """
    path = run.folder / "config.json"
    if path.exists():
        found = differences(read_json(path, fix="give an empty --run-dir"), run.config)
        if found:
            what = f"holds a run of another configuration: {'; '.join(found)}"
            raise InputError(run.folder, what, "give another --run-dir, or the options of the run that is there")
    summary = run.folder / "summary.json"
    if not summary.exists():
        return None
    return str(read_json(summary, fix=f"delete {summary} and run again")["exit_reason"])
