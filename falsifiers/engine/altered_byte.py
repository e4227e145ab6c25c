"""One byte that is changed, added or removed after sealing breaks trust, and the file is named.

Hunts for: a file of the evidence, or the manifest, that can be edited without anybody noticing.
Why it matters: a verdict would rest on whoever touched the evidence last.
How it looks: what was done, to which of the bundle's files, and where in it.
If it strikes, suspect: pv/evidence/integrity.py, then pv/evidence/manifest.py.
Blind spots: a bundle that is sealed anew, which anybody can do; see docs/evidence.md.
Sources: FIPS 180-4, SHA-256; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-017.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.engine.command import pv
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ACTS = ("digit", "flip", "add", "remove", "file", "touch")
BROKEN_TRUST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One act upon one file."""

    act: str
    file: int
    """Which of the bundle's files, counted around; the manifest is one of them."""
    place: int
    """Where in it, in thousandths of its size."""
    bit: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every bit of every file; an act that touches nothing but times and permissions must change nothing."""
    from hypothesis import strategies as st

    place = st.integers(0, 999)
    return st.builds(Case, act=st.sampled_from(ACTS), file=st.integers(0, 15), place=place, bit=st.integers(0, 7))


def reading(_subject: None, case: Case) -> float:
    """How many verdicts still trust the bundle or do not name the file, and whether `pv verify` does."""
    with exhibit.bench() as root:
        bundle = exhibit.sealed(exhibit.record(), root)
        files = sorted(path for path in bundle.rglob("*") if path.is_file())
        file = files[case.file % len(files)]
        named = _act(case, bundle, file)
        receipt = exhibit.sealed(exhibit.record(mutant="planted"), root)
        found = exhibit.judged([receipt, bundle])
        distrusts = pv("verify", str(bundle)).status == BROKEN_TRUST
    if case.act == "touch":
        return float(sum(judged.verdict != "DISCHARGED" for judged in found.values()) + distrusts)
    trusting = sum(judged.verdict != "SUSPECT" or named not in judged.said for judged in found.values())
    return float(trusting + (not distrusts))


def _act(case: Case, bundle: Path, file: Path) -> str:
    """Do it, and return the name of the file that is not as it was."""
    data = file.read_bytes()
    at, byte = case.place * len(data) // 1000, 1 << case.bit
    match case.act:
        case "digit":  # the forger's act: the file keeps its size and its form
            at = max(0, *(data.rfind(bytes([digit]), 0, at + 1) for digit in b"0123456789"))
            file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        case "flip":
            file.write_bytes(data[:at] + bytes([data[at] ^ byte]) + data[at + 1 :])
        case "add":
            file.write_bytes(data[:at] + bytes([byte]) + data[at:])
        case "remove":
            file.write_bytes(data[:at] + data[at + 1 :])
        case "file":
            (bundle / "raw" / "added.json").write_bytes(data)
            return "added.json"
        case _:
            os.utime(file, (case.bit, case.bit))
            file.chmod(0o600)
    return file.name


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
