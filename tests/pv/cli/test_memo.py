"""What was printed is remembered for exactly these inputs, and for no others."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.cli.memo import Memo, Remembered, tree_digest

PRINTED = Remembered(text="seven claims", remarks=("nothing was measured",), exit_status=3)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in ("inputs/below", "sources"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "inputs" / "below" / "a.yaml").write_text("pv: 1")
    (tmp_path / "sources" / "law.py").write_text("x = 1")
    return tmp_path


def memo(place: Path, *settings_: object) -> Memo:
    return Memo(place / "cache", [place / "inputs"], settings_)


def test_what_was_kept_is_recalled(place: Path) -> None:
    assert memo(place).recall() is None
    memo(place).keep(PRINTED, [place / "sources"])
    assert memo(place).recall() == PRINTED


@pytest.mark.parametrize(
    "change",
    [
        lambda place: (place / "inputs/below/a.yaml").write_text("pv: 2"),
        lambda place: (place / "inputs/below/a.yaml").rename(place / "inputs/below/b.yaml"),
        lambda place: (place / "inputs/new.yaml").write_text(""),
        lambda place: (place / "inputs/below/a.yaml").unlink(),
        lambda place: (place / "sources/law.py").write_text("x = 2"),
        lambda place: (place / "sources/more.py").write_text(""),
    ],
)
def test_any_change_is_another_result(place: Path, change) -> None:
    memo(place).keep(PRINTED, [place / "sources"])
    change(place)
    assert memo(place).recall() is None


def test_other_settings_are_another_result(place: Path) -> None:
    memo(place, "text").keep(PRINTED, [])
    assert memo(place, "json").recall() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sources": []}', '{"sources": {}, "printed": {"text": 1}}'])
def test_a_broken_entry_is_no_entry(place: Path, text: str) -> None:
    memo(place).keep(PRINTED, [])
    [entry] = (place / "cache").glob("*.json")
    entry.write_text(text)
    assert memo(place).recall() is None


def test_a_folder_that_cannot_be_written_is_no_loss(place: Path) -> None:
    (place / "cache").write_text("in the way")
    memo(place).keep(PRINTED, [])
    assert memo(place).recall() is None


def test_a_loop_of_links_ends(place: Path) -> None:
    (place / "inputs" / "loop").symlink_to(place / "inputs")
    assert tree_digest(place / "inputs") == tree_digest(place / "inputs")


def test_a_linked_folder_counts_with_its_bytes(place: Path) -> None:
    (place / "elsewhere").mkdir()
    (place / "elsewhere" / "c.yaml").write_text("one")
    (place / "inputs" / "link").symlink_to(place / "elsewhere")
    before = tree_digest(place / "inputs")
    (place / "elsewhere" / "c.yaml").write_text("two")
    assert tree_digest(place / "inputs") != before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_bit_is_another_digest(place: Path, at: int, bit: int) -> None:
    path = place / "inputs" / "below" / "a.yaml"
    content = bytearray(b"falsification_tests: []")
    path.write_bytes(content)
    before = tree_digest(place / "inputs")
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)
    assert tree_digest(place / "inputs") != before
