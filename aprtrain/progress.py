"""How far along, and how long still: one line that moves on a terminal, few lines in a log."""

from __future__ import annotations

import sys
import time

LOG_INTERVAL_S = 10.0
TERMINAL_INTERVAL_S = 0.2


class Progress:
    """Progress of `total` units on stderr, with the time that remains at the average pace so far."""

    def __init__(self, label: str, total: int, *, unit: str, done: int = 0) -> None:
        self._label, self._total, self._unit = label, total, unit
        self._first = self._done = done
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def advance(self, units: int, note: str = "") -> None:
        """`units` more are done."""
        self._done += units
        now = time.monotonic()
        if now - self._shown >= (TERMINAL_INTERVAL_S if self._terminal else LOG_INTERVAL_S):
            self._shown = now
            self._show(note)

    def skip(self, units: int) -> None:
        """`units` were done before, and say nothing about the pace."""
        self._first += units
        self._done += units

    def finish(self) -> None:
        """The last state stands, with the time it took."""
        took = time.monotonic() - self._started
        self.clear()
        sys.stderr.write(f"{self._label}: {self._done:,} of {self._total:,} {self._unit} in {took:.1f} s\n")
        sys.stderr.flush()

    def clear(self) -> None:
        """The moving line is gone, so that others can print."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")

    def _show(self, note: str) -> None:
        pace = (time.monotonic() - self._started) / max(1, self._done - self._first)
        left = pace * (self._total - self._done)
        line = f"{self._label}: {self._done:,} of {self._total:,} {self._unit}, {left:.0f} s left {note}"
        sys.stderr.write(f"\r\x1b[K{line}" if self._terminal else line + "\n")
        sys.stderr.flush()
