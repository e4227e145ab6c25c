"""Columns on a terminal: widths, wrapping and colours; no stranger's control character gets through."""

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat, zip_longest
from typing import NamedTuple

import click

_GAP = "  "
_NARROWEST = 8
_LONGEST = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Where text is printed."""

    width: int = 100
    """Columns; at least 20 are used."""

    colour: bool = False


_COLOURED = Screen(colour=True)


class Cell(NamedTuple):
    """A text with the tone it is painted in."""

    text: str
    tone: str = ""
    """A colour of `click.style`, or `dim`, or `bold`; empty for plain."""


def clean(text: object) -> str:
    """The text on one line of bounded length, with every control and direction character made visible.

    Evidence comes from strangers: an escape sequence in it must not reach the terminal.
    """
    written = text if type(text) is str else str(text)
    if len(written) <= _LONGEST and written.isprintable():
        return written.strip()
    left = len(written) - _LONGEST
    more = f" … ({left} more characters)" if left > 0 else ""
    return "".join(_visible(character) for character in written[:_LONGEST]).strip() + more


def _visible(character: str) -> str:
    if character in "\t\n\r ":
        return " "
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
        return f"\\u{ord(character):04x}"
    return character


def columns(text: str) -> int:
    """Terminal columns that the text takes: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(_character_columns(character) for character in text)


def _character_columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def paint(text: str, tone: str, screen: Screen) -> str:
    """The text in its tone where the screen has colours."""
    if not (screen.colour and tone and text):
        return text
    if tone in {"dim", "bold"}:
        return click.style(text, dim=tone == "dim" or None, bold=tone == "bold" or None)
    return click.style(text, fg=tone, bold=True)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken at blanks, or inside a word that is longer than a line."""
    return list(_wrapped(text, width))


@lru_cache(maxsize=4096)
def _wrapped(text: str, width: int) -> tuple[str, ...]:
    words = text.split()
    whole = " ".join(words)
    if columns(whole) <= width:
        return (whole,)
    lines: list[str] = []
    line = ""
    for word in words:
        head, *rest = _pieces(word, width)
        if line and columns(line) + 1 + columns(head) <= width and not rest:
            line = f"{line} {head}"
            continue
        lines.extend([line] if line else [])
        lines.extend([head, *rest][:-1])
        line = rest[-1] if rest else head
    return (*lines, line)


def _pieces(word: str, width: int) -> list[str]:
    """A word cut to lines, after a hyphen or a slash where a line has one."""
    if columns(word) <= width:
        return [word]
    pieces: list[str] = [""]
    for character in word:
        line = pieces[-1]
        if columns(line) + _character_columns(character) > width:
            cut = max(line.rfind("-"), line.rfind("/")) + 1 or len(line)
            pieces[-1:] = [line[:cut], line[cut:]]
        pieces[-1] += character
    return pieces


def _longest_word(text: str) -> int:
    return max(map(columns, text.split()), default=0)


def paragraph(text: object, screen: Screen, *, indent: int = 0, hang: int | None = None) -> list[str]:
    """Wrapped lines of a text, the later ones indented by `hang` (as the first where None)."""
    hang = indent if hang is None else hang
    lines = _wrapped(clean(text), max(screen.width - max(indent, hang), 20))
    return [" " * (hang if number else indent) + line for number, line in enumerate(lines)]


def grid(rows: Sequence[Sequence[Cell]], screen: Screen, *, indent: int = 0) -> list[str]:
    """Rows in aligned columns; the widest columns wrap where the screen is too narrow."""
    if not rows:
        return []
    texts = [[clean(cell.text) for cell in row] for row in rows]
    by_column = [set(column) for column in zip(*texts, strict=True)]
    widths = tuple(max(map(columns, column)) for column in by_column)
    room = max(screen.width, 20) - indent - len(_GAP) * (len(widths) - 1)
    if sum(widths) > room:
        widths = _shrunk(widths, tuple(max(map(_longest_word, column)) for column in by_column), room)
    tones = [[cell.tone for cell in row] if screen.colour else [] for row in rows]
    margin = " " * indent
    return [line for row, tone in zip(texts, tones, strict=True) for line in _row_lines(row, tone, widths, margin)]


@lru_cache(maxsize=256)
def _shrunk(widths: tuple[int, ...], words: tuple[int, ...], room: int) -> tuple[int, ...]:
    """Widths that fit the room; a column keeps its longest word whole if the others can keep theirs."""
    floors = _capped(words, [min(word, _NARROWEST) for word in words], room)
    return tuple(_capped(widths, floors, room))


def _capped(widths: Sequence[int], floors: Sequence[int], room: int) -> list[int]:
    """Widths under the largest cap that fits, none below its floor; the last cut one takes what is left."""

    def under(cap: int) -> list[int]:
        return [min(width, max(cap, floor)) for width, floor in zip(widths, floors, strict=True)]

    caps = range(max([1, *widths]) + 1)
    fitting = bisect_right(caps, room, key=lambda cap: sum(under(cap)))
    capped = under(caps[max(fitting - 1, 0)])
    for place in reversed(range(len(widths))):
        if capped[place] < widths[place]:
            capped[place] += max(0, min(room - sum(capped), widths[place] - capped[place]))
            break
    return capped


def _row_lines(row: Sequence[str], tones: Sequence[str], widths: Sequence[int], margin: str) -> list[str]:
    """The lines of a row; without tones it is not painted."""
    wrapped = [_wrapped(text, width) for text, width in zip(row, widths, strict=True)]
    return [
        (margin + _GAP.join(map(_padded, texts, tones or repeat(""), widths))).rstrip()
        for texts in zip_longest(*wrapped, fillvalue="")
    ]


def _padded(text: str, tone: str, width: int) -> str:
    shown = paint(text, tone, _COLOURED) if tone else text
    return shown + " " * (width - columns(text))


def header(*titles: str) -> list[Cell]:
    """The cells of a table's first row."""
    return [Cell(title, "dim") for title in titles]


def number(value: float | None, unit: str = "") -> str:
    """Six significant digits with the unit; a dash for nothing; `1` and blanks are no unit to print."""
    if value is None:
        return "-"
    text = "NaN" if math.isnan(value) else f"{value:.6g}"
    return f"{text} {unit}" if unit not in {"", "1"} else text


def count(amount: int, word: str) -> str:
    """The amount and its word, in the plural where it is not one."""
    return f"{amount} {word}" if amount == 1 else f"{amount} {word}s"
