"""Opens bundles: integrity first, then the content, and a fault for everything that speaks against it."""

import csv
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pv.errors import EvidenceError
from pv.evidence.bundle import Bundle, Fault, Opened, Row
from pv.evidence.canonical import lines_of, parse_jsonl, parse_object
from pv.evidence.chain import broken_at
from pv.evidence.integrity import Checked, check_integrity
from pv.evidence.manifest import MANIFEST, raw_files
from pv.evidence.shape import shape_faults

COMPULSORY = ("raw/claim.lock.json", "raw/run.json")
METRICS = "raw/metrics.jsonl"
DEVICE_COLUMNS = ("time", "pid", "device", "memory_mib", "utilisation_pct")
UNFINISHED = ".tmp-"
"""Begins the name of a folder that is still being written."""

_Part = TypeVar("_Part")


def open_bundle(path: Path) -> Opened:
    """Read a sealed bundle; whatever lies in the folder, nothing is raised.

    Returns:
        The bundle and the faults found: `altered-evidence` for a difference between what was sealed and what
        lies there, `unreadable-evidence` for content that cannot be parsed, `broken-chain` for a row of
        `metrics.jsonl` that does not follow from the one before, `incomplete-evidence` for a missing
        compulsory file. The bundle is None where manifest, claim lock or run record could not be read at
        all.
    """
    checked = check_integrity(path)
    return _opened(path, checked, sealed=bool(checked.digest))


def open_unsealed(folder: Path) -> Opened:
    """Read `folder/raw` before it is sealed: as `open_bundle`, but nothing is known yet of integrity."""
    seen = Checked()
    try:
        for name, path in raw_files(folder):
            if path.is_file() and not path.is_symlink():
                seen.contents[name] = path.read_bytes()
    except (EvidenceError, OSError) as error:
        seen.faults.append(Fault(rule="unreadable-evidence", file="raw", message=str(error)))
    return _opened(folder, seen, sealed=True)


def find_bundles(root: Path, contract_stem: str | None = None) -> list[Path]:
    """Return the bundles below `root`, sorted: finished folders with a manifest, two levels down."""
    pattern = f"*/*/{MANIFEST}"
    return sorted(
        path.parent
        for path in root.glob(pattern)
        if not path.parent.name.startswith(UNFINISHED)
        and not path.parent.parent.name.startswith(UNFINISHED)
        and contract_stem in {None, path.parent.parent.name}
    )


def _opened(path: Path, checked: Checked, *, sealed: bool) -> Opened:
    reader = _Reader(checked.contents, checked.faults)
    bundle = reader.bundle(path, checked.digest) if sealed else None
    return Opened(path=path, bundle=bundle, faults=tuple(checked.faults))


@dataclass(slots=True)
class _Reader:
    """Parses the parts of a bundle from bytes that were hashed already."""

    contents: Mapping[str, bytes]
    faults: list[Fault] = field(default_factory=list)
    metrics: tuple[Row, ...] | None = None
    """Rows of the metrics, once they were parsed."""

    def bundle(self, path: Path, digest: str) -> Bundle | None:
        """Return the parsed content, or None if a compulsory file is missing or unreadable."""
        for name in COMPULSORY:
            if name not in self.contents:
                self._fault("incomplete-evidence", name, "every bundle has it, this one does not")
        self._check_chain()
        lock, run = (self._object(name) for name in COMPULSORY)
        bundle = Bundle(
            path=path,
            digest=digest,
            lock=lock,
            run=run,
            data=self._object("raw/data.json"),
            tensors=self._object("raw/tensors.json"),
            summary=self._object("raw/summary.json"),
            metrics=self._rows(METRICS) if self.metrics is None else self.metrics,
            epochs=tuple(self._object(name) for name in self._below("raw/epochs/", ".json")),
            reported=self._rows("raw/reported.jsonl"),
            evals=self._rows("raw/evals.jsonl"),
            controls=self._rows("raw/controls.jsonl"),
            attacks={
                name.removeprefix("raw/attacks/").removesuffix(".jsonl"): self._rows(name)
                for name in self._below("raw/attacks/", ".jsonl")
            },
            processes=self._rows("raw/processes.jsonl"),
            race=self._rows("raw/race.jsonl"),
            imports=self._rows("raw/imports.jsonl"),
            device=self._parsed("raw/device.csv", _device_rows, ()),
            log=self.contents.get("raw/log.txt", b"").decode("utf-8", errors="replace"),
            patch=self.contents.get("raw/mutant.patch", b"").decode("utf-8", errors="replace"),
        )
        unread = self._unread()
        self.faults.extend(fault for fault in shape_faults(bundle) if fault.file not in unread)
        return None if self._unread() & set(COMPULSORY) else bundle

    def _unread(self) -> set[str]:
        """Return the files that are missing, or whose content cannot be relied on."""
        rules = {"incomplete-evidence", "unreadable-evidence"}
        return {fault.file for fault in self.faults if fault.rule in rules}

    def _below(self, prefix: str, suffix: str) -> list[str]:
        return [name for name in self.contents if name.startswith(prefix) and name.endswith(suffix)]

    def _object(self, name: str) -> Row:
        return self._parsed(name, lambda data: parse_object(data, name), {})

    def _rows(self, name: str) -> tuple[Row, ...]:
        return self._parsed(name, lambda data: parse_jsonl(data, name), ())

    def _parsed(self, name: str, parse: Callable[[bytes], _Part], empty: _Part) -> _Part:
        if name not in self.contents:
            return empty
        try:
            return parse(self.contents[name])
        except EvidenceError as error:
            self._fault("unreadable-evidence", name, f"{error.where.rpartition('/')[2]}: {error.what}")
        return empty

    def _check_chain(self) -> None:
        data = self.contents.get(METRICS, b"")
        with suppress(EvidenceError):
            self.metrics = parse_jsonl(data, METRICS)
        at = broken_at(lines_of(data), self.metrics)
        if at is not None:
            self._fault("broken-chain", METRICS, f"line {at + 1} does not name the digest of the line before it")

    def _fault(self, rule: str, name: str, message: str) -> None:
        self.faults.append(Fault(rule=rule, file=name, message=message))


def _device_rows(data: bytes) -> tuple[Row, ...]:
    """Parse the samples of a device; a sample that was cut short is left out."""
    try:
        lines = list(csv.reader(data.decode("utf-8").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError("device.csv", str(error), "") from error
    if not lines or tuple(lines[0]) != DEVICE_COLUMNS:
        raise EvidenceError("device.csv:1", f"its columns are not {','.join(DEVICE_COLUMNS)}", "")
    rows: list[dict[str, Any]] = [
        dict(zip(DEVICE_COLUMNS, line, strict=True)) for line in lines[1:] if len(line) == len(DEVICE_COLUMNS)
    ]
    return tuple(rows)
