"""A number that is not finite never lets a claim pass, wherever in the evidence or the contract it stands.

Hunts for: a NaN or an infinity that slips past a comparison, or past the check of its type.
Why it matters: every comparison with NaN is false, so that a check written the wrong way round passes.
How it looks: the place of the number, counted among those of record and contract, and how it was written.
If it strikes, suspect: pv/evidence/shape.py for a number that is set or counted, pv/verdict/measuring.py for a reading.
Blind spots: numbers of a record that the exhibit lacks, such as controls, tensors and epochs.
Sources: IEEE 754-2019, 5.11: an unordered comparison is false; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-013.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

WORDS = ("NaN", "Infinity", "-Infinity", "nan", "inf", "-inf")
"""As text, which is how records spell them, and as the bare words that Python's reader of JSON takes."""
BOUNDS = {
    "bound: 0.5": exhibit.LAW,
    "bound: 3.0": exhibit.LOSS,
    "low: 1.0": exhibit.LOSS,
    "high: 9.0": exhibit.LOSS,
    "confidence: 0.95": exhibit.LOSS,
}
"""Number of the contract, and the claim that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One number, replaced."""

    place: int
    word: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every number of the record and of the contract, written in every way."""
    from hypothesis import strategies as st

    places = len(exhibit.numbers(exhibit.record())) + len(BOUNDS)
    return st.builds(Case, place=st.integers(0, places - 1), word=st.sampled_from(WORDS))


def reading(_subject: None, case: Case) -> float:
    """How many claims pass that the number concerns."""
    parts = exhibit.record()
    places: list[exhibit.Place | str] = [*exhibit.numbers(parts), *BOUNDS]
    place = places[case.place]
    if isinstance(place, str):
        word = case.word.lower().removesuffix("inity")
        found = exhibit.of(parts, text=exhibit.CONTRACT.replace(place, f"{place.partition(':')[0]}: {_yaml(word)}"))
    else:
        exhibit.put(parts, place, float(case.word) if case.word.islower() else case.word)
        found = exhibit.of(parts)
    about = (
        BOUNDS[place] if isinstance(place, str) else place[0] if place[0].startswith("attacks/") else str(list(found))
    )
    concerned = [claim for claim in found if claim in about]
    return float(sum(found[claim].verdict in exhibit.PASSES for claim in concerned))


def _yaml(word: str) -> str:
    return f"-.{word[1:]}" if word.startswith("-") else f".{word}"


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
