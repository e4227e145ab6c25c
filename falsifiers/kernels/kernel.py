"""What every falsifier of this folder has in common: one law, named like its file, tried on functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from falsifiers.law import Falsifier, Law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

C = TypeVar("C")


def kernel(
    module: str,
    page: str,
    cases: Callable[[], SearchStrategy[C]],
    reading: Callable[[C], float],
    *,
    unit: str = "1",
    tolerance: float = 0.0,
) -> Falsifier:
    """The falsifier of a module, from its name, its page and its law."""
    name = module.rpartition(".")[2].replace("_", "-")
    law: Law[None, C] = Law(
        name=name,
        role="claim",
        evidence="system",
        unit=unit,
        tolerance=tolerance,
        page=page,
        strategy=lambda _subject: cases(),
        reading=lambda _subject, case: reading(case),
    )
    hunted = page.partition("\nHunts for: ")[2].partition("\nWhy it matters: ")[0]
    return Falsifier(name=name, hunts=" ".join(hunted.split()).rstrip("."), laws=(law,))
