"""What an author must change, at its place, with the nearest known word."""

import functools
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

Path = tuple[str | int, ...]
"""Keys and 0-based indices from the top of a document to a value."""

Place = tuple[int, int]
"""1-based line and column, the column in characters."""

Severity = Literal["error", "warning"]

_MAX_COMPARED = 200
"""Most words that one is compared with; finding the nearest of thousands takes seconds."""


class Problem(NamedTuple):
    """Something wrong in a contract, at its place."""

    code: str
    """Stable kebab-case code, e.g. `unknown-key`."""

    severity: Severity
    path: str
    """File, as it was given."""

    line: int
    """1-based."""

    column: int
    """1-based, in characters."""

    message: str
    hint: str = ""
    """What to do about it; empty where the message says so itself."""

    def __str__(self) -> str:
        """Place, severity, code and message on one line, the remedy on the next."""
        line = f"{self.path}:{self.line}:{self.column}: {self.severity} {self.code}: {self.message}"
        return f"{line}\n  fix: {self.hint}" if self.hint else line


def dotted(path: Path) -> str:
    """The path as a reader writes it, e.g. `falsification_tests[4].measure`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in path)
    return text.removeprefix(".") or "the file"


def described(value: Any) -> str:
    """A value as a reader may be told of it, never long."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the word {str(value).lower()}"
        case str():
            return f'the text "{value[:60]}"'
        case int() | float():
            return f"the number {value!r}"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "a mapping"


def nearest(word: str, known: Iterable[str], count: int = 1) -> tuple[str, ...]:
    """The known words most like this one, best first; none where nothing is like it, or they are too many."""
    among = tuple(sorted(known))
    return _matches(word[:60], among, count) if len(among) <= _MAX_COMPARED else ()


@functools.lru_cache(maxsize=1000)
def _matches(word: str, known: tuple[str, ...], count: int) -> tuple[str, ...]:
    import difflib

    return tuple(difflib.get_close_matches(word, known, n=count, cutoff=0.6))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or lists the known ones."""
    options = sorted(known)
    if near := nearest(word, options):
        return f"did you mean `{near[0]}`?"
    return f"known: {', '.join(options)}" if options else ""
