"""Of the checkpoints of a run stay the last ones, and the one with the lowest validation loss.

Hunts for: a best that is the worst, the first or the last; a best by another number than the reported one.
Why it matters: what was thrown away was the model that the run was made for, and only a second run brings it back.
How it looks: after a run that became worse towards its end, no checkpoint evaluates to the lowest reported loss.
If it strikes, suspect: a comparison the wrong way round, the training loss in place of the validation's, a best that is
forgotten where a later checkpoint pushes it out.
Blind spots: whether the kept folder holds the weights of its step, which other laws read.
Sources: pyg-team/pytorch_geometric pull request 6306 and mila-iqia/cookiecutter-pyml issue 119: the worst was saved.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from falsifiers.kernels.command import trained
from falsifiers.law import one_law
from falsifiers.program import VOCABULARY, model_of, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a training of four seconds."""
STEPS: Final = 12
EPOCH: Final = 2
HOW: Final = ("--num-steps", str(STEPS), "--warmup-steps", str(STEPS), "--steps-per-epoch", str(EPOCH))
"""The rate rises to the end, beyond what the model bears: the lowest validation loss is somewhere on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The rate at the end, the seed of the order, steps between checkpoints, and how many of the last ones stay."""

    rate: float
    seed: int
    every: int
    keep: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Runs that get worse again; a checkpoint after each epoch, or after every second one."""
    from hypothesis import strategies as st

    rates, every = st.sampled_from([0.3, 1.0]), st.sampled_from([EPOCH, 2 * EPOCH])
    return st.builds(Case, rate=rates, seed=st.integers(0, 3), every=every, keep=st.integers(1, 2))


def reading(_subject: None, case: Case) -> float:
    """Checkpoints that are kept and ought not to be, and those that ought to be and are not."""
    options = ("--learning-rate", str(case.rate), "--seed", str(case.seed))
    saving = ("--checkpoint-every", str(case.every), "--keep-checkpoints", str(case.keep))
    how: tuple[str | Path, ...] = ("--init", model_of(VOCABULARY), *HOW, *options, *saving)
    run = trained(*how, dataset=shards(), run=workshop() / "best-run", length=16)
    epochs = [json.loads(path.read_text(encoding="utf-8")) for path in (run / "epochs").iterdir()]
    losses = {int(row["step"]): float(row["val_loss"]) for row in epochs}
    saved = range(case.every, STEPS + 1, case.every)
    wanted = {*saved[-case.keep :], min(saved, key=lambda step: losses[step])}
    kept = {int(path.name) for path in (run / "checkpoint").iterdir() if path.name.isdigit()}
    return float(len(kept ^ wanted))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
