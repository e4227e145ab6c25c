"""Remembers what a command printed for exactly these inputs, so that it need not be derived again.

A verdict is a pure function of files. The key digests every byte that takes part: our own sources, the contracts,
the evidence and the scratch bundles, and how the result is to be printed; an entry also names the source trees that
took part, with their digests. An altered byte anywhere is another key. Entries are safe to delete, to share and to
write in parallel.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pv.cli.inputs import packages, sources_digest
from pv.records import dataclass

FORMAT = "2"
MOST = 64
"""Entries that are kept; the oldest go first."""

Inputs = Sequence[tuple[Callable[[Path], str], Sequence[Path]]]
"""What digests files or folders, with those that it is to digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What was printed, and how it ended."""

    text: str
    remarks: tuple[str, ...]
    exit_status: int


class Memo:
    """One command's entry under `.pv/cache/printed/`.

    Args:
        folder: Where entries lie.
        inputs: Files and folders whose bytes decide the result; one that is missing counts as missing.
        settings: Everything else that decides it: paths as given, format, width, colours.
    """

    def __init__(self, folder: Path, inputs: Inputs, settings: Sequence[object]) -> None:
        self._folder = folder
        self._inputs = inputs
        own = sources_digest(Path(__file__).parents[1])
        self._settings = repr([FORMAT, sys.version, sys.path, packages(), own, list(settings)])
        self._key = self._current_key()

    def recall(self) -> Remembered | None:
        """Return what is remembered, if the sources that took part are still what they were."""
        try:
            entry = json.loads(self._path().read_text(encoding="utf-8"))
            fresh = all(sources_digest(Path(root)) == digest for root, digest in entry["sources"].items())
            found = entry["printed"]
            printed = Remembered(
                text=str(found["text"]),
                remarks=tuple(map(str, found["remarks"])),
                exit_status=int(found["exit_status"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return printed if fresh else None

    def keep(self, printed: Remembered, sources: Iterable[Path]) -> None:
        """Store a result with the source trees it rests on; a folder that cannot be written is no loss.

        What was derived while an input changed is not stored: nobody knows which of the two it belongs to.
        """
        entry = {"printed": asdict(printed), "sources": {str(root): sources_digest(root) for root in sources}}
        if self._current_key() != self._key:
            return
        aside = self._path().with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(entry), encoding="utf-8")
            aside.replace(self._path())
            entries = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
            for stale in entries[:-MOST]:
                stale.unlink(missing_ok=True)

    def _current_key(self) -> str:
        digests = [f"{path}\0{digest(path)}" for digest, paths in self._inputs for path in paths]
        return hashlib.sha256("\0".join([self._settings, *digests]).encode(errors="surrogateescape")).hexdigest()

    def _path(self) -> Path:
        return self._folder / f"{self._key}.json"
