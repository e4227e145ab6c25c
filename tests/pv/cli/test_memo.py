"""What was printed is remembered for exactly these inputs, and for no others."""

from pathlib import Path

import pytest

from pv.cli.inputs import contracts_digest
from pv.cli.memo import Memo, Remembered

PRINTED = Remembered(text="seven claims", remarks=("nothing was measured",), exit_status=3)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for folder in ("inputs/below", "sources"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "inputs" / "below" / "a.yaml").write_text("pv: 1")
    (tmp_path / "sources" / "law.py").write_text("x = 1")
    return tmp_path


def memo(place: Path, *settings: object) -> Memo:
    return Memo(place / "cache", [(contracts_digest, [place / "inputs"])], settings)


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


def test_what_was_derived_while_an_input_changed_is_not_kept(place: Path) -> None:
    begun = memo(place)
    (place / "inputs/below/a.yaml").write_text("pv: 2")
    begun.keep(PRINTED, [])
    assert not (place / "cache").exists()


def test_a_byte_of_our_own_sources_is_another_result(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memo(place).keep(PRINTED, [])
    monkeypatch.setattr("pv.cli.memo.sources_digest", lambda _: "other sources")
    assert memo(place).recall() is None


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
