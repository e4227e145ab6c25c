"""What a law is: a statement that every sound run obeys, with a way to look for a case that breaks it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeAlias, TypeVar

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

S = TypeVar("S")
C = TypeVar("C")

Role: TypeAlias = Literal["control", "claim"]
Evidence: TypeAlias = Literal["system", "record", "step-0", "kept-steps"]

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
