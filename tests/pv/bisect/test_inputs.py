"""Ids are read from a text or a file, and drawn by their seed."""

import pytest

from pv.bisect import drawn, read_tokens
from pv.errors import UsageError


def test_ids_are_read_wrong(tmp_path) -> None:
    (tmp_path / "ids").write_text("5, 6\n7", encoding="utf-8")
    assert read_tokens(str(tmp_path / "ids")) == read_tokens("5 6,7") == (5, 6, 7)


@pytest.mark.parametrize("text", ["", " ", "1 two", "1.5", "-1", str(2**31), "nowhere.txt", "9" * 5000, "x\0y"])
def test_what_is_no_ids_is_read(text) -> None:
    with pytest.raises(UsageError, match="--tokens"):
        read_tokens(text)


def test_a_file_that_is_too_large_is_read(tmp_path) -> None:
    path = tmp_path / "ids"
    with path.open("wb") as file:
        file.truncate(16 * 2**20 + 1)
    with pytest.raises(UsageError, match="is larger than"):
        read_tokens(str(path))


def test_random_inputs_change() -> None:
    found = drawn(5, 8, 10, seed=1)
    assert found == drawn(5, 8, 10, seed=1) != drawn(5, 8, 10, seed=2)
    assert {len(one) for one in found} == {8}
    assert all(0 <= token < 10 for one in found for token in one)
