"""Shows the course of a trial on standard error: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Mapping
from typing import TextIO

WIDTH = 24
QUIET_S = 10.0


class ProgressView:
    """One line a stage, with the time that remains for the whole trial.

    The estimate of a running stage shrinks with what it has counted; those to come keep their own.
    """

    def __init__(self, stream: TextIO | None = None, *, title: str = "") -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._title = f"{title}: " if title else ""
        self._estimates_s: dict[str, float] = {}
        self._waiting: list[str] = []
        self._stage = ""
        self._began = 0.0
        self._shown = 0.0
        self._drawn = 0

    def begin(self, estimates_s: Mapping[str, float]) -> None:
        """Remember what is to come."""
        self._estimates_s = dict(estimates_s)
        self._waiting = list(estimates_s)

    def stage(self, name: str) -> None:
        """Show that a stage has begun."""
        self._stage, self._began = name, time.monotonic()
        if name in self._waiting:
            self._waiting.remove(name)
        self._shown = 0.0
        self.line("", 0, 0)

    def line(self, text: str, done: int, total: int) -> None:
        """Show how far the stage is; off a terminal only every ten seconds."""
        now = time.monotonic()
        if now - self._shown < (0.1 if self._live else QUIET_S):
            return
        self._shown = now
        spent_s = now - self._began
        share = done / total if total else min(0.95, spent_s / max(self._estimates_s.get(self._stage, 0), 1.0))
        left_s = self._left_in_stage(spent_s, share if total else 0.0) + sum(
            self._estimates_s.get(name, 0.0) for name in self._waiting
        )
        bar = "#" * int(share * WIDTH)
        self._draw(
            f"{self._title}[{bar:<{WIDTH}}] {self._position()} {self._stage:<13} about {_clock(left_s)} left  {text}"
        )

    def end(self, name: str, seconds: float, *, cached: bool) -> None:
        """Show what a stage took."""
        took = "cached" if cached else f"{seconds:.1f} s"
        self._draw(f"{self._title}{self._position()} {name:<13} {took}", final=True)

    def _left_in_stage(self, spent_s: float, share: float) -> float:
        if share > 0.02:
            return spent_s * (1 - share) / share
        return max(self._estimates_s.get(self._stage, 0.0) - spent_s, 1.0)

    def _position(self) -> str:
        total = len(self._estimates_s)
        return f"{total - len(self._waiting)}/{total}"

    def _draw(self, text: str, *, final: bool = False) -> None:
        if not self._live:
            print(text.rstrip(), file=self._stream, flush=True)
            return
        text = text[: _columns() - 1]
        padding = " " * max(self._drawn - len(text), 0)
        self._drawn = 0 if final else len(text)
        print(f"\r{text}{padding}", end="\n" if final else "", file=self._stream, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def _columns() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().columns
