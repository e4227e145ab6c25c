"""Where the source of a module lies, found without importing anything."""

import re
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)


class Locator:
    """Finds source files; each name is looked up once.

    Args:
        folders: Where to look for what is not installed, e.g. the folder of a project.
    """

    def __init__(self, folders: Sequence[str] = ()) -> None:
        self._folders = list(folders)
        self._specs: dict[str, ModuleSpec | None] = {}
        self._files: dict[str, Path | None] = {}

    def package_root(self, package: str) -> Path | None:
        """Return the folder of an installed top-level package; None where there is none."""
        spec = self._spec(package)
        if spec is None or not spec.submodule_search_locations:
            return None
        return Path(next(iter(spec.submodule_search_locations)))

    def module_file(self, module: str) -> Path | None:
        """Return the source file of a module; None where there is none, or the name is not a module's."""
        if module not in self._files:
            self._files[module] = self._found(module)
        return self._files[module]

    def _found(self, module: str) -> Path | None:
        if not _NAME.fullmatch(module):
            return None
        top, *below = module.split(".")
        root = self.package_root(top)
        if root is None:
            spec = None if below else self._spec(top)
            return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None
        path = root.joinpath(*below)
        candidates = (path / "__init__.py", path.with_name(path.name + ".py"))
        return next((file for file in candidates[: 2 if below else 1] if file.is_file()), None)

    def _spec(self, top: str) -> ModuleSpec | None:
        if top not in self._specs:
            self._specs[top] = _top_level_spec(top, self._folders)
        return self._specs[top]


def _top_level_spec(top: str, folders: list[str]) -> ModuleSpec | None:
    if not _NAME.fullmatch(top) or "." in top:
        return None
    try:
        return find_spec(top) or (PathFinder.find_spec(top, folders) if folders else None)
    except (ImportError, ValueError):
        return None
