"""Real processes of the program under test, started as anybody starts them, each of them written down.

A claim about a command is about a process: its arguments, its exit status, what it says and leaves behind. A law's
reading starts one with `run`. While `noted` lasts, each leaves a note, from which `raw/processes.jsonl` is made; the
level of the evidence is derived from those rows.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from falsifiers import runner

Stopped: TypeAlias = Literal["", "asked", "time", "output"]

MOST_OUTPUT: Final = 8 * 2**20
"""Bytes that a process may print to one stream before it is killed."""

POLL_S: Final = 0.005

RUNNER: Final = (sys.executable, "-P", str(runner.__file__))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a process ended, and what it said."""

    status: int
    """Exit status; for a signal, its number with a minus."""
    out: str
    err: str
    seconds: float
    stopped: Stopped
    """Why it was killed: because the law asked, after its time, for too much output; empty where it ended by itself."""
    imported: tuple[tuple[str, str], ...]
    """Name and file of each module that it imported, also where it was killed; its children that follow too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is kept of a process as evidence."""

    module: str
    argv: tuple[str, ...]
    """Arguments; its own folder is `.`, and other absolute paths keep their last part."""
    began: bool
    """Whether its module was found; without it no program of that name ran."""
    status: int
    stopped: Stopped
    seconds: float
    stdout_sha256: str
    stderr_sha256: str
    imported: tuple[tuple[str, str], ...]
    platform: str


_notes: list[Note] | None = None

_OWN_SERVER: Final = os.environ.pop(runner.SERVER, "")
_AT_START: Final = frozenset(os.environ.items())


@contextlib.contextmanager
def noted(notes: list[Note]) -> Iterator[None]:
    """While it lasts, each process that `run` starts, in any thread, adds a note when it has ended."""
    global _notes  # noqa: PLW0603 - one attack at a time, and the threads of a reading must share it
    before, _notes = _notes, notes
    try:
        yield
    finally:
        _notes = before


def run(
    module: str,
    *argv: str,
    cwd: Path,
    timeout: float = 60.0,
    kill_at: float | Callable[[], bool] | None = None,
    env: Mapping[str, str] | None = None,
    limits: Mapping[int, int] | None = None,
    libraries: tuple[str, ...] = (),
) -> Ran:
    """Run `python -P -m module *argv` to its end; whatever it leaves running is killed with it.

    It sees the modules that this process sees, a planted fault among them.

    Args:
        module: Program under test, or a part of it.
        argv: Its arguments.
        cwd: Its working folder.
        timeout: Seconds after which it is killed.
        kill_at: When to `kill -9` it: seconds after the start, or what is asked every few milliseconds and says now.
        env: Variables that are set besides those of this process.
        limits: What it may have at most of a resource, e.g. `resource.RLIMIT_AS`, in the resource's own unit.
        libraries: What it would import first in any case and takes a while: a server imports them once, and forks it.
            With variables or limits of its own it is started afresh, as libraries may read these.
    """
    with tempfile.TemporaryDirectory() as folder:
        imports, out, err = (Path(folder, name) for name in ("imports", "out", "err"))
        arguments = [str(imports), json.dumps(sys.path), module, *argv]
        with out.open("wb") as stdout, err.open("wb") as stderr:
            started = time.monotonic()
            process: subprocess.Popen[bytes] | Forked
            if libraries and not (env or limits):
                server = _server(libraries, frozenset(os.environ.items()))
                process = Forked(server, cwd, arguments, (stdout.fileno(), stderr.fileno()))
            else:
                process = subprocess.Popen(
                    [*RUNNER, *arguments],
                    cwd=cwd,
                    env={**os.environ, runner.FOLLOWED: str(imports), **(env or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    start_new_session=True,
                )
            for kind, most in (limits or {}).items():
                resource.prlimit(process.pid, kind, (most, most))
            try:
                stopped = _wait(process, started, timeout, kill_at, (out, err))
            finally:
                _kill_session(process)
        ran = Ran(
            status=process.returncode,
            out=_text(out),
            err=_text(err),
            seconds=time.monotonic() - started,
            stopped=stopped,
            imported=_imported(imports),
        )
        if _notes is not None:
            _notes.append(_note(module, tuple(_relative(one, cwd) for one in argv), ran))
    return ran


class Forked:
    """A process that a server forked; as much of `subprocess.Popen` as is needed here."""

    def __init__(self, server: socket.socket, cwd: Path, arguments: list[str], outputs: tuple[int, int]) -> None:
        followed, path = {runner.FOLLOWED: arguments[0]}, os.environ.get("PYTHONPATH")
        message = {
            "cwd": str(cwd),
            "variables": followed if path is None else followed | {"PYTHONPATH": path},
            "arguments": arguments,
            "live": False,
            "shared": False,
        }
        self._replies, reply = socket.socketpair()
        with reply:
            socket.send_fds(server, [json.dumps(message).encode()], [*outputs, reply.fileno()])
        self._said = b""
        self.returncode = 0
        self.pid = self._number(None)

    def _number(self, timeout: float | None) -> int:
        """The next number that the server says; TimeoutError where it says none in time."""
        self._replies.settimeout(timeout)
        while b"\n" not in self._said:
            more = self._replies.recv(64)
            if not more:
                raise RuntimeError("the server of processes has ended")
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return int(line)

    def wait(self, timeout: float | None = None) -> None:
        """As Popen's; TimeoutExpired where the process goes on."""
        if self._replies.fileno() == -1:
            return
        try:
            self.returncode = self._number(timeout)
        except TimeoutError as error:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from error
        self._replies.close()

    def poll(self) -> int | None:
        """As Popen's: the exit status, or None."""
        return self.returncode if self._replies.fileno() == -1 else None

    def kill(self) -> None:
        """As Popen's."""
        os.kill(self.pid, signal.SIGKILL)


@functools.cache
def _server(libraries: tuple[str, ...], variables: frozenset[tuple[str, str]]) -> socket.socket:
    """Where a server takes messages; it has imported the libraries, and ends when this process does.

    It is the one that forked this process, where that is told and no variable has been set since.
    """
    if _OWN_SERVER and variables == _AT_START:
        return socket.socket(fileno=int(_OWN_SERVER))
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [*RUNNER, runner.SERVE, str(theirs.fileno()), json.dumps(sys.path), *libraries]
        server = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    atexit.register(_end, server, ours)
    return ours


def _end(server: subprocess.Popen[bytes], channel: socket.socket) -> None:
    channel.close()
    server.wait()


def _wait(
    process: subprocess.Popen[bytes] | Forked,
    started: float,
    timeout: float,
    kill_at: float | Callable[[], bool] | None,
    outputs: tuple[Path, Path],
) -> Stopped:
    """Wait until it has ended, or is to be killed, and say why."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(POLL_S)
            return ""
        passed = time.monotonic() - started
        if kill_at is not None and (kill_at() if callable(kill_at) else passed >= kill_at):
            return "asked"
        if passed >= timeout:
            return "time"
        if any(path.stat().st_size > MOST_OUTPUT for path in outputs):
            return "output"


def _kill_session(process: subprocess.Popen[bytes] | Forked) -> None:
    """Kill the process and everything of its session; what has left the session lives on."""
    if process.poll() is None:
        process.kill()
        process.wait()
    while others := list(_session(process.pid)):
        for one in others:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        time.sleep(POLL_S)


def _session(leader: int) -> Iterator[int]:
    """Living processes of a session, where the system lists them in /proc."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, session, *_ = entry.read_text(errors="replace").rpartition(")")[2].split()
            if int(session) == leader and state not in {"Z", "X"}:
                yield int(entry.parent.name)


def _text(output: Path) -> str:
    with output.open("rb") as file:
        return file.read(MOST_OUTPUT).decode("utf-8", errors="replace")


def _note(module: str, argv: tuple[str, ...], ran: Ran) -> Note:
    return Note(
        module=module,
        argv=argv,
        began=any(name == module or name.startswith(f"{module}.") for name, _ in ran.imported),
        status=ran.status,
        stopped=ran.stopped,
        seconds=round(ran.seconds, 3),
        stdout_sha256=hashlib.sha256(ran.out.encode()).hexdigest(),
        stderr_sha256=hashlib.sha256(ran.err.encode()).hexdigest(),
        imported=ran.imported,
        platform=f"{sysconfig.get_platform()} python-{sys.version.split()[0]}",
    )


def _imported(path: Path) -> tuple[tuple[str, str], ...]:
    """Modules and their files; a line that was cut short is left out."""
    if not path.exists():
        return ()
    whole = path.read_text(encoding="utf-8", errors="surrogateescape").rpartition("\n")[0]
    return tuple(sorted({(name, file) for name, _, file in (line.partition("\t") for line in whole.splitlines())}))


def _relative(argument: str, cwd: Path) -> str:
    for folder in (str(cwd), str(cwd.resolve())):
        argument = argument.replace(f"{folder}{os.sep}", "").replace(folder, ".")
    return Path(argument).name if Path(argument).is_absolute() else argument
