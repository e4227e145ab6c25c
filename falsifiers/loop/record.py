"""What a training that a law started has left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from falsifiers.process import Ran

KEPT = ("step", "loss", "grad_norm", "lr", "tokens")
"""What a row says about the training, and not about the clock."""


def rows(run: Path) -> list[dict[str, Any]]:
    """The whole rows of metrics.jsonl; none where the run wrote none."""
    path = run / "metrics.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.is_file() else []
    return [{name: value for name, value in json.loads(line).items() if name in KEPT} for line in lines]


def losses(run: Path) -> list[float]:
    """The recorded loss of each step; NaN where it was none."""
    return [float(row["loss"]) for row in rows(run)]


def reason(run: Path) -> str:
    """Why the run ended, by its own summary; empty where it has none."""
    path = run / "summary.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["exit_reason"]) if path.is_file() else ""


def ledger(run: Path) -> dict[str, Any]:
    """What a run says about the tensors of its source, its model before step 0, and its end."""
    found: dict[str, Any] = json.loads((run / "ledger.json").read_text(encoding="utf-8"))
    return found


def final_digests(run: Path) -> dict[str, str]:
    """The digest of every final tensor, by the run's ledger."""
    return {name: str(row["digest"]) for name, row in ledger(run)["final"].items()}


def finished(ran: Ran) -> Ran:
    """The process again; RuntimeError where it failed and an attack needs its result."""
    if ran.status != 0:
        raise RuntimeError(f"a sound training ended with {ran.status}: {ran.err.strip()[-200:]}")
    return ran
