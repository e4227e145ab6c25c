"""One file as a contract, with everything that is wrong with it."""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pv.contract import problem
from pv.contract.canonical import canonical
from pv.contract.departure import fitted
from pv.contract.dialect import Dialect
from pv.contract.model import Contract
from pv.contract.problem import Place, Problem
from pv.contract.reader import MAX_BYTES, MAX_PROBLEMS, Document, read
from pv.contract.rules import check
from pv.contract.status import HandStatus, hand_written

if TYPE_CHECKING:
    from pv.contract.legacy import Constant, Registry

_TAKEN: Final = frozenset({"alias", "anchor", "tag"})
_MAX_TOLD: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A file that was read as a contract."""

    path: Path
    contract: Contract | None
    """None where the file cannot be understood as one; the problems say why."""

    problems: tuple[Problem, ...]
    """Everything wrong, in the order of the file."""

    digest: str = ""
    """SHA-256, hex, of the canonical JSON of the parsed document; empty where it is not of our own schema."""

    positions: Mapping[problem.Path, Place] = field(default_factory=dict)
    """Path of a value, e.g. `("falsification_tests", 4, "bound")`, to its 1-based line and column."""

    hand_written: tuple[HandStatus, ...] = ()
    """Statuses that somebody typed; they decide nothing."""

    registry: "Registry | None" = None
    """Where the file is a binding registry of the older tool, which is no contract."""

    constants: "Mapping[tuple[str, str], Constant]" = field(default_factory=dict)
    """In a file of the older tool, the values it gives to names, by name and operator."""

    @property
    def valid(self) -> bool:
        """Whether nothing in it is an error."""
        return self.contract is not None and all(found.severity != "error" for found in self.problems)

    def place(self, *path: str | int) -> Place:
        """Line and column of a value, or of the nearest thing around it."""
        ends = (path[:end] for end in range(len(path), -1, -1))
        return next((self.positions[end] for end in ends if end in self.positions), (1, 1))


def load(path: str | Path, *, dialect: Dialect = "old") -> Loaded:
    """Read one file; bad content, and a file that cannot be read, become problems.

    Args:
        path: The file.
        dialect: For a file of the older tool: which of its generations decides what is rejected.
    """
    path = Path(path)
    try:
        raw = content_of(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        document = Document(path=str(path), data=None)
        return _loaded(path, None, document, [document.problem("unreadable", (), f"cannot be read: {reason}")])
    return parse(raw, path, dialect=dialect)


def content_of(path: Path) -> bytes:
    """The bytes of a file, one more than is accepted at most; a pipe or device is not waited for.

    Raises:
        OSError: It is gone, may not be read, or is no regular file.
        ValueError: No file can have that name.
    """
    found = os.stat(path)  # noqa: PTH116  thousands of them
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "not a regular file")
    with open(path, "rb") as file:  # noqa: PTH123  the same
        raw = file.read(min(found.st_size, MAX_BYTES) + 1)  # space for the most bytes takes longer than the reading
        return raw + file.read(MAX_BYTES + 1 - len(raw)) if len(raw) > found.st_size else raw


def parse(raw: bytes, path: Path, *, dialect: Dialect = "old") -> Loaded:
    """Read the bytes of a file, as `load` does."""
    return _parsed(path, read(raw, str(path)), dialect)


def _parsed(path: Path, document: Document, dialect: Dialect) -> Loaded:
    if not isinstance(document.data, dict):
        found = document.problem("not-a-contract", (), "the file holds no mapping of keys to values")
        return _loaded(path, None, document, () if document.problems else (found,))
    if "pv" in document.data:
        content = canonical(document.data)
        own, problems = fitted(document, content, Contract)
        loaded = _loaded(path, own, document, (*problems, *islice(check(document), MAX_PROBLEMS)))
        return replace(loaded, digest=hashlib.sha256(content).hexdigest())
    return _legacy(path, _tolerated(document), dialect)


def _legacy(path: Path, document: Document, dialect: Dialect) -> Loaded:
    from pv.contract.legacy import constants, read_legacy, read_legacy_registry  # our own files do without

    if registry := read_legacy_registry(document):
        return replace(_loaded(path, None, document, registry[1]), registry=registry[0])
    contract, found_there = read_legacy(document, path.stem, dialect)
    loaded = _loaded(path, contract, document, found_there)
    return replace(loaded, constants=MappingProxyType(constants(document.data)))


def _tolerated(document: Document) -> Document:
    """What our reader refuses and the older tool takes as a warning; some faults are judged by where they stand."""
    elsewhere = {found for _, found in document.unread}
    kept = (
        found._replace(severity="warning", message=f"{found.message} in our own schema")
        if found.code in _TAKEN
        else found
        for found in document.problems
        if found.code != "duplicate-key" and found not in elsewhere
    )
    return replace(document, problems=tuple(kept))


def _loaded(path: Path, contract: Contract | None, document: Document, problems: Iterable[Problem]) -> Loaded:
    unreadable = {(p.line, p.column) for p in document.problems if p.severity == "error"}
    found = dict.fromkeys(p for p in islice(problems, _MAX_TOLD) if (p.line, p.column) not in unreadable)
    ordered = sorted((*document.problems, *found), key=lambda p: (p.line, p.column, p.code, p.message))
    return Loaded(
        path=path,
        contract=contract,
        problems=tuple(ordered),
        positions=document.values,
        hand_written=hand_written(document),
    )
