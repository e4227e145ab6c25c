"""How much arithmetic a card can do, by the name that its driver gives it."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Peaks of dense matrix products, in operations a second."""

    half: float
    """At 16 bits; bfloat16 where the card has it."""

    fastest: float
    """At 8 bits where training at 8 bits exists, else at 16."""


CARDS: Final = {
    "V100": Card(half=125e12, fastest=125e12),
    "T4": Card(half=65e12, fastest=65e12),
    "A100": Card(half=312e12, fastest=312e12),
    "L4": Card(half=121e12, fastest=242e12),
    "L40S": Card(half=362e12, fastest=733e12),
    "H100": Card(half=989e12, fastest=1979e12),
    "H200": Card(half=989e12, fastest=1979e12),
}
"""A word of the name to its card. Source: NVIDIA's data sheets, without sparsity; of the H100 the form with SXM."""


def card_of(kind: str) -> Card | None:
    """Return the card that a driver calls `kind`; None where it is not known."""
    return next((CARDS[word] for word in re.findall(r"[A-Z0-9]+", kind) if word in CARDS), None)
