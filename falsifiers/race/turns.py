"""Lets the sides of a race take turns: a block of steps each, over and over, both ready all the time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Final, Self

from falsifiers.race import ours, peer

Row = dict[str, Any]

SIZES: Final = ("qwen2.5-coder-0.5b:4x512", "qwen2.5-coder-0.5b:16x1024", "llama-370m:32x1024")
"""What claims speak of."""
SIDES: Final[Mapping[str, Sequence[str]]] = {
    "aprtrain": (ours.__name__,),
    "transformers": (peer.__name__,),
}
"""Name and command."""
WARM_UP: Final = 5
"""Steps of the first turn, in which a side may compile."""


class RaceError(RuntimeError):
    """A side could not start, or ended before it was done; the message has its last words."""


def race(
    size: str, *, device: str, rounds: int = 4, steps: int = 20, sides: Mapping[str, Sequence[str]] = SIDES
) -> Iterator[Row]:
    """What each side measured in each of its turns; turn 0 is the warm-up.

    Args:
        size: SHAPE:BATCHxTOKENS.
        device: `cuda` or `cpu`.
        rounds: turns of each side after its warm-up.
        steps: steps of a turn.
        sides: name and command of each.

    Yields:
        `size`, `side`, `turn`, `tokens` of a step of each device, `steps`, `seconds`, `losses` in nats/token, and what
        the side says of itself.

    Raises:
        RaceError: a side ended.
    """
    batch, _, length = size.rpartition(":")[2].partition("x")
    with ExitStack() as opened:
        running = {name: opened.enter_context(_Side(command, size, device)) for name, command in sides.items()}
        about = {name: side.heard() for name, side in running.items()}
        for turn in range(rounds + 1):
            asked = steps if turn else WARM_UP
            for name, side in running.items():
                found = side.asked(asked)
                measured = {"turn": turn, "steps": asked, "tokens": int(batch) * int(length), **found}
                yield {"size": size, "side": name, **about[name], **measured}


class _Side:
    """A side's process."""

    def __init__(self, command: Sequence[str], size: str, device: str) -> None:
        module, *more = command
        argv = [sys.executable, "-P", "-m", module, size, "--device", device, *more]
        environment = dict(os.environ) | {"XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
        self._command = " ".join(argv[2:])
        self._process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def asked(self, steps: int) -> Row:
        """What it measured in as many steps."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{steps}\n")
            self._process.stdin.flush()
        return self.heard()

    def heard(self) -> Row:
        """The next object it writes; what else it prints is passed over."""
        for line in self._process.stdout or ():
            if line.startswith("{"):
                found: Row = json.loads(line)
                return found
        raise RaceError(f"{self._command} ended with status {self._process.wait()}; run it by itself")
