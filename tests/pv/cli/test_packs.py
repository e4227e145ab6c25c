"""Packs keep what was put in, refuse what was altered, and stay few."""

import hashlib
import os
from pathlib import Path

import pytest

from pv.cli import packs as packs_module
from pv.cli.packs import Packs


def key(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def fill(folder: Path, count: int) -> None:
    """One pack an entry, the last one newest."""
    for number in range(count):
        before = set(folder.glob("*"))
        Packs(folder).add({key(number): b"entry %d" % number})
        for path in set(folder.glob("*")) - before:
            os.utime(path, (number, number))


def test_what_was_added_is_found(tmp_path: Path) -> None:
    Packs(tmp_path).add({key(1): b"one", key(2): b""})
    fill(tmp_path, 1)
    found = Packs(tmp_path)
    assert [found.content(key(number)) for number in range(4)] == [b"entry 0", b"one", b"", None]


def test_an_altered_head_hides_its_pack_alone(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    path = min(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    content = path.read_bytes()
    for at in range(content.index(b"entry")):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert [Packs(tmp_path).content(key(number)) for number in range(2)] == [None, b"entry 1"]
        path.write_bytes(content[:at])
        assert Packs(tmp_path).content(key(0)) is None


def test_many_packs_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs_module, "MOST_PACKS", 4)
    fill(tmp_path, 5)
    assert len(list(tmp_path.iterdir())) == 1
    assert [Packs(tmp_path).content(key(number)) for number in range(5)] == [b"entry %d" % n for n in range(5)]


def test_the_older_half_goes_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs_module, "MOST", 4)
    fill(tmp_path, 5)
    kept = [Packs(tmp_path).content(key(number)) for number in range(5)]
    assert kept == [None, None, None, b"entry 3", b"entry 4"]


def test_a_pack_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    found = Packs(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    assert found.content(key(0)) is None
