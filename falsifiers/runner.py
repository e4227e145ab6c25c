"""Runs a module as `python -m` does, and writes down each source file that it imports, as it does so.

`python -P runner.py IMPORTS SEARCH MODULE ARGUMENT…`: IMPORTS gets a line a module, its name and its file, at the
moment it is found, so that a process that is killed has left them too; SEARCH is the path that modules are looked for
on, as JSON. It imports nothing but the standard library: what runs under it is a program as it is at other times.

`python -P runner.py --serve SOCKET SEARCH LIBRARY…` imports the libraries once, and forks for each message on the
socket a process that goes on as above, the first of a session, in which nothing has happened but these imports. Where
its SEARCH finds another library than was imported, the process starts afresh.

With an empty IMPORTS nothing is written down; SEARCH `null` is the path that PYTHONPATH gives.
"""

import contextlib
import json
import os
import runpy
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

SERVE = "--serve"
MOST_ARGUMENTS = 1 << 17
"""Bytes of a message, at most."""
MOST_DESCRIPTORS = 16
FOLLOWED = "FALSIFIERS_IMPORTS"
"""Variable that names the file, for those of a program's own processes that say what they import."""
SERVER = "FALSIFIERS_SERVER"
"""Variable with the descriptor of the socket of the server that forked a process, where this may use it too."""


class Recorder:
    """A finder that asks the others, and writes down what they found."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the first of the other finders returns."""
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.origin and spec.origin.endswith(".py"):
                    os.write(self._descriptor, f"{name}\t{spec.origin}\n".encode(errors="surrogateescape"))
                return spec
        return None


def served(descriptor: int, libraries: Sequence[str]) -> list[str]:
    """Return once for each message, in a new process: the arguments in it, for the first two descriptors to write to.

    A message is a JSON object: `cwd`, `variables` to set, `arguments`, and `live` where each line is to be written at
    once. The third descriptor gets the process id, a line, and the exit status, another. The process keeps the
    others; the last of them may be the server's socket, `shared`. The end of the socket is the end of the server.
    """
    import gc
    import importlib
    import signal
    import socket

    variables = dict(os.environ)
    for name in libraries:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    os.environ.clear()
    os.environ.update(variables)  # libraries set some
    gc.freeze()
    channel = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, MOST_ARGUMENTS, MOST_DESCRIPTORS)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            channel.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            out, err, reply, *kept = descriptors
            child = os.fork()
            if child == 0:
                os.setsid()
                os.write(reply, f"{os.getpid()}\n".encode())  # whoever asked may be gone
                return _entered(json.loads(message), out, err, reply, kept, libraries)
            for one in (out, err, *kept):
                os.close(one)
            _, status = os.waitpid(child, 0)
            os.write(reply, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os._exit(0)
        for one in descriptors:
            os.close(one)


def _entered(
    message: dict[str, Any], out: int, err: int, reply: int, kept: list[int], libraries: Sequence[str]
) -> list[str]:
    """Make this process what the message asks for, and return its arguments."""
    for one, standard in ((out, 1), (err, 2)):
        os.dup2(one, standard)
    for one in (out, err, reply):
        os.close(one)
    os.chdir(message["cwd"])
    os.environ.update(message["variables"])
    if message["shared"]:
        os.environ[SERVER] = str(kept[-1])
    arguments: list[str] = message["arguments"]
    if _found_elsewhere(libraries, _path(arguments[1])):
        live = ["-u"] if message["live"] else []
        os.execv(sys.executable, [sys.executable, "-P", *live, __file__, *arguments])  # noqa: S606
    if message["live"]:
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return arguments


def _path(search: str) -> list[str]:
    """Where modules are looked for."""
    given = os.environ.get("PYTHONPATH")
    first = [os.path.abspath(entry) for entry in given.split(os.pathsep)] if given else []  # noqa: PTH100  as site does
    found: list[str] = json.loads(search) or list(dict.fromkeys([*first, *sys.path]))
    return found


def _found_elsewhere(libraries: Sequence[str], path: list[str]) -> bool:
    """Whether a path leads to another library than was imported."""
    for name in {library.partition(".")[0] for library in libraries}:
        spec = PathFinder.find_spec(name, path)
        if spec and spec.origin and spec.origin != getattr(sys.modules.get(name), "__file__", None):
            return True
    return False


def follow() -> None:
    """Write down what this process imports from now on, where the one that started it is written down."""
    if path := os.environ.get(FOLLOWED):
        sys.meta_path.insert(0, Recorder(os.open(path, os.O_WRONLY | os.O_APPEND)))


def main() -> None:
    """Take the place of the module that the arguments name."""
    if sys.argv[1] == SERVE:
        _, _, descriptor, search, *libraries = sys.argv
        sys.path[:] = _path(search)
        sys.argv[1:] = served(int(descriptor), libraries)
    imports, search, module, *arguments = sys.argv[1:]
    sys.path[:] = _path(search)
    sys.argv[:] = [module, *arguments]
    if imports:
        sys.meta_path.insert(0, Recorder(os.open(imports, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
