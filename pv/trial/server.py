"""A process that has imported what takes seconds and is never under test, and forks the commands of trials.

A forked command starts as `python -P -u -m` would start it, but for these imports: its modules, a planted fault among
them, are looked for by its own PYTHONPATH. The server is the falsifiers' own; a judge may have it fork too.
"""

import atexit
import functools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from pv.binding import PACKAGE

LIBRARIES: Final = (
    "click",
    "flax.nnx",
    "hypothesis.strategies",
    "jax",
    "numpy",
    "optax",
    "orbax.checkpoint",
    "pydantic.dataclasses",
    "rich.progress",
    "safetensors",
    "tokenizers",
    "yaml",
)
"""Those that are not installed are left out."""

PYTHONPATH: Final = "PYTHONPATH"


class Forked:
    """A command that the server forked; as much of `subprocess.Popen` as is needed here."""

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], output: int, held: Sequence[int] = ()
    ) -> None:
        """Start `python -P -u -m *argv`, whose two outputs go to `output`; it inherits `held`."""
        server = _server(_key(environment))
        message = {
            "cwd": os.getcwd(),  # noqa: PTH109  text is what is sent
            "variables": {PYTHONPATH: environment.get(PYTHONPATH, "")},
            "arguments": ["", "null", *argv],
            "live": True,
            "shared": True,
        }
        self._replies, reply = socket.socketpair()
        with reply:
            descriptors = [output, output, reply.fileno(), *held, server.fileno()]
            socket.send_fds(server, [json.dumps(message).encode()], descriptors)
        self.pid = self._number()

    def wait(self, timeout: float | None = None) -> int:
        """As Popen's: the exit status, negative for a signal; TimeoutExpired where the command goes on."""
        self._replies.settimeout(timeout)
        try:
            status = self._number()
        except TimeoutError as error:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from error
        self._replies.close()
        return status

    def _number(self) -> int:
        """Return the next number that the server says."""
        said = b""
        while not said.endswith(b"\n"):
            more = self._replies.recv(1)
            if not more:
                raise OSError("the server of processes has ended")
            said += more
        return int(said)


def start(environment: Mapping[str, str]) -> None:
    """Start the server of an environment, where many commands are to come."""
    _server(_key(environment))


def running() -> bool:
    """Return whether a server was started; a single short command is quicker without one."""
    return _server.cache_info().currsize > 0


def _key(environment: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return the variables that libraries may read as they are imported."""
    return frozenset((name, value) for name, value in environment.items() if name != PYTHONPATH)


@functools.cache
def _server(variables: frozenset[tuple[str, str]]) -> socket.socket:
    """Return where a server takes messages; it ends once nobody holds the socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    spec = find_spec(PACKAGE)
    runner = Path(str(spec and spec.origin)).with_name("runner.py")
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-P", str(runner), "--serve", str(theirs.fileno()), "null", *LIBRARIES],
            env=dict(variables),
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
    with suppress(subprocess.TimeoutExpired):
        server.wait(timeout=5)
