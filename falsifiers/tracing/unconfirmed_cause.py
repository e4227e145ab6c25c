"""A cause is confirmed where removing it ends the symptom and planting it alone brings the symptom back, and not else.

Hunts for: a cause that is accepted because nothing else was left, or because removing it helped.
Why it matters: the real cause stays where it is, and the next symptom is put on something that was mended.
How it looks: two faults that act together, of which each passes for the cause when it alone is removed.
If it strikes, suspect: a verdict that reads one half of the trial, a size that is not asked for.
Blind spots: causes that are no tensor; symptoms that no logit shows.
Sources: public pull requests 1580 and 1604 of paiml/aprender, 2026: causes that were confirmed by elimination;
Zeller 2009, "Why programs fail", chapter 12, on causes as differences.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats
from falsifiers.program import OURS, weights, workshop, write_model
from falsifiers.system import Array
from falsifiers.tracing.saved import bisect, config, definition, ids

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of six seconds."""
FIELDS = config(1)
GATE, UP, DOWN = (f"model.layers.0.mlp.{part}_proj.weight" for part in ("gate", "up", "down"))
NORM = "model.norm.weight"
WAYS = {
    "alone": (UP,),
    "with another": (UP,),
    "together": (GATE,),
    "of no account": (NORM,),
    "both together": (GATE, DOWN),
}
"""How the suspected tensors stand to the difference of the two models."""
NONE, HALF = 1e-3, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of weights and ids, and how the suspected tensors stand to the difference."""

    seed: int
    way: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each way once, with weights of its own."""
    from hypothesis import strategies as st

    return st.sampled_from([Case(seed=seed, way=way) for seed, way in enumerate(sorted(WAYS))])


def reading(_subject: None, case: Case) -> float:
    """1 where the trial of the command ends otherwise than that of the float64 definition."""
    sound, spoilt = _models(case)
    tokens, suspects = ids(case.seed, 16), WAYS[case.way]
    named = [word for name in suspects for word in ("--suspect", OURS[name])]
    folders = [write_model(workshop() / name, one, FIELDS) for name, one in (("sound", sound), ("spoilt", spoilt))]
    ran = bisect(f"aprtrain:{folders[1]}", f"aprtrain:{folders[0]}", tokens, "--format=json", *named)
    said = json.loads(ran.out)["trial"]["state"]
    swapped = ({name: one[name] for name in suspects} for one in (sound, spoilt))
    right, *others = (
        definition(one, FIELDS, tokens)["logits"]
        for one in (sound, spoilt, spoilt | next(swapped), sound | next(swapped))
    )
    return float(not said.startswith(_state(*(_distance(one, right) for one in others))))


def _models(case: Case) -> tuple[dict[str, Array], dict[str, Array]]:
    """The sound model and the spoilt one.

    Together: a unit whose gate is shut in the one and open in the other, and whose output is 0 in the one and not in
    the other: it takes both to be heard.
    """
    sound = weights(case.seed, FIELDS)
    spoilt = {name: array.copy() for name, array in sound.items()}
    if "together" in case.way:
        for name, unit in ((GATE, np.s_[:4]), (DOWN, np.s_[:, :4])):
            sound[name][unit] = 0
            spoilt[name][unit] = np.random.default_rng(case.seed).normal(0, 1, spoilt[name][unit].shape)
        return sound, spoilt
    spoilt[UP] = spoilt[UP][::-1].copy()
    if case.way == "with another":
        spoilt[DOWN] = np.multiply(spoilt[DOWN][:, ::-1], 3, dtype=np.float32)
    return sound, spoilt


def _distance(found: Floats, wanted: Floats) -> float:
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


def _state(symptom: float, removed: float, planted: float) -> str:
    """How the trial must end; each model here has a symptom."""
    if removed <= NONE and symptom / HALF <= planted <= symptom * HALF:
        return "confirmed"
    return "real, and does not explain" if planted > NONE else "open"


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
