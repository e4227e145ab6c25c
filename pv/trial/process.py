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
from pv.trial.server import Forked

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
    served: bool = False,
) -> Ended:
    """Run `python -P -m *argv`, append what it prints to `log`, and return how it ended.

    `-P` keeps the current folder off the module path, so that an overlay is what gets imported. One that is `served` is
    forked by a server that has imported what most commands import.
    An interrupt is passed on to the whole process group before it is raised here. The command inherits the file
    descriptors in `held`, so that a lock on one of them outlives this process for as long as the command runs.
    """
    started = time.monotonic()
    last: deque[str] = deque(maxlen=2)
    log.parent.mkdir(parents=True, exist_ok=True)
    ours, theirs = os.pipe()
    with log.open("a", encoding="utf-8") as sink, os.fdopen(ours, encoding="utf-8", errors="replace") as lines:
        try:
            process = (Forked if served else _afresh)(argv, environment, theirs, held)
        finally:
            os.close(theirs)
        try:
            with watch(process.pid):
                for line in lines:
                    sink.write(line)
                    if line.strip():
                        last.append(line.strip())
                        counted = _COUNT.search(line)
                        done, total = (int(part) for part in counted.groups()) if counted else (0, 0)
                        progress.line(line.strip(), done, total)
                exit_code = process.wait()
        except BaseException:
            _end_group(process)
            raise
    return Ended(
        exit_code=exit_code,
        pid=process.pid,
        seconds=time.monotonic() - started,
        last_words="; ".join(last),
    )


def _afresh(
    argv: Sequence[str], environment: Mapping[str, str], output: int, held: Sequence[int]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-u", "-m", *argv],
        stdout=output,
        stderr=output,
        stdin=subprocess.DEVNULL,
        env=dict(environment),
        process_group=0,
        pass_fds=held,
    )


def _end_group(process: subprocess.Popen[bytes] | Forked) -> None:
    """Terminate the command and everything it started; kill what does not listen."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
