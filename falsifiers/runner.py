"""Runs a module as `python -m` does, and writes down each source file that it imports, as it does so.

`python -P runner.py IMPORTS SEARCH MODULE ARGUMENT…`: IMPORTS gets a line a module, its name and its file, at the
moment it is found, so that a process that is killed has left them too; SEARCH is the path that modules are looked for
on, as JSON. It imports nothing but the standard library: what runs under it is a program as it is at other times.

`python -P runner.py --serve SOCKET SEARCH LIBRARY…` imports the libraries once, and forks for each message on the
socket a process that goes on as above, the first of a session, in which nothing has happened but these imports.
"""

import json
import os
import runpy
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

SERVE = "--serve"
MOST_ARGUMENTS = 1 << 17
"""Bytes of a message, at most."""
FOLLOWED = "FALSIFIERS_IMPORTS"
"""Variable that names the file, for those of a program's own processes that say what they import."""


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

    The third gets the process id, a line, and its exit status, another. The end of the socket is the end of the server.
    """
    import gc
    import importlib
    import signal
    import socket

    for name in libraries:
        importlib.import_module(name)
    gc.freeze()
    channel = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, MOST_ARGUMENTS, 3)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            channel.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            out, err, reply = descriptors
            child = os.fork()
            if child == 0:
                os.close(reply)
                os.setsid()
                os.dup2(out, 1)
                os.dup2(err, 2)
                arguments: list[str] = json.loads(message)
                os.chdir(arguments.pop(0))
                os.environ[FOLLOWED] = arguments[0]
                return arguments
            os.write(reply, f"{child}\n".encode())
            _, status = os.waitpid(child, 0)
            os.write(reply, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os._exit(0)
        for one in descriptors:
            os.close(one)


def follow() -> None:
    """Write down what this process imports from now on, where the one that started it is written down."""
    if path := os.environ.get(FOLLOWED):
        sys.meta_path.insert(0, Recorder(os.open(path, os.O_WRONLY | os.O_APPEND)))


def main() -> None:
    """Take the place of the module that the arguments name."""
    if sys.argv[1] == SERVE:
        _, _, descriptor, search, *libraries = sys.argv
        sys.path[:] = json.loads(search)
        sys.argv[1:] = served(int(descriptor), libraries)
    imports, search, module, *arguments = sys.argv[1:]
    sys.path[:] = json.loads(search)
    sys.argv[:] = [module, *arguments]
    sys.meta_path.insert(0, Recorder(os.open(imports, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
