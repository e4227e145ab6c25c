"""Short trainings from the claimed weights, in processes of their own, with the text and the settings of the run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from falsifiers.loop.record import finished
from falsifiers.program import aprtrain, workshop
from falsifiers.subject import SystemSubject

LONGEST_S: Final = 600.0
"""Of a process, which may compile a large model several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a short training begins with."""

    checkpoint: Path
    shards: Path
    device: str
    settings: tuple[str, ...]
    """Options for all settings of the run; later ones of the same name count."""


def start_of(subject: SystemSubject) -> Start:
    """The run's own weights, text and settings."""
    system: Any = subject.system
    settings = dataclasses.asdict(system.train) | dataclasses.asdict(system.eval)
    settings |= {"mode": "finetune", "target_val_loss": None}
    return Start(
        checkpoint=system.tokenizer.parent,
        shards=system.shards.folder,
        device="cuda" if system.device_platform == "gpu" else "cpu",
        settings=tuple(part for name, value in settings.items() for part in _option(name, value)),
    )


def _option(name: str, value: object) -> tuple[str, ...]:
    flag = name.replace("_", "-")
    if isinstance(value, bool):
        return (f"--{flag}" if value else f"--no-{flag}",)
    return () if value is None else (f"--{flag}", str(value))


def train(start: Start, run: Path, *options: str, env: Mapping[str, str] | None = None) -> None:
    """Train into a folder; RuntimeError where that does not come to its end."""
    where: tuple[str | Path, ...] = ("--init", start.checkpoint, "--dataset", start.shards, "--run-dir", run)
    settings = ("--device", start.device, *start.settings, *options)
    finished(aprtrain("pretrain", *where, *settings, cwd=workshop(), timeout=LONGEST_S, env=env))
