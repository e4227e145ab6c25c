"""Places by path, kept by what is around them: most are never asked for, so a path is made only when it is."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from pv.contract.problem import Path, Place

_COLUMN_BITS: Final = 20
"""No line of a file that is accepted is longer."""


class Mark(Protocol):
    """A place as the parser gives it."""

    @property
    def line(self) -> int:
        """0-based."""

    @property
    def column(self) -> int:
        """0-based, in characters."""


class _Spot(NamedTuple):
    line: int
    column: int


_State = tuple[int | None, dict[Path, dict[str | int, int]]]

Marks = dict[str | int, Mark]
"""Key, or 0-based place in a list, to where its value or itself stands."""


def place_of(mark: Mark | None) -> Place:
    """1-based line and column; the beginning where there is no mark."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _number(mark: Mark) -> int:
    return mark.line << _COLUMN_BITS | mark.column


def _spot(number: int) -> _Spot:
    return _Spot(number >> _COLUMN_BITS, number & (1 << _COLUMN_BITS) - 1)


class Places(Mapping[Path, Place]):
    """The 1-based line and column of everything at a path."""

    def __init__(self) -> None:
        self._inside: dict[Path, Marks] = {}
        self._root: Mark | None = None

    def __getitem__(self, path: Path) -> Place:
        if path:
            return place_of(self._inside[path[:-1]][path[-1]])
        if self._root is None:
            raise KeyError(path)
        return place_of(self._root)

    def __iter__(self) -> Iterator[Path]:
        if self._root is not None:
            yield ()
        for path, marks in self._inside.items():
            for part in marks:
                yield (*path, part)

    def __len__(self) -> int:
        return (self._root is not None) + sum(map(len, self._inside.values()))

    def __getstate__(self) -> _State:
        """One number a place: places are packed far more often than looked at."""
        root = None if self._root is None else _number(self._root)
        inside = {
            path: {part: mark.line << _COLUMN_BITS | mark.column for part, mark in marks.items()}
            for path, marks in self._inside.items()
        }
        return root, inside

    def __setstate__(self, state: _State) -> None:
        root, inside = state
        self._root = None if root is None else _spot(root)
        self._inside = {path: {part: _spot(at) for part, at in marks.items()} for path, marks in inside.items()}

    def put(self, path: Path, place: Place) -> None:
        """Set where the thing at a path stands; the empty path is the whole file's."""
        mark = _Spot(place[0] - 1, place[1] - 1)
        if path:
            self._inside.setdefault(path[:-1], {})[path[-1]] = mark
        else:
            self._root = mark

    def inside(self, path: Path) -> Marks:
        """Where the parts of the thing at a path stand, to be filled while it is read."""
        return self._inside.setdefault(path, {})
