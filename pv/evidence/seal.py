"""Turns a folder of raw files into a sealed bundle, and keeps bundles."""

import os
import re
import shutil
from datetime import datetime
from pathlib import Path

from pv.errors import EvidenceError
from pv.evidence.integrity import check_integrity
from pv.evidence.manifest import DIGEST_CHARS, MANIFEST, RAW, manifest_bytes, manifest_digest

DERIVED_KEPT = frozenset({".md", ".png", ".svg"})
"""What people read; everything else under `derived/` is recomputed at will."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def seal(staging: Path, runs_root: Path, *, contract: str, profile: str, when: datetime) -> Path:
    """Write the manifest of `staging/raw` and move the folder to its place in one step.

    Args:
        staging: Folder that holds `raw/`; on the file system of `runs_root`.
        runs_root: Where bundles lie.
        contract: Stem of the contract's file name.
        profile: Profile of the run.
        when: Gives the date in the folder's name.

    Returns:
        `<runs_root>/<contract>/<YYYY-MM-DD>-<profile>-<first 12 of the manifest's digest>`. Where the very
        same evidence lies there already, it stays and `staging` is removed.

    Raises:
        EvidenceError: `raw/` is empty or holds links or special files, or the place is taken.
    """
    for name, value in (("contract", contract), ("profile", profile)):
        if not _NAME.fullmatch(value):
            raise EvidenceError(
                f"{name}={value!r}", "it cannot be part of a folder's name", "use letters, digits, . _ -"
            )
    return _place(staging, runs_root / contract, f"{when:%Y-%m-%d}-{profile}")


def reseal(folder: Path) -> Path:
    """Write a bundle's manifest anew from what lies under `raw/`, and rename it to the digest it then has.

    Anybody can do this: a digest shows that a bundle changed, not who made it. What was changed must
    therefore also be wrong in itself, which is why every verdict is derived from the raw record and nothing
    in it is believed.

    Raises:
        EvidenceError: As `seal`.
    """
    whole = folder.resolve()
    stem = whole.name.rpartition("-")[0] if (whole / MANIFEST).exists() else whole.name
    return _place(whole, whole.parent, stem or "bundle")


def keep(bundle: Path, evidence_root: Path) -> Path:
    """Copy a sealed bundle to `<evidence_root>/<contract>/<name>`, without checkpoint and derived data.

    Raises:
        EvidenceError: The bundle is not intact, or the place is taken by another one.
    """
    source = bundle.resolve()
    faults = check_integrity(source).faults
    if faults:
        raise EvidenceError(
            f"{bundle}: {faults[0].file}", faults[0].message, "keep only bundles that pv verify accepts"
        )
    parent = evidence_root / source.parent.name
    target = parent / source.name
    if target.exists():
        return _existing(target, (source / MANIFEST).read_bytes())
    aside = parent / f".tmp-{source.name}-{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(source / RAW, aside / RAW)
    shutil.copyfile(source / MANIFEST, aside / MANIFEST)
    for path in sorted((source / "derived").glob("*")):
        if path.suffix in DERIVED_KEPT and path.is_file():
            (aside / "derived").mkdir(exist_ok=True)
            shutil.copyfile(path, aside / "derived" / path.name)
    aside.rename(target)
    return target


def _place(folder: Path, parent: Path, stem: str) -> Path:
    data = manifest_bytes(folder)
    target = parent / f"{stem}-{manifest_digest(data)[:DIGEST_CHARS]}"
    if target.exists() and not target.samefile(folder):
        _existing(target, data)
        shutil.rmtree(folder)
        return target
    (folder / MANIFEST).write_bytes(data)
    parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.rename(target)
    except OSError as error:
        raise EvidenceError(
            str(target), f"cannot be put there: {error.strerror}", "stage the record on the same file system"
        ) from error
    return target


def _existing(target: Path, data: bytes) -> Path:
    """Return `target` if it holds, intact, the evidence that `data` is the manifest of."""
    checked = check_integrity(target)
    if checked.faults or checked.digest != manifest_digest(data):
        raise EvidenceError(str(target), "another bundle lies there", "move it away, or verify it with pv verify")
    return target
