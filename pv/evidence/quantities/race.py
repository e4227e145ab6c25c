"""What two sides measured in turns is made into one ratio a size."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from statistics import median
from typing import Final

from pv.evidence.bundle import Bundle, Row
from pv.evidence.fields import count, number, reading
from pv.evidence.quantity import Quantity

FILE: Final = "raw/race.jsonl"
LARGEST_GAP: Final = 0.05
"""Nats per token that the losses of one step may differ by where both sides do the same work."""
COMPARED: Final = 25
"""First steps whose losses are compared; in later ones the roundings of all before them have grown."""


def race_quantities(bundle: Bundle) -> Iterator[Quantity]:
    """Yield `race/<size>`: how many times the tokens a second of the peer the trainer has, the median of its turns.

    The first turn, in which a side may compile, is left out. NaN where the sides did not do the same work: other
    tokens, other steps, or losses that differ in the first `COMPARED`. A size that one side alone has measured is
    left out.
    """
    trainer = str((bundle.run.get("trainer") or {}).get("name"))
    sizes: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in bundle.race:
        sizes[str(row.get("size"))][str(row.get("side"))].append(row)
    for size, sides in sorted(sizes.items()):
        ours, others = sides.pop(trainer, []), list(sides.values())
        if ours and len(others) == 1:
            turns = min(len(ours), len(others[0]))
            source = f"{FILE}: median of {turns - 1} turns of each side, the first left out"
            yield Quantity(name=f"race/{size}", value=_ratio(ours, others[0]), unit="ratio", source=source)


def _ratio(ours: Sequence[Row], peers: Sequence[Row]) -> float:
    pairs = list(zip(ours, peers, strict=False))[1:]
    if not pairs or len(ours) != len(peers) or not _same_work(ours, peers):
        return math.nan
    rates = [(_rate(one), _rate(two)) for one, two in pairs]
    return median(one / two if two > 0 else math.nan for one, two in rates)


def _rate(row: Row) -> float:
    """Tokens a second; NaN where the turn does not say."""
    tokens, steps, seconds = count(row.get("tokens")), count(row.get("steps")), number(row.get("seconds"))
    return tokens * steps / seconds if tokens and steps and seconds and seconds > 0 else math.nan


def _same_work(ours: Sequence[Row], peers: Sequence[Row]) -> bool:
    """Whether both took as many steps on as many tokens, with the same losses."""
    for name in ("turn", "steps", "tokens", "devices"):
        if [count(row.get(name)) for row in ours] != [count(row.get(name)) for row in peers]:
            return False
    first, second = (list(chain.from_iterable(_losses(row) for row in rows)) for rows in (ours, peers))
    steps = sum(count(row.get("steps")) or 0 for row in ours)
    gaps = [abs(one - two) for one, two in zip(first[:COMPARED], second[:COMPARED], strict=False)]
    return len(first) == len(second) == steps > 0 and all(gap <= LARGEST_GAP for gap in gaps)


def _losses(row: Row) -> list[float]:
    found = row.get("losses")
    read = [reading(loss) for loss in found] if isinstance(found, list) else []
    return [math.nan if loss is None else loss for loss in read]
