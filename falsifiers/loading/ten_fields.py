"""With an init each field of the shape is the one in its config.json, and a file that lacks one is refused by its name.

Hunts for: a field that has a default, or that is read from somewhere else.
Why it matters: an architectural constant that nobody read makes another model, whose loss is plausible and wrong.
How it looks: theta of 10,000 under a checkpoint that was trained with a million; a tie that became two matrices.
If it strikes, suspect: a default of a data class, a constant of the family, a name that was spelt otherwise.
Blind spots: fields beyond the ten; values that two fields share.
Sources: paiml/aprender pull requests 1472 to 1494 (constants that were hard-coded); huggingface/transformers issue
43429.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers.law import one_law
from falsifiers.program import CONFIG, aprtrain, refused, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 10
"""A case is a process of two seconds."""
FIELDS = {
    "vocab_size": "vocab_size",
    "hidden_size": "hidden_size",
    "num_attention_heads": "num_heads",
    "num_key_value_heads": "num_kv_heads",
    "intermediate_size": "intermediate_size",
    "num_hidden_layers": "num_layers",
    "max_position_embeddings": "max_positions",
    "rope_theta": "rope_theta",
    "rms_norm_eps": "rms_norm_eps",
    "tie_word_embeddings": "tie_word_embeddings",
}
"""What a config.json calls each field, and what the trainer shows it as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Fields drawn with a seed, and one that is left out."""

    seed: int
    without: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each field left out once, and all of them there three times."""
    from hypothesis import strategies as st

    every = ["", "", "", *sorted(FIELDS)]
    return st.sampled_from([Case(seed=seed, without=name) for seed, name in enumerate(every)])


def reading(_subject: None, case: Case) -> float:
    """Fields that differ from the file; or how many promises of a refusal are broken."""
    config = _drawn(case.seed)
    tensors = weights(case.seed, config)
    found = {name: value for name, value in config.items() if name != case.without}
    ran = aprtrain("info", write_model(workshop() / "fields", tensors, found), cwd=workshop())
    if case.without:
        return float(refused(ran, case.without))
    shown = dict(re.findall(r"(\w+)=([\w.+-]+)", ran.out))
    return float(sum(not _same(config[name], shown.get(ours, "")) for name, ours in FIELDS.items()))


def _same(value: Any, shown: str) -> bool:
    return shown == str(value) if isinstance(value, bool) or not shown else float(shown) == float(value)


def _drawn(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    groups, kv = int(rng.choice([1, 2, 7])), int(rng.choice([1, 2]))
    drawn = {
        "vocab_size": int(rng.integers(260, 2000)),
        "hidden_size": 4 * groups * kv,
        "num_attention_heads": groups * kv,
        "num_key_value_heads": kv,
        "intermediate_size": int(rng.integers(5, 60)),
        "num_hidden_layers": int(rng.integers(1, 4)),
        "max_position_embeddings": int(rng.integers(16, 9000)),
        "rope_theta": float(rng.choice([500.0, 10_000.0, 1_000_000.0])),
        "rms_norm_eps": float(rng.choice([1e-6, 1e-5, 3e-6])),
        "tie_word_embeddings": bool(rng.integers(2)),
    }
    return {**CONFIG, **drawn}


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
