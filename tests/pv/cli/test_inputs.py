"""A digest of inputs covers every byte, name and link that a command would look at."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.cli.inputs import MOST_BYTES, contracts_digest, evidence_digest, packages, sources_digest
from pv.contract.reader import MAX_BYTES


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "stem" / "bundle" / "raw").mkdir(parents=True)
    (root / "stem" / "bundle" / "manifest.json").write_text("{}")
    (root / "stem" / "bundle" / "raw" / "run.json").write_text("{}")
    (root / "a.yaml").write_text("pv: 1")
    return root


@pytest.mark.parametrize("digest", [contracts_digest, evidence_digest, sources_digest])
def test_a_loop_of_links_ends(tree: Path, digest) -> None:
    (tree / "loop").symlink_to(tree)
    assert digest(tree) == digest(tree)


def test_a_linked_folder_counts_with_its_bytes(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "c.yaml").write_text("one")
    (tree / "link").symlink_to(tmp_path / "elsewhere")
    before = contracts_digest(tree)
    (tmp_path / "elsewhere" / "c.yaml").write_text("two")
    assert contracts_digest(tree) != before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_bit_is_another_digest(tree: Path, at: int, bit: int) -> None:
    path = tree / "a.yaml"
    content = bytearray(b"falsification_tests: []")
    path.write_bytes(content)
    before = contracts_digest(tree), evidence_digest(tree)
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)
    assert contracts_digest(tree) != before[0]
    assert evidence_digest(tree) != before[1]


def test_a_change_that_leaves_size_and_time_is_another_digest(tree: Path) -> None:
    path, before = tree / "stem/bundle/raw/run.json", evidence_digest(tree)
    times = path.stat()
    path.write_text("[]")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert evidence_digest(tree) != before


def test_a_file_that_became_a_link_to_the_same_bytes_is_another_digest(tree: Path, tmp_path: Path) -> None:
    before = evidence_digest(tree)
    (tree / "stem/bundle/raw/run.json").rename(tmp_path / "run.json")
    (tree / "stem/bundle/raw/run.json").symlink_to(tmp_path / "run.json")
    assert evidence_digest(tree) != before


@pytest.mark.parametrize(
    "name", ["raw/checkpoint/step", "raw/__pycache__/x.pyc", "raw/.hidden", "derived/verdict.json"]
)
def test_nothing_can_hide_in_a_bundle(tree: Path, name: str) -> None:
    before = evidence_digest(tree)
    (tree / "stem/bundle" / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / "stem/bundle" / name).write_text("added")
    assert evidence_digest(tree) != before


def test_the_checkpoint_beside_the_raw_files_has_no_say(tree: Path) -> None:
    before = evidence_digest(tree)
    (tree / "stem/bundle/checkpoint").mkdir()
    (tree / "stem/bundle/checkpoint/state").write_text("large")
    assert evidence_digest(tree) == before


def test_only_bundles_of_the_contracts_that_are_named_count(tree: Path) -> None:
    before = evidence_digest(tree, stems={"stem"})
    (tree / "other/bundle").mkdir(parents=True)
    (tree / "other/bundle/manifest.json").write_text("{}")
    assert evidence_digest(tree, stems={"stem"}) == before
    (tree / "stem/bundle/raw/run.json").write_text("[]")
    assert evidence_digest(tree, stems={"stem"}) != before


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("b.yml", True),
        ("B.YAML", True),
        ("checkpoint/b.yaml", True),
        ("__pycache__/b.yaml", True),
        ("notes.md", False),
        (".hidden/b.yaml", False),
        (".b.yaml", False),
    ],
)
def test_contracts_are_the_files_that_are_loaded(tree: Path, name: str, counts: bool) -> None:
    before = contracts_digest(tree)
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).write_text("pv: 1")
    assert (contracts_digest(tree) != before) == counts


def test_a_contract_that_is_named_counts_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / ".odd").write_text("one")
    before = contracts_digest(tmp_path / ".odd")
    (tmp_path / ".odd").write_text("two")
    assert contracts_digest(tmp_path / ".odd") != before


def test_more_is_digested_than_is_loaded() -> None:
    assert MOST_BYTES > MAX_BYTES


def test_a_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe.yaml")
    assert contracts_digest(tree) == contracts_digest(tree)
    assert evidence_digest(tree) == evidence_digest(tree)


@pytest.mark.parametrize("name", ["absent", "a\0b"])
def test_what_cannot_be_read_has_a_digest(tmp_path: Path, name: str) -> None:
    assert contracts_digest(tmp_path / name) == contracts_digest(tmp_path / name)


def test_what_python_keeps_beside_sources_has_no_say(tree: Path) -> None:
    before = sources_digest(tree)
    (tree / "__pycache__").mkdir()
    (tree / "__pycache__" / "a.pyc").write_text("compiled")
    assert sources_digest(tree) == before


def test_installed_packages_are_named_with_their_versions() -> None:
    assert any(name.startswith("click-") for name in packages())
