"""Where the claims of a contract stand in its file."""

from functools import cache
from pathlib import Path

from pv.contract import load

Place = tuple[int, int]


def place_of_claim(path: Path, index: int) -> Place:
    """Line and column of a contract's claim, by its 0-based position; the top of the file where it is not found."""
    places = _places(path)
    return places[index] if index < len(places) else (1, 1)


@cache
def _places(path: Path) -> tuple[Place, ...]:
    loaded = load(path)
    entries = {at[1] for at in loaded.positions if at[:1] == ("falsification_tests",) and len(at) == 3}
    return tuple(loaded.place("falsification_tests", at, "id") for at in sorted(entries, key=int))
