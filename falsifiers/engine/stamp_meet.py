"""A stamp depends neither on order nor on repeats, is its claims' worst, and one claim more never raises it.

Hunts for: an average, or a default that wins.
Why it matters: one refuted claim among many goes unseen.
How it looks: the verdicts of a contract's claims, one more, and the order they were repeated in.
If it strikes, suspect: stamp_of in pv/verdict/stamp.py.
Blind spots: contracts that depend on others, whose stamps are capped elsewhere.
Sources: Davey and Priestley 2002, on meets in a lattice; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-021.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

WORST_FIRST = ("FALSIFIED", "SUSPECT", "PARTIAL", "DISCHARGED", "UNTESTED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt."""

    verdicts: tuple[str, ...]
    more: str
    order: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    verdict = st.sampled_from(WORST_FIRST)
    return st.builds(
        Case, verdicts=st.lists(verdict, min_size=1, max_size=6).map(tuple), more=verdict, order=st.integers(0, 99)
    )


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    mixed = [*case.verdicts, *case.verdicts]
    random.Random(case.order).shuffle(mixed)  # noqa: S311  an order, not a secret
    whole, again, longer = _stamp(case.verdicts), _stamp(mixed), _stamp((*case.verdicts, case.more))
    judged = [one for one in case.verdicts if one != "UNTESTED"]
    worst = min(judged, key=WORST_FIRST.index, default="UNTESTED")
    expected = "PARTIAL" if worst == "DISCHARGED" and len(judged) < len(case.verdicts) else worst
    raised = bool(judged) and WORST_FIRST.index(longer) > WORST_FIRST.index(whole)
    return float(whole != again) + float(whole != expected) + float(raised)


def _stamp(verdicts: Sequence[str]) -> str:
    """The stamp over claims of which only the verdict matters."""
    module = importlib.import_module("pv.verdict.stamp")
    verdict = importlib.import_module("pv.verdict").Verdict
    return str(module.stamp_of([SimpleNamespace(verdict=verdict(one)) for one in verdicts])[0])


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
