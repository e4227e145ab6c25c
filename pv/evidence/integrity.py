"""Whether a bundle still holds, byte for byte, what was sealed."""

from dataclasses import field
from pathlib import Path

from pv.errors import EvidenceError
from pv.evidence.bundle import Fault
from pv.evidence.canonical import MAX_BYTES, sha256_bytes, sha256_file
from pv.evidence.manifest import (
    DIGEST_CHARS,
    MANIFEST,
    RAW,
    Entry,
    manifest_digest,
    parse_manifest,
    raw_files,
)
from pv.records import dataclass


@dataclass(slots=True, kw_only=True)
class Checked:
    """What an integrity check saw; the bytes it hashed are the bytes that get parsed."""

    digest: str = ""
    """Of the stored manifest; empty where there is none."""

    contents: dict[str, bytes] = field(default_factory=dict)
    """Path inside the bundle to bytes; files beyond `MAX_BYTES` are hashed and not kept."""

    faults: list[Fault] = field(default_factory=list)

    def altered(self, file: str, message: str) -> None:
        """Note a difference between what was sealed and what lies there."""
        self.faults.append(Fault(rule="altered-evidence", file=file, message=message))


def check_integrity(folder: Path) -> Checked:
    """Compare a folder with its manifest: (1) its name, (2) each listed file, (3) nothing besides.

    Every difference is a fault that names the file; nothing is raised for what lies in the folder.
    """
    seen = Checked()
    data = _manifest_data(folder, seen)
    if data is None:
        return seen
    seen.digest = manifest_digest(data)
    _check_name(folder, seen)  # (1)
    try:
        entries = parse_manifest(data)
    except EvidenceError as error:
        seen.faults.append(Fault(rule="unreadable-evidence", file=MANIFEST, message=error.what))
        seen.digest = ""
        return seen
    for entry in entries:  # (2)
        _check_entry(folder, entry, seen)
    _check_besides(folder, {entry.path for entry in entries}, seen)  # (3)
    return seen


def _manifest_data(folder: Path, seen: Checked) -> bytes | None:
    path = folder / MANIFEST
    if path.is_symlink():
        seen.altered(MANIFEST, "it is a link, not a file")
        return None
    try:
        size = path.stat().st_size
        if size <= MAX_BYTES:
            return path.read_bytes()
        rule, message = "unreadable-evidence", f"it has {size} bytes, at most {MAX_BYTES} are read"
    except FileNotFoundError:
        rule, message = "incomplete-evidence", "there is no manifest, so nothing was sealed"
    except OSError as error:
        rule, message = "unreadable-evidence", f"cannot be read: {error.strerror}"
    seen.faults.append(Fault(rule=rule, file=MANIFEST, message=message))
    return None


def _check_name(folder: Path, seen: Checked) -> None:
    expected = seen.digest[:DIGEST_CHARS]
    found = folder.resolve().name.rpartition("-")[2]
    if found != expected:
        seen.altered(MANIFEST, f"its digest begins {expected}, but the folder's name ends in {found}")


def _check_entry(folder: Path, entry: Entry, seen: Checked) -> None:
    path = folder / entry.path
    try:
        wrong = _not_plain(folder, entry.path)
        if wrong:
            seen.altered(entry.path, wrong)
            return
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else None
        digest = sha256_file(path) if data is None else sha256_bytes(data)
    except OSError as error:
        seen.altered(entry.path, f"cannot be read: {error.strerror}")
        return
    if data is None:
        message = f"it has {size} bytes, at most {MAX_BYTES} are read"
        seen.faults.append(Fault(rule="unreadable-evidence", file=entry.path, message=message))
    else:
        seen.contents[entry.path] = data
        size = len(data)
    if size != entry.size:
        seen.altered(entry.path, f"sealed with {entry.size} bytes, now {size}")
    elif digest != entry.sha256:
        seen.altered(entry.path, f"sealed as sha256 {entry.sha256[:16]}…, now {digest[:16]}…")


def _not_plain(folder: Path, name: str) -> str:
    """Say why `name` is not a regular file reached through plain folders only; empty if it is."""
    path = folder
    for part in Path(name).parts:
        path /= part
        if path.is_symlink():
            return "it is a link, or lies behind one"
    if not path.exists():
        return "it is missing"
    return "" if path.is_file() else "it is not a regular file"


def _check_besides(folder: Path, listed: set[str], seen: Checked) -> None:
    try:
        for name, _ in raw_files(folder):
            if name not in listed:
                seen.altered(_printable(name), "it was not there when the bundle was sealed")
    except EvidenceError as error:
        seen.altered(RAW, error.what)


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)[1:-1]
