"""What a law is: a statement that every sound run obeys, with a way to look for a case that breaks it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Self, TypeAlias, TypeVar

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

S = TypeVar("S")
C = TypeVar("C")

Role: TypeAlias = Literal["control", "claim"]
Evidence: TypeAlias = Literal["system", "record", "step-0", "kept-steps"]

FEWEST_CASES: Final = 50
"""Valid cases that a law needs before it counts as survived."""

FEWEST_PROCESSES: Final = 5
"""The same at the least, where each case is a whole process."""

PAGE_HEADINGS = (
    "Hunts for",
    "Why it matters",
    "How it looks",
    "If it strikes, suspect",
    "Blind spots",
    "Sources",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law(Generic[S, C]):
    """One law; `reading` never raises because the law is broken, only because the system is."""

    name: str
    role: Role
    evidence: Evidence
    """What it is about: the system, the record of the run, or losses of step 0 or of steps whose weights are kept."""
    unit: str
    tolerance: float
    """Largest reading that obeys, where the arithmetic is float32."""
    tolerance_bf16: float | None = None
    """The same where the trainer computed in bfloat16; None: no different, for what is judged is float32."""
    page: str
    """Manual page: the docstring of the law's module."""
    strategy: Callable[[S], SearchStrategy[C]]
    """Where to look. A case is a frozen dataclass of numbers, names and tuples of them."""
    reading: Callable[[S, C], float]
    """How far a case strays, in `unit`; NaN breaks the law."""
    fewest: int = FEWEST_CASES
    """Valid cases that it needs; fewer than `FEWEST_CASES` count only where each case runs a process."""

    def __post_init__(self) -> None:
        if not FEWEST_PROCESSES <= self.fewest <= FEWEST_CASES:
            raise ValueError(
                f"law {self.name}: fewest={self.fewest}, from {FEWEST_PROCESSES} to {FEWEST_CASES} are possible"
            )

    def most(self, cases: int) -> int:
        """Cases to try where `cases` are asked for of a law that needs `FEWEST_CASES`: as many times its own need."""
        return max(self.fewest, cases * self.fewest // FEWEST_CASES)

    @property
    def of_processes(self) -> bool:
        """Whether each case is a whole process."""
        return self.fewest < FEWEST_CASES

    def as_control(self) -> Self:
        """The same law where it only guards the measurement of another claim."""
        return dataclasses.replace(self, role="control")

    def as_claim(self) -> Self:
        """The same law where a claim rests on it."""
        return dataclasses.replace(self, role="claim")


AnyLaw: TypeAlias = Law[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Falsifier:
    """What is bound to a claim: the laws that are tried against it."""

    name: str
    hunts: str
    """One line: the fault that refutes the claim."""
    laws: tuple[AnyLaw, ...]


def one_law(
    page: str | None,
    strategy: Callable[[None], SearchStrategy[C]],
    reading: Callable[[None, C], float],
    *,
    name: str,
    unit: str = "errors",
    tolerance: float = 0.0,
    fewest: int = FEWEST_CASES,
) -> Falsifier:
    """A falsifier of one law of its own name, about functions or commands; it hunts for what its page says.

    Args:
        page: Docstring of the law's module.
        strategy: Where to look.
        reading: How far a case strays, in `unit`.
        name: Name of the module (`__name__`), whose last part names the law.
        unit: Unit of the reading.
        tolerance: Largest reading that obeys.
        fewest: Valid cases that it needs.
    """
    text = page or ""
    law = name.rpartition(".")[2].replace("_", "-")
    hunts = text.partition("Hunts for:")[2].partition("\nWhy it matters:")[0]
    return Falsifier(
        name=law,
        hunts=" ".join(hunts.split()).rstrip("."),
        laws=(
            Law(
                name=law,
                role="claim",
                evidence="system",
                unit=unit,
                tolerance=tolerance,
                page=text,
                strategy=strategy,
                reading=reading,
                fewest=fewest,
            ),
        ),
    )
