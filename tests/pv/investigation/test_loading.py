"""Files that are investigations, and files that are not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pv.investigation import Loaded, load


def codes(loaded: Loaded) -> list[str]:
    return [one.code for one in loaded.problems]


def test_a_file_that_says_what_it_should(changed: Callable[..., Loaded]) -> None:
    loaded = changed()
    assert loaded.valid
    assert loaded.investigation is not None
    assert [one.id for one in loaded.investigation.hypotheses] == ["H1", "H2"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-an-investigation"),
        (b"- 1\n", "not-an-investigation"),
        (b'pv: "1"\n', "not-an-investigation"),
        (b"investigation: [\n", "bad-yaml"),
        (b"\xff\xfe\x00", "not-utf-8"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    loaded = load(path)
    assert loaded.investigation is None
    assert codes(loaded) == [code]


def test_a_folder_is_unreadable(tmp_path: Path) -> None:
    assert codes(load(tmp_path)) == ["unreadable"]


def test_an_unknown_key_names_its_line_and_the_nearest_one(changed: Callable[..., Loaded]) -> None:
    (found,) = changed(("    inject: unk-corpus", "    injekt: unk-corpus")).problems
    assert (found.code, found.line, found.hint) == ("unknown-key", 17, "did you mean `inject`?")


def test_an_unknown_key_far_below(changed: Callable[..., Loaded]) -> None:
    (found,) = changed(("within: {high: 0.1, unit", "within: {hihg: 0.1, unit")).problems
    assert (found.code, found.message) == (
        "unknown-key",
        "key `hihg` is unknown in hypotheses[0].predicts[1].within",
    )
    assert found.hint == "did you mean `high`?"


def test_a_version_without_quotes(changed: Callable[..., Loaded]) -> None:
    (found,) = changed(('investigation: "1"', "investigation: 1")).problems
    assert (found.code, found.hint) == ("bad-value", 'write `investigation: "1"`, in quotes')


@pytest.mark.parametrize("word", ["status: CONFIRMED", "confirmed: true", "refuted: algorithm"])
def test_a_status_that_was_typed_names_the_remedy(changed: Callable[..., Loaded], word: str) -> None:
    (found,) = changed(("    inject: unk-corpus", f"    {word}")).problems
    assert (found.code, found.line, found.severity) == ("typed-status", 17, "error")
    assert "derived, never typed" in found.message
    assert "`inject`" in found.hint
