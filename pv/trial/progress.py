"""How far a trial is: said by the trial, shown by whoever asked for it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class Progress(Protocol):
    """Receives the course of a trial; `pv.view` shows it to people."""

    def begin(self, estimates_s: Mapping[str, float]) -> None:
        """Announce the stages to come with their estimated seconds; a cached one has 0."""

    def stage(self, name: str) -> None:
        """Announce that a stage has begun."""

    def line(self, text: str, done: int, total: int) -> None:
        """Report a line that the stage printed; `total` is 0 where the line counts nothing."""

    def end(self, name: str, seconds: float, *, cached: bool) -> None:
        """Announce that a stage has ended."""


class Silent:
    """Shows nothing."""

    def begin(self, estimates_s: Mapping[str, float]) -> None:
        """Show nothing."""

    def stage(self, name: str) -> None:
        """Show nothing."""

    def line(self, text: str, done: int, total: int) -> None:
        """Show nothing."""

    def end(self, name: str, seconds: float, *, cached: bool) -> None:
        """Show nothing."""


FIRST_GUESS_S = 20.0


class Timings:
    """Seconds that each stage took the last time on this machine; safe to delete."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            stored = json.loads(path.read_text())
        except (OSError, ValueError):
            stored = {}
        self._seconds = {
            str(key): float(value)
            for key, value in (stored.items() if isinstance(stored, dict) else ())
            if isinstance(value, int | float)
        }

    def estimate_s(self, key: str) -> float:
        """Return the last duration, or a first guess."""
        return self._seconds.get(key, FIRST_GUESS_S)

    def record(self, key: str, seconds: float) -> None:
        """Remember a duration."""
        self._seconds[key] = round(seconds, 1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._seconds, indent=1, sort_keys=True))
