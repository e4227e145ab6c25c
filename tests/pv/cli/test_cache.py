"""A remembered contract equals the one that is read, and nothing else is ever taken from the cache."""

import gc
import hashlib
import io
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.cli import cache as cache_module
from pv.cli.cache import ContractCache, Packed, load_each, packed, unpacked
from pv.contract import Loaded, load

LEGACY = """\
metadata: {version: "1.0.0", description: sums, depends_on: [other-v1]}
equations: {sum: {formula: "x + y"}}
proof_obligations: [{type: invariant, property: it holds, tolerance: 1.0e-6}]
falsification_tests: [{id: F-1, rule: r, prediction: p, if_fails: f, status: DISCHARGED}]
"""
OWN = 'pv: "1"\nmetadata: {id: C-A, version: "1.0.0", description: sums}\nfalsification_tests: []\nunknwon: 1\n'
CONTENTS = (LEGACY, OWN, "", "[]", "a: [", "a: 1\na: 2\n", "pv: 2", "\xff")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"file-{number}.yaml" for number in range(len(CONTENTS))]
    for path, content in zip(paths, CONTENTS, strict=True):
        path.write_text(content, encoding="latin-1")
    return [*paths, tmp_path / "absent.yaml", tmp_path]


def fill(tmp_path: Path, files: list[Path]) -> Path:
    folder = tmp_path / "cache"
    load_each(files, ContractCache(folder), 1)
    return folder


def assert_same(found: Loaded | None, expected: Loaded) -> None:
    assert found is not None
    assert found.contract == expected.contract
    assert found.problems == expected.problems
    assert found.hand_written == expected.hand_written
    assert (found.path, found.digest) == (expected.path, expected.digest)
    assert dict(found.positions) == dict(expected.positions)
    assert len(found.positions) == len(expected.positions)


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("folder", ["cache", None])
def test_files_are_read_alike_with_any_number_of_processes(
    files: list[Path], tmp_path: Path, folder: str | None, jobs: int
) -> None:
    for _ in range(2):
        cache = ContractCache(folder and tmp_path / folder)
        for found, path in zip(load_each(files, cache, jobs), files, strict=True):
            assert_same(found, load(path))


def test_what_was_read_is_recalled(files: list[Path], tmp_path: Path) -> None:
    folder = fill(tmp_path, files)
    for path in files[:-2]:
        assert_same(ContractCache(folder).recall(path), load(path))


def test_an_entry_belongs_to_the_bytes_it_was_made_from(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that changes after it was read is not taken for what was read of it."""
    folder, path = tmp_path / "cache", files[0]
    with monkeypatch.context() as patch:
        patch.setattr(cache_module, "content_of", lambda _: OWN.encode())
        load_each([path], ContractCache(folder), 1)
    assert ContractCache(folder).recall(path) is None
    path.write_text(OWN)
    assert_same(ContractCache(folder).recall(path), load(path))


def test_all_our_contracts_can_be_remembered(tmp_path: Path) -> None:
    paths = sorted((Path(__file__).parents[3] / "contracts").rglob("*.yaml"))
    folder = fill(tmp_path, paths)
    assert paths
    for path in paths:
        assert_same(ContractCache(folder).recall(path), load(path))


def test_without_a_folder_nothing_is_written(files: list[Path], tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    load_each(files, ContractCache(None), 1)
    assert sorted(tmp_path.rglob("*")) == before


def test_another_byte_path_or_source_is_another_entry(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, path = fill(tmp_path, files), files[0]
    monkeypatch.chdir(tmp_path)
    assert ContractCache(folder).recall(Path(path.name)) is None
    path.write_text(LEGACY + "#")
    assert ContractCache(folder).recall(path) is None
    path.write_text(LEGACY)
    assert ContractCache(folder).recall(path) is not None
    assert ContractCache(folder, "new").recall(path) is None
    monkeypatch.setattr(cache_module, "sources_digest", lambda _: "other sources")
    assert ContractCache(folder).recall(path) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_a_corrupt_entry_is_no_entry(files: list[Path], tmp_path: Path, data: st.DataObject) -> None:
    folder = fill(tmp_path, files[:1])
    (entry,) = folder.iterdir()
    content = bytearray(entry.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    entry.write_bytes(content)
    assert ContractCache(folder).recall(files[0]) is None
    assert_same(load_each(files[:1], ContractCache(folder), 1)[0], load(files[0]))
    assert ContractCache(folder).recall(files[0]) is not None


class _Evil:
    def __reduce__(self):
        return os.mkdir, ("evil",)


@pytest.mark.parametrize("thing", [_Evil(), os.system, Path, {}, 3, None, ThreadPoolExecutor])
def test_an_entry_runs_nothing(thing: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = pickle.dumps(thing)
    assert unpacked(hashlib.sha256(content).digest() + content) is None
    assert not (tmp_path / "evil").exists()


def test_nothing_that_a_contract_module_imports_can_be_named(tmp_path: Path) -> None:
    content = io.BytesIO(b"\x80\x04\x8c\x16pv.contract.collection\x8c\x09os.system\x93.").getvalue()
    assert unpacked(hashlib.sha256(content).digest() + content) is None


def test_places_are_unpacked_when_they_are_looked_at() -> None:
    places = Packed(pickle.dumps({("a", 1): (2, 3)}))
    assert places["a", 1] == (2, 3)
    assert list(places) == [("a", 1)]
    assert pickle.loads(pickle.dumps(places)) == places
    with pytest.raises(pickle.UnpicklingError):
        len(Packed(pickle.dumps(os.system)))


def test_what_cannot_be_packed_is_read_anew(files: list[Path]) -> None:
    assert packed(lambda: None) is None  # type: ignore[arg-type]
    assert unpacked(None) is None
    assert unpacked(b"short") is None


def test_a_folder_that_cannot_be_written_is_no_loss(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    assert_same(load_each(files, ContractCache(tmp_path / "cache"), 1)[0], load(files[0]))


def test_many_can_fill_and_read_a_folder_at_once(files: list[Path], tmp_path: Path) -> None:
    def read(_: int) -> tuple[Loaded, ...]:
        return load_each(files, ContractCache(tmp_path / "cache"), 1)

    with ThreadPoolExecutor(8) as pool:
        for loaded in pool.map(read, range(24)):
            assert_same(loaded[0], load(files[0]))
    assert {entry.suffix for entry in (tmp_path / "cache").iterdir()} == {".pack"}


@pytest.mark.parametrize("collecting", [True, False])
def test_reading_leaves_the_search_for_garbage_as_it_was(files: list[Path], collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        load_each(files, ContractCache(None), 1)
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()
