"""A run: everything that decides what it does, where it is written, and whether it has ended."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aprtrain.config import EvalConfig, ModelConfig, TrainConfig, differences
from aprtrain.data import Shards, Tokens
from aprtrain.device import Device
from aprtrain.errors import InputError
from aprtrain.evaluate import document_sums
from aprtrain.files import read_json
from aprtrain.init import Init
from aprtrain.journal import Scored
from aprtrain.mesh import Layout
from aprtrain.model import Params
from aprtrain.tokenizer import load


@dataclass(frozen=True, kw_only=True)
class Run:
    """Everything that decides what a run does, and where it is written."""

    model: ModelConfig
    train: TrainConfig
    eval: EvalConfig
    seed: int
    deterministic: bool
    device: Device
    layout: Layout | None
    """None where one device computes."""
    shards: Shards
    init: Init | None
    folder: Path

    @cached_property
    def _held_out(self) -> dict[str, list[tuple[str, Tokens, int]]]:
        """Of each document that is scored, by split: id, ids, and how many bytes of text its scored targets spell."""
        tokenizer, stop = load(self.shards.folder), self.eval.eval_tokens + 1
        first = {name: self.shards.splits[name].first(self.eval.eval_documents) for name in ("val-a", "val-b")}
        return {
            name: [(row["id"], ids, len(tokenizer.decode(ids[1:stop]).encode())) for row, ids in documents]
            for name, documents in first.items()
        }

    def scored(self, params: Params, split: str) -> list[Scored]:
        """The evaluator's sums over the scored documents of a split."""
        names, documents, sizes = zip(*self._held_out[split], strict=True)
        limit = self.eval.eval_tokens
        sums = document_sums(params, self.model, documents, context=self.train.seq_length, limit=limit)
        found = zip(names, sums, sizes, strict=True)
        return [Scored(id=one, nats=nats, tokens=tokens, bytes=size) for one, (nats, tokens), size in found]

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
