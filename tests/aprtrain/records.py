"""What a run folder holds, read back."""

from __future__ import annotations

import json
from pathlib import Path


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def losses(folder: Path) -> list[float]:
    return [row["loss"] for row in rows(folder / "metrics.jsonl")]


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def finals(folder: Path) -> dict:
    return load(folder / "ledger.json")["final"]


def timeless(folder: Path) -> list:
    measured = ("wall_ms", "tokens_per_s", "prev")
    metrics = [{k: v for k, v in row.items() if k not in measured} for row in rows(folder / "metrics.jsonl")]
    epochs = [load(path) | {"wall_seconds": 0} for path in sorted((folder / "epochs").iterdir())]
    return [metrics, epochs, rows(folder / "reported.jsonl"), finals(folder)]
