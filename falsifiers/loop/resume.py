"""A run that was killed and taken up again is the run that was not: equal losses, rates and final weights, to the bit.

Hunts for: a part of the state that a resume forgets.
Why it matters: moments that are lost cost hundreds of steps, and a stream of data that starts anew trains twice on the
same text; neither leaves a trace in the record.
How it looks: a jump of the loss at the break; a curve that is better than it should be.
If it strikes, suspect: moments, their count, the schedule's step, the position in the data, a checkpoint that was half
written.
Blind spots: another machine or number of devices.
Sources: verl issue 7401; huggingface/transformers issue 32294; pytorch issue 17870.
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loop.record import final_digests, finished, rows
from falsifiers.process import Ran
from falsifiers.program import STEP, aprtrain, model_of, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training that is killed, and one that takes it up."""
LENGTH, EVERY = 48, 6
STEPS = ("--num-steps", str(LENGTH), "--checkpoint-every", str(EVERY), "--learning-rate", "0.003")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The step at which the run is killed."""

    step: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """From a fifth to four fifths of the steps."""
    from hypothesis import strategies as st

    return st.builds(Case, step=st.integers(LENGTH // 5, 4 * LENGTH // 5))


def reading(_subject: None, case: Case) -> float:
    """Steps whose row differs from the uninterrupted run's; one more for each final tensor that does."""
    whole, run = _whole(), workshop() / "killed"
    shutil.rmtree(run, ignore_errors=True)
    _run(run, case.step)
    finished(_run(run, None))
    before, after = rows(whole), rows(run)
    differing = sum(one != other for one, other in zip(before, after, strict=False)) + abs(len(before) - len(after))
    wanted, found = final_digests(whole), final_digests(run)
    return float(differing + sum(wanted.get(name) != found.get(name) for name in wanted | found))


@functools.cache
def _whole() -> Path:
    finished(_run(workshop() / "whole", None))
    return workshop() / "whole"


def _run(run: Path, killed_at: int | None) -> Ran:
    metrics = run / "metrics.jsonl"

    def reached() -> bool:
        return killed_at is not None and metrics.is_file() and metrics.read_bytes().count(b"\n") >= killed_at

    where = ("--init", model_of(272), "--dataset", shards(), "--run-dir", run)
    return aprtrain("pretrain", *where, *STEP, *STEPS, cwd=workshop(), kill_at=reached)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="steps", fewest=FEWEST)
