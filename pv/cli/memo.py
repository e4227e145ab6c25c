"""Remembers what a command printed for exactly these inputs, so that it need not be derived again.

A verdict is a pure function of files. The key digests every byte that takes part: the contracts, the evidence and
the scratch bundles, and how the result is to be printed; an entry also names the source trees that took part, with
their digests. An altered byte anywhere is another key. Entries are safe to delete, to share and to write in parallel.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = "1"
MOST = 64
"""Entries that are kept; the oldest go first."""

_IGNORED = frozenset({"__pycache__", "checkpoint"})


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

    def __init__(self, folder: Path, inputs: Iterable[Path], settings: Sequence[object]) -> None:
        own = _tree_stamp(Path(__file__).parents[1])
        parts = [FORMAT, sys.version, own, repr(list(settings)), *(tree_digest(path) for path in inputs)]
        self._folder = folder
        self._path = folder / f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}.json"

    def recall(self) -> Remembered | None:
        """Return what is remembered, if the sources that took part are still what they were."""
        try:
            entry = json.loads(self._path.read_text(encoding="utf-8"))
            fresh = all(tree_digest(Path(root)) == digest for root, digest in entry["sources"].items())
            found = entry["printed"]
            printed = Remembered(
                text=str(found["text"]),
                remarks=tuple(map(str, found["remarks"])),
                exit_status=int(found["exit_status"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return printed if fresh else None

    def keep(self, printed: Remembered, sources: Iterable[Path]) -> None:
        """Store a result with the source trees it rests on; a folder that cannot be written is no loss."""
        entry = {"printed": asdict(printed), "sources": {str(root): tree_digest(root) for root in sources}}
        aside = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(entry), encoding="utf-8")
            aside.replace(self._path)
            entries = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
            for stale in entries[:-MOST]:
                stale.unlink(missing_ok=True)


def tree_digest(root: Path) -> str:
    """Return a digest of a file, or of all names and bytes below a folder; each real folder is visited once."""
    total = hashlib.sha256()
    for path, name in _files(root):
        total.update(f"{name}\0".encode(errors="surrogateescape"))
        try:
            total.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:
            total.update(f"unreadable {error.errno}".encode())
    return total.hexdigest()


def _tree_stamp(root: Path) -> str:
    """Sizes and times of our own sources: cheaper than their bytes, and nobody judges them."""
    stats = ((name, path.stat()) for path, name in _files(root) if name.endswith((".py", ".json")))
    return repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])


def _files(root: Path) -> list[tuple[Path, str]]:
    """Every file below a folder with its name relative to it, in order; the file itself if it is one."""
    if not root.is_dir():
        return [(root, "")]
    found = []
    visited: set[str] = set()
    for folder, folders, names in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        folders[:] = sorted(name for name in folders if name not in _IGNORED) if real not in visited else []
        if real not in visited:
            found += [(Path(folder, name), Path(folder, name).relative_to(root).as_posix()) for name in sorted(names)]
        visited.add(real)
    return found
