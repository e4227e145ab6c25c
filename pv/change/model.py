"""What differs between two versions of a contract, and which way."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """What a difference does to what is asked."""

    ADDED = "added"
    REMOVED = "removed"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    INCOMPARABLE = "incomparable"
    REWORDED = "reworded"

    @property
    def asks_less(self) -> bool:
        """Whether less may be asked than before; what cannot be compared may ask less."""
        return self in {Direction.REMOVED, Direction.LOOSENED, Direction.INCOMPARABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was."""

    part: str
    """`claim`, `obligation`, `equation`, `gate`, `system` or `contract`."""

    subject: str
    """Id of the claim, obligation, gate or contract, or the name of the equation."""

    field: str
    """Field that differs; empty where the whole subject came or went."""

    direction: Direction
    before: str
    """As the older version writes it; empty where it has nothing."""

    after: str


def reversed_order(direction: Direction | None) -> Direction | None:
    """The direction of the same difference where more is less."""
    match direction:
        case Direction.TIGHTENED:
            return Direction.LOOSENED
        case Direction.LOOSENED:
            return Direction.TIGHTENED
        case _:
            return direction


def shown(value: object) -> str:
    """A value as a reader of the contract would write it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.12g}"
        case str():
            return value
        case Iterable():
            return ", ".join(map(shown, value))
        case _:
            return str(value)
