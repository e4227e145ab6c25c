"""A run's checkpoint has the tensors of its configuration, a head of its own only where that does not tie.

Hunts for: a head that is saved although the model ties, or one that is left out although it does not.
Why it matters: a tied checkpoint with a head is read as another model, whose head never learned.
How it looks: 219 tensors for 290, or a count that is right because two faults cancel.
If it strikes, suspect: one boolean, a list of names by hand, a parameter that no step reaches.
Blind spots: values; the same matrix saved twice under one name.
Sources: paiml/aprender pull requests 1474 and 1578; Press and Wolf 2016, arXiv:1608.05859.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.kernels.command import shape, trained
from falsifiers.law import one_law
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.oracles.expected import expected_arrays
from falsifiers.program import CONFIG, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Whether the model ties, and how many layers and key/value heads it has."""

    tied: bool
    layers: int
    kv_heads: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Both kinds, of several shapes."""
    from hypothesis import strategies as st

    return st.builds(Case, tied=st.booleans(), layers=st.integers(1, 2), kv_heads=st.sampled_from([1, 2, 4]))


def reading(_subject: None, case: Case) -> float:
    """Tensors that only one has of checkpoint, ledger and design, or that have another shape there."""
    config = {
        **CONFIG,
        "tie_word_embeddings": case.tied,
        "num_hidden_layers": case.layers,
        "num_key_value_heads": case.kv_heads,
    }
    path = workshop() / "tie-shape.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    run = trained("--shape", path, dataset=shards(), run=workshop() / "tie-run", length=16)
    wanted = set(expected_arrays(shape(config)).items())
    saved = {(name, array.shape) for name, array in read_arrays(run / "checkpoint").items()}
    ledger = json.loads((run / "ledger.json").read_text(encoding="utf-8"))["model"]
    told = {(name, tuple(row["shape"])) for name, row in ledger.items()}
    return float(len(wanted ^ saved) + len(wanted ^ told))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
