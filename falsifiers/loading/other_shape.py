"""An init of another shape than was asked for is refused, and the message names exactly the fields that differ.

Hunts for: weights that are cut, padded, reshaped or filled up at random until they fit.
Why it matters: what was made to fit is no longer what was pretrained.
How it looks: a run with one layer more than its init, whose last layer is noise.
If it strikes, suspect: a comparison of parameter counts, a first difference that hides the others, a load that ignores
what does not match.
Blind spots: fields that two families name differently.
Sources: flax `nnx.update` accepts missing and extra names; paiml/aprender pull request 1579.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loading.ten_fields import FIELDS
from falsifiers.program import CONFIG, model_of, pretrain, refused, shards_of, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a process of two seconds."""
OTHER = {
    "vocab_size": 384,
    "hidden_size": 32,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "max_position_embeddings": 128,
    "rope_theta": 500.0,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The fields in which the wanted shape differs from the init's; head_dim stays."""

    fields: tuple[str, ...]


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each field alone, and two together."""
    from hypothesis import strategies as st

    names = st.sampled_from(sorted(OTHER))
    chosen = st.lists(names, min_size=1, max_size=2, unique=True)
    return chosen.map(lambda found: Case(fields=tuple(sorted(found))))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken; a field that is named and does not differ is one too."""
    wanted = {**CONFIG, "head_dim": 4, **{name: OTHER[name] for name in case.fields}}
    shape = workshop() / "other-shape.json"
    shape.write_text(json.dumps(wanted), encoding="utf-8")
    run = workshop() / "other-run"
    ran = pretrain("--init", model_of(272), "--shape", shape, shards=shards_of(272), run=run)
    named = {ours for ours in FIELDS.values() if re.search(rf"\b{ours}: ", ran.err)}
    values = [value for name in case.fields for value in (CONFIG[name], wanted[name])]
    return float(refused(ran, *values) + run.exists() + len(named ^ {FIELDS[name] for name in case.fields}))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
