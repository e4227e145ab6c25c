"""A shard with an id that the model has no row for is refused; the largest that it has is accepted.

Hunts for: an id beyond the vocabulary that gets as far as the embedding.
Why it matters: JAX clamps an index without a word, so that thousands of tokens share the last row.
How it looks: a loss that is a little too high, and an embedding row that nobody can name.
If it strikes, suspect: a check that was left out for speed, one that wraps around in 16 bits, a vocabulary read from
another file than the shards'.
Blind spots: ids that are in range and mean something else.
Sources: the JAX documentation on out-of-bounds indexing; paiml/aprender pull request 1585.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.program import VOCABULARY, aprtrain, refused, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 10
"""A case is a process of half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One id put in place of another."""

    split: str
    place: float
    """As a share of the split's tokens."""
    token: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """The two ids on either side of the border, and the largest that the file can hold."""
    from hypothesis import strategies as st

    token = st.sampled_from([VOCABULARY - 1, VOCABULARY, VOCABULARY + 1, 2**15, 2**16 - 1])
    place = st.sampled_from([0.0, 0.25, 0.5, 0.75])
    return st.builds(Case, split=st.sampled_from(["train", "val-a", "val-b"]), place=place, token=token)


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: acceptance in range; refusal, with file and id named, beyond it."""
    folder = workshop() / "ids"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(shards(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    row = manifest["splits"][case.split]["shards"][0]
    path = folder / row["file"]
    stream = np.fromfile(path, np.dtype("<u2"))
    end = int(manifest["eos_id"])
    inner = np.flatnonzero(stream != end)
    stream[inner[int(case.place * len(inner))]] = case.token
    path.write_bytes(stream.tobytes())
    row["sha256"] = hashlib.sha256(stream.tobytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    ran = aprtrain("info", folder, cwd=workshop())
    return float(ran.status != 0 if case.token < VOCABULARY else refused(ran, row["file"], case.token))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ids", fewest=FEWEST)
