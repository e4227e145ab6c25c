"""How far along, and how long still: a bar that moves on a terminal, few lines in a log."""

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

LOG_INTERVAL_S = 10.0
COUNT = "{task.completed:,.0f} of {task.total:,.0f} {task.fields[unit]}"


class Progress:
    """Progress of `total` units on stderr, with the time that remains at the recent pace."""

    def __init__(self, label: str, total: int, *, unit: str, done: int = 0) -> None:
        self._terminal = sys.stderr.isatty()
        self._bar = Bar(
            *(TextColumn("{task.description}"), BarColumn(None), TextColumn(COUNT)),
            *(TextColumn("{task.fields[note]}"), TimeRemainingColumn()),
            console=Console(stderr=True),
            redirect_stdout=sys.stdout.isatty(),
            transient=True,
            expand=True,
            disable=not self._terminal,
        )
        self._task = self._bar.add_task(label, total=total, completed=done, unit=unit, note="")
        self._started = self._shown = time.monotonic()
        self._bar.start()

    def advance(self, units: int, note: str = "") -> None:
        """`units` more are done."""
        self._bar.update(self._task, advance=units, note=note)
        if not self._terminal and time.monotonic() - self._shown >= LOG_INTERVAL_S:
            self._shown = time.monotonic()
            task = self._bar.tasks[0]
            left = "" if task.time_remaining is None else f", {task.time_remaining:.0f} s left"
            self._write(f"{self._count()}{left} {note}")

    def close(self) -> None:
        """The bar is gone."""
        self._bar.stop()

    def finish(self) -> None:
        """The last state stands, with the time it took."""
        self.close()
        self._write(f"{self._count()} in {time.monotonic() - self._started:.1f} s")

    def _count(self) -> str:
        return COUNT.format(task=self._bar.tasks[0])

    def _write(self, text: str) -> None:
        sys.stderr.write(f"{self._bar.tasks[0].description}: {text}\n")
        sys.stderr.flush()
