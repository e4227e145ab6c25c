"""Runs one command in its own process group, keeps its output, and passes on its progress."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from pv.trial.progress import Progress

_COUNT = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    exit_code: int
    """Negative for a signal."""

    pid: int
    seconds: float
    last_words: str
    """The last lines it printed, for an error message."""


def run_module(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    progress: Progress,
    watch: Callable[[int], AbstractContextManager[object]] = lambda _pid: nullcontext(),
    held: tuple[int, ...] = (),
) -> Ended:
    """Run `python -P -m *argv`, append what it prints to `log`, and return how it ended.

    `-P` keeps the current folder off the module path, so that an overlay is what gets imported.
    An interrupt is passed on to the whole process group before it is raised here. The command inherits the file
    descriptors in `held`, so that a lock on one of them outlives this process for as long as the command runs.
    """
    command = [sys.executable, "-P", "-u", "-m", *argv]
    started = time.monotonic()
    last: deque[str] = deque(maxlen=2)
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("a", encoding="utf-8") as sink,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            env=dict(environment),
            process_group=0,
            pass_fds=held,
        ) as process,
    ):
        try:
            with watch(process.pid):
                for line in process.stdout or ():
                    sink.write(line)
                    if line.strip():
                        last.append(line.strip())
                        counted = _COUNT.search(line)
                        done, total = (int(part) for part in counted.groups()) if counted else (0, 0)
                        progress.line(line.strip(), done, total)
                process.wait()
        except BaseException:
            _end_group(process)
            raise
    return Ended(
        exit_code=process.returncode,
        pid=process.pid,
        seconds=time.monotonic() - started,
        last_words="; ".join(last),
    )


def _end_group(process: subprocess.Popen[str]) -> None:
    """Terminate the command and everything it started; kill what does not listen."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
