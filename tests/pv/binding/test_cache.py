import json
from pathlib import Path

import pytest

from pv.binding import SyntaxCache, syntax_digest
from pv.binding.cache import MOST


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text("from .a import b\nx = 1\n")
    return path


def filled(path: Path, source: Path) -> str:
    cache = SyntaxCache(path)
    digest = cache.source(source).digest
    cache.save()
    return digest


def no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pv.binding.cache.analyse", lambda *_: pytest.fail("the cache was not used"))


def test_what_is_stored_is_used_again(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cache" / "syntax.json"
    digest = filled(path, source)
    assert digest == syntax_digest(source)
    imports = SyntaxCache().source(source).imports
    no_parser(monkeypatch)
    again = SyntaxCache(path).source(source)
    assert (again.digest, again.imports) == (digest, imports)
    assert [each.name for each in path.parent.iterdir()] == ["syntax.json"]


def test_a_changed_file_is_analysed_again(tmp_path: Path, source: Path) -> None:
    path = tmp_path / "syntax.json"
    digest = filled(path, source)
    source.write_text("x = 2\n")
    assert filled(path, source) == syntax_digest(source) != digest


CORRUPT = [
    "",
    "[]",
    "{",
    "[" * 100_000,
    "\x00",
    '{"format": "1", "files": 3}',
    '{"format": "1", "files": {"a": {"digest": 1}}}',
    '{"format": "0", "files": {}}',
    '{"format": "1", "files": {"a": {"digest": "x", "imports": [[1]]}}}',
]


@pytest.mark.parametrize("text", CORRUPT)
def test_a_corrupt_cache_counts_as_empty(tmp_path: Path, source: Path, text: str) -> None:
    path = tmp_path / "syntax.json"
    path.write_text(text)
    assert filled(path, source) == syntax_digest(source)
    assert json.loads(path.read_text())["format"] == "1"


def test_a_cache_that_cannot_be_written_is_no_loss(tmp_path: Path, source: Path) -> None:
    assert filled(source / "below-a-file" / "syntax.json", source) == syntax_digest(source)


def test_it_does_not_grow_for_ever(tmp_path: Path, source: Path) -> None:
    path = tmp_path / "syntax.json"
    rows = {f"{number:064d}": {"digest": "x", "imports": []} for number in range(MOST)}
    path.write_text(json.dumps({"format": "1", "files": rows}))
    filled(path, source)
    assert len(json.loads(path.read_text())["files"]) == 1


def test_nothing_new_writes_nothing(tmp_path: Path, source: Path) -> None:
    path = tmp_path / "syntax.json"
    filled(path, source)
    before = path.stat().st_mtime_ns
    filled(path, source)
    assert path.stat().st_mtime_ns == before
