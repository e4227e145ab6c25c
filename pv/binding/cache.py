"""Remembers what source files mean, by the digest of their bytes; safe to delete at any time."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from pv.binding.locate import Locator
from pv.binding.syntax import Import, Source, analyse
from pv.errors import BindingError

FORMAT = "1"
"""Changes whenever the walk over the syntax does."""

MOST = 4096
"""Entries that are kept; beyond it only those of this session are."""


class SyntaxCache:
    """Analyses each source file once.

    Without a path it lasts as long as the object. With one, it starts from what is stored there, and `save`
    stores it again; a stored file that is corrupt, or of another format, counts as empty.
    """

    def __init__(self, path: Path | None = None, folders: Sequence[str] = ()) -> None:
        self._path = path
        self._known = _load(path) if path else {}
        self._used: dict[str, Source] = {}
        self._fresh = False
        self.locator = Locator(folders)

    def source(self, file: Path) -> Source:
        """Return digest and imports of a source file.

        Raises:
            BindingError: It cannot be read, or is not Python.
        """
        try:
            data = file.read_bytes()
        except OSError as error:
            raise BindingError(str(file), f"cannot be read: {error.strerror}", "restore the file") from error
        key = hashlib.sha256(data).hexdigest()
        if key not in self._used:
            self._used[key] = self._known.get(key) or self._analysed(data, str(file))
        return self._used[key]

    def save(self) -> None:
        """Store what was learned, in one step; a cache that cannot be written is no loss."""
        if self._path is None or not self._fresh:
            return
        kept = self._known | self._used
        rows = {key: _row(source) for key, source in (kept if len(kept) <= MOST else self._used).items()}
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps({"format": FORMAT, "files": rows}), encoding="utf-8")
            aside.replace(self._path)
            self._fresh = False

    def _analysed(self, data: bytes, name: str) -> Source:
        self._fresh = True
        return _analysis(data, name)


@lru_cache(maxsize=MOST)
def _analysis(data: bytes, name: str) -> Source:
    """Analysed once a process, however many trials it carries out."""
    return analyse(data, name)


def _load(path: Path) -> dict[str, Source]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            return {}
        return {key: _source(row) for key, row in stored["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _row(source: Source) -> dict[str, Any]:
    imports = [[each.level, each.module, list(each.names)] for each in source.imports]
    return {"digest": source.digest, "imports": imports}


def _source(row: Mapping[str, Any]) -> Source:
    imports = tuple(
        Import(level=int(level), module=str(module), names=tuple(map(str, names)))
        for level, module, names in row["imports"]
    )
    return Source(digest=str(row["digest"]), imports=imports)
