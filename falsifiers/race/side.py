"""What both sides of a race have in common: the windows they read, and how they are asked for steps.

A side writes one JSON line once it is ready, and one for each block of steps that a line on its stdin asks for.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

WINDOWS: Final = 4
LEARNING_RATE: Final = 1e-5
"""So small that roundings do not grow: at 3e-4 the sides' losses parted by tenths after ten steps on random tokens."""
Loss = TypeVar("Loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepper(Generic[Loss]):
    """A side that is ready to go."""

    step: Callable[[int], Loss]
    """Begins a step on the window of that number, and hands out its loss, which may still be under way."""
    read: Callable[[Loss], float]
    """Waits for a loss, in nats per token."""
    about: Mapping[str, Any]
    """What the side says of itself: device, versions."""
    peak_gib: Callable[[], float | None]
    """The most memory that its steps took of the device so far, as far as it can tell."""


def size_of(text: str) -> tuple[str, int, int]:
    """Shape, windows and tokens a window of SHAPE:BATCHxTOKENS."""
    name, _, of = text.rpartition(":")
    batch, _, length = of.partition("x")
    return name, int(batch), int(length)


def windows(vocab_size: int, batch: int, length: int) -> list[npt.NDArray[np.int32]]:
    """Batches [batch, length + 1] of random ids that are read in turn, the same ones on every side."""
    return [
        np.random.default_rng(seed).integers(0, vocab_size, (batch, length + 1), dtype=np.int32)
        for seed in range(WINDOWS)
    ]


def options(description: str | None) -> argparse.ArgumentParser:
    """What every side is told."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    return parser


def serve(stepper: Stepper[Loss]) -> None:
    """Say what one is, then take as many steps as each line of stdin asks for; the loss of a step is read late.

    So the device never waits for the host, and the host is never more than a step ahead.
    """
    _say(stepper.about)
    done = 0
    for line in sys.stdin:
        count, losses, before = int(line), [], None
        began = time.perf_counter()
        for index in range(done, done + count):
            loss = stepper.step(index % WINDOWS)
            if before is not None:
                losses.append(stepper.read(before))
            before = loss
        if before is not None:
            losses.append(stepper.read(before))
        _say({"seconds": time.perf_counter() - began, "losses": losses, "peak_gib": stepper.peak_gib()})
        done += count


def _say(row: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()
