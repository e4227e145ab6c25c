"""Where the next token has nothing to do with those before it, no held-out loss is below the entropy of the targets.

Hunts for: a model that is shown its targets.
Why it matters: a leak makes every loss low, on any text, and looks like learning.
How it looks: a held-out loss below the entropy of tokens that were dealt out at random.
If it strikes, suspect: targets that are the inputs, a mask that lets later tokens through, an evaluation on what was
trained on.
Blind spots: a leak that this many steps do not learn to use.
Sources: Zhang et al. 2016, arXiv:1611.03530; Shannon 1948 (no context-free predictor is below the entropy).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.program import model_of, pretrain, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of several seconds."""
STEPS = ("--num-steps", "150", "--batch-size", "8", "--learning-rate", "0.01", "--warmup-steps", "5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the deal."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any deal."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 99))


def reading(_subject: None, case: Case) -> float:
    """Nats/token by which the held-out loss is below the entropy of its targets."""
    folder, run = workshop() / "nonsense", workshop() / "nonsense-run"
    held_out = _dealt(folder, case.seed)
    finished(pretrain("--init", model_of(272), *STEPS, shards=folder, run=run))
    lines = (run / "reported.jsonl").read_text(encoding="utf-8").splitlines()
    reported = [row for row in map(json.loads, lines) if row["split"] == "val-b"][-1]
    counts = np.bincount(held_out[1:])
    shares = counts[counts > 0] / counts.sum()
    entropy = -float(shares @ np.log(shares))
    return entropy - float(reported["loss"])


def _dealt(folder: Path, seed: int) -> Any:
    """The shards with the tokens within documents dealt out anew; the stream of val-b, all of which is scored."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(shards(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rng = np.random.default_rng(seed)
    for split in manifest["splits"].values():
        (row,) = split["shards"]
        stream = np.fromfile(folder / row["file"], np.dtype("<u2"))
        inner = np.flatnonzero(stream != manifest["eos_id"])
        stream[inner] = rng.permutation(stream[inner])
        (folder / row["file"]).write_bytes(stream.tobytes())
        row["sha256"] = hashlib.sha256(stream.tobytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return stream


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="nats/token", tolerance=0.02, fewest=FEWEST)
