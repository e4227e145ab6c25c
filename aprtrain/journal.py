"""What a run writes down as it goes, and takes back to its last checkpoint when it is resumed."""

import json
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aprtrain.files import digest_bytes, finite, to_json, write_json, write_whole

FIRST_LINK = "0" * 64
LARGEST_EXPONENT = math.log(sys.float_info.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What the evaluator found for the scored part of one document."""

    id: str
    nats: float
    tokens: int
    bytes: int
    """Of the text that those tokens spell."""


class Journal:
    """metrics.jsonl (each row holds the digest of the one before), reported.jsonl, segments.jsonl and epochs/."""

    def __init__(self, folder: Path, done: int, now: str) -> None:
        """This process begins at `done` steps; everything written after them is gone."""
        self._folder = folder
        (folder / "epochs").mkdir(parents=True, exist_ok=True)
        for leftover in (*folder.glob(".*.part"), *folder.glob("*/.*.part")):
            leftover.unlink()
        lines = _cut(folder / "metrics.jsonl", lambda row: row["step"] < done)
        self.rows = [json.loads(line) for line in lines]
        if [row["step"] for row in self.rows] != list(range(done)):
            raise ValueError(f"{folder / 'metrics.jsonl'} has {len(lines)} rows before step {done}")
        self.losses = [float(row["loss"]) for row in self.rows]
        """The loss of every step, in nats/token."""
        self._link = digest_bytes(lines[-1].encode()) if lines else FIRST_LINK
        kept = _cut(folder / "reported.jsonl", lambda row: row["step"] <= done and row["split"] == "val-a")
        self.reported = [json.loads(line) for line in kept]
        for path in sorted((folder / "epochs").glob("epoch-*.json")):
            if json.loads(path.read_text(encoding="utf-8"))["step"] > done:
                path.unlink()
        self._segments = [json.loads(line) for line in _cut(folder / "segments.jsonl", lambda _: done > 0)]
        self._segments.append({"from_step": done, "pid": os.getpid(), "started_at": now})
        _append(folder / "segments.jsonl", to_json(self._segments[-1]))

    @property
    def started_at(self) -> str:
        """When the run's first process started."""
        return str(self._segments[0]["started_at"])

    def segments(self) -> list[dict[str, int]]:
        """Every process that the run was made by, with the steps that still stand from it."""
        ends = [row["from_step"] for row in self._segments[1:]] + [len(self.rows)]
        both = zip(self._segments, ends, strict=True)
        return [{"from_step": row["from_step"], "to_step": end, "pid": row["pid"]} for row, end in both]

    def step(self, *, loss: float, grad_norm: float, lr: float, tokens: int, seconds: float) -> dict[str, Any]:
        """One more row stands in metrics.jsonl; `tokens` are those of this step."""
        before = self.rows[-1]["tokens"] if self.rows else 0
        row = {
            "step": len(self.rows),
            "loss": finite(loss),
            "grad_norm": finite(grad_norm),
            "lr": lr,
            "tokens": before + tokens,
            "wall_ms": seconds * 1e3,
            "tokens_per_s": tokens / max(seconds, 1e-9),
            "prev": self._link,
        }
        line = to_json(row)
        self._link = digest_bytes(line.encode())
        self.rows.append(row)
        self.losses.append(loss)
        _append(self._folder / "metrics.jsonl", line)
        return row

    def report(self, step: int, split: str, scored: Sequence[Scored]) -> float:
        """One more row stands in reported.jsonl; returns its loss in nats/token."""
        nats, tokens = sum(one.nats for one in scored), sum(one.tokens for one in scored)
        row = {
            "step": step,
            "split": split,
            "documents": len(scored),
            **_reading(nats, tokens, sum(one.bytes for one in scored)),
            "per_document": [{"id": one.id, **_reading(one.nats, one.tokens, one.bytes)} for one in scored],
        }
        self.reported.append(row)
        _append(self._folder / "reported.jsonl", to_json(row))
        return nats / tokens

    def tokens_per_s(self, last: int = 20) -> float:
        """The pace of the last steps."""
        rows = self.rows[-last:]
        tokens = sum(row["tokens_per_s"] * row["wall_ms"] for row in rows)
        return float(tokens / sum(row["wall_ms"] for row in rows))

    def epoch(self, number: int, steps: range, *, val_loss: float, optimizer_state_digest: str) -> float:
        """The file of an epoch is written from the rows of its `steps`; returns its mean training loss."""
        rows = self.rows[steps.start : steps.stop]
        train_loss = math.fsum(self.losses[steps.start : steps.stop]) / len(rows)
        summary = {
            "epoch": number,
            "step": steps.stop,
            "train_loss": train_loss,
            "val_loss": finite(val_loss),
            "train_ppl": finite(_perplexity(train_loss)),
            "val_ppl": finite(_perplexity(val_loss)),
            "grad_norm_max": max(float(row["grad_norm"]) for row in rows),
            "tokens_seen": rows[-1]["tokens"],
            "wall_seconds": sum(row["wall_ms"] for row in rows) / 1e3,
            "optimizer_state_digest": optimizer_state_digest,
        }
        write_json(self._folder / "epochs" / f"epoch-{number:03d}.json", summary)
        return train_loss


def _reading(nats: float, tokens: int, size: int) -> dict[str, Any]:
    bits = finite(nats / math.log(2) / size) if size else None
    return {"loss": finite(nats / tokens), "tokens": tokens, "bits_per_byte": bits}


def _perplexity(loss: float) -> float:
    return math.inf if loss > LARGEST_EXPONENT else math.exp(loss)


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def _cut(path: Path, keep: Any) -> list[str]:
    """The lines of a JSONL file that `keep` accepts, which alone are left in it; one cut off by a crash is none."""
    whole = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    lines = [line for line in whole if keep(json.loads(line))]
    write_whole(path, "".join(f"{line}\n" for line in lines))
    return lines
