"""Columns, wrapping and the removal of control characters."""

import pytest

from pv.view.layout import Cell, Screen, clean, columns, count, grid, number, paint, paragraph, wrap


def test_escape_sequence_of_a_stranger() -> None:
    """An escape sequence is shown, never sent to the terminal."""
    assert clean("a\x1b[31mb\nc\u202ed\x00") == "a\\u001b[31mb c\\u202ed\\u0000"


def test_lone_surrogate() -> None:
    """Half a character, as a broken file name carries it, can be printed."""
    clean("\udcff").encode("utf-8")


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)],
    ids=["plain", "wide", "combining", "empty"],
)
def test_columns(text: str, width: int) -> None:
    """A wide character takes two columns, a combining one none."""
    assert columns(text) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("a bb ccc", 80, ["a bb ccc"]),
        ("a bb ccc", 4, ["a bb", "ccc"]),
        ("aaaaaaaaaaaa b c", 5, ["aaaaa", "aaaaa", "aa b", "c"]),
        ("日本語", 4, ["日本", "語"]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    """Lines break at blanks, and inside a word only where it is longer than a line."""
    assert wrap(text, width) == lines


@pytest.mark.parametrize("width", [20, 33, 47, 80, 200])
def test_line_longer_than_the_screen(width: int) -> None:
    """A table keeps to the width of the screen, and to its columns."""
    rows = [
        [Cell("FALSIFY-005"), Cell("SUSPECT"), Cell("a reason that is rather long " * 3)],
        [Cell("x"), Cell("y"), Cell("日本語" * 9)],
    ]
    lines = grid(rows, Screen(width=max(width, 31)))
    assert max(columns(line) for line in lines) <= max(width, 31)


def test_short_column_is_left_alone() -> None:
    """The widest column wraps first."""
    assert grid([[Cell("FALSIFY-005"), Cell("one two three four")]], Screen(width=24)) == [
        "FALSIFY-005  one two",
        "             three four",
    ]


def test_empty_grid() -> None:
    """No rows, no lines."""
    assert grid([], Screen()) == []


def test_colour_only_where_asked() -> None:
    """The same text comes out with colours and without."""
    assert paint("x", "red", Screen(colour=False)) == "x"
    assert paint("x", "red", Screen(colour=True)) == "\x1b[31m\x1b[1mx\x1b[0m"
    assert paint("x", "dim", Screen(colour=True)) == "\x1b[2mx\x1b[0m"


def test_hanging_indent() -> None:
    """Later lines of a paragraph are indented further."""
    assert paragraph("aaaaaaaaaaaaaaaa bbbbbbbbbbb", Screen(width=22), indent=2, hang=4) == [
        "  aaaaaaaaaaaaaaaa",
        "    bbbbbbbbbbb",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.23456789, "nats/token", "1.23457 nats/token"),
        (2.0, "1", "2"),
        (None, "s", "-"),
        (float("nan"), "", "NaN"),
        (float("-inf"), "s", "-inf s"),
    ],
)
def test_number(value: float | None, unit: str, text: str) -> None:
    """Six digits and the unit; nothing is a dash."""
    assert number(value, unit) == text


def test_plural() -> None:
    """One is singular, none is plural."""
    assert [count(0, "claim"), count(1, "claim"), count(2, "claim")] == ["0 claims", "1 claim", "2 claims"]
