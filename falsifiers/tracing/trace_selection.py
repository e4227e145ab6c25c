"""Traces are compared where they are of the same tokens, positions and shapes, and refused by name where they are not.

Hunts for: a comparison of the last position with all of them, or of one text with another.
Why it matters: the ratio of two numbers that are about different things is no ratio, and looks like one.
How it looks: a deviation of 18.23 times the reference's, of which 1.245 is left on the same positions.
If it strikes, suspect: a trace that does not say what it selected, a comparison that looks at names alone.
Blind spots: models that differ in no shape, such as one with another theta; these are what comparisons are for.
Sources: paiml/aprender pull requests 1535 to 1546, 2026.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.program import VOCABULARY, refused, workshop
from falsifiers.tracing.saved import bisect, config, ids, model, trace

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of five seconds."""
POSITIONS = ("--positions", "0", "8")
WAYS = {
    "nothing": "",
    "a token": "tokens ",
    "the positions": "positions ",
    "their number": "positions ",
    "the layers": "layers.2.attn_norm",
    "the width": "layers.0.gate of shape",
}
"""What differs from the trace that was saved, and what the refusal must name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What differs."""

    way: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each way once."""
    from hypothesis import strategies as st

    return st.builds(Case, way=st.sampled_from(sorted(WAYS)))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: equal traces do not diverge, others are refused by their first difference."""
    tokens = ids(0, 16)
    if case.way == "a token":
        tokens[3] = (tokens[3] + 1) % VOCABULARY
    others = {"the positions": ("--positions", "8", "16"), "their number": ("--positions", "0", "9")}
    fields = {"the layers": config(3), "the width": config(intermediate_size=20)}.get(case.way, config())
    folder = model(f"selected-{case.way}" if case.way in {"the layers", "the width"} else "selected", 0, fields)
    ran = bisect(f"aprtrain:{folder}", f"trace:{_saved()}", tokens, *others.get(case.way, POSITIONS))
    if WAYS[case.way]:
        return float(refused(ran, "not comparable", WAYS[case.way]))
    return float((ran.status != 0) + ("no divergence" not in ran.out))


@functools.cache
def _saved() -> Path:
    folder = workshop() / "selected-trace"
    finished(trace(model("selected", 0, config()), ids(0, 16), *POSITIONS, "--save", folder))
    return folder


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
