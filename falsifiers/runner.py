"""Runs a module as `python -m` does, and writes down each source file that it imports, as it does so.

`python -P runner.py IMPORTS SEARCH MODULE ARGUMENT…`: IMPORTS gets a line a module, its name and its file, at the
moment it is found, so that a process that is killed has left them too; SEARCH is the path that modules are looked for
on, as JSON. It imports nothing but the standard library: what runs under it is a program as it is at other times.
"""

import json
import os
import runpy
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

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


def follow() -> None:
    """Write down what this process imports from now on, where the one that started it is written down."""
    if path := os.environ.get(FOLLOWED):
        sys.meta_path.insert(0, Recorder(os.open(path, os.O_WRONLY | os.O_APPEND)))


def main() -> None:
    """Take the place of the module that the arguments name."""
    imports, search, module, *arguments = sys.argv[1:]
    sys.path[:] = json.loads(search)
    sys.argv[:] = [module, *arguments]
    sys.meta_path.insert(0, Recorder(os.open(imports, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
