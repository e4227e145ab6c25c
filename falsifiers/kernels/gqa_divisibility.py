"""Head counts that do not divide are refused by name, and those that do are accepted.

Hunts for: a group size that is rounded down, which leaves query heads without a partner.
Why it matters: 14 query heads over 4 key/value heads have a group of 3 and two heads too many; an index clamps, and
they share a head that was not meant for them.
How it looks: a configuration with a typing error trains.
If it strikes, suspect: an integer division without a check, a check of one count only.
Blind spots: more than 64 heads.
Sources: Ainslie et al. 2023, arXiv:2305.13245: groups of equal size.
"""

from __future__ import annotations

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import find, model
from falsifiers.law import one_law

MOST = 64


def reading(_subject: None, case: Case) -> float:
    """Number of counts of key/value heads that are wrongly accepted, wrongly refused, or refused without a name."""
    heads = case.at % MOST + 1
    return float(sum(wrong(heads, shared) for shared in range(1, MOST + 1)))


def wrong(heads: int, shared: int) -> bool:
    """Whether one pair is treated otherwise than it must be."""
    try:
        model(num_heads=heads, num_kv_heads=shared)
    except find("errors.InputError") as refusal:
        return heads % shared == 0 or not {str(heads), str(shared)} <= set(words(str(refusal)))
    return heads % shared != 0


def words(text: str) -> list[str]:
    """The numbers and names of a text."""
    return "".join(one if one.isalnum() else " " for one in text).split()


FALSIFIER = one_law(__doc__, cases((1,), places=4 * MOST), reading, name=__name__)
