"""Devices that hold the same tensors still hold the same bits at the end, and saw the same losses on the way.

Hunts for: an update that was not shared: a gradient that one device kept for itself.
Why it matters: replicas that drift are several models; the one that is saved is not the one that was measured.
How it looks: nothing, as long as only the first device is asked.
If it strikes, suspect: the tensor that differs, a collective that leaves it out, a draw that depends on the device.
Blind spots: drift between the devices of one process; bits that were damaged and agree.
Sources: Zhao et al. 2023, arXiv:2304.11277, section 2; DeepSpeed issue 1801.
"""

from __future__ import annotations

import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loop.record import final_digests, finished, losses
from falsifiers.program import STEP, aprtrain, model_of, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from falsifiers.process import Ran

FEWEST = 5
"""A case is two trainings of several seconds, side by side."""
SETTINGS = ("--batch-size", "4", "--learning-rate", "0.01", "--warmup-steps", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed, and steps before the replicas are compared."""

    seed: int
    steps: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """A few steps: what is not shared differs after the first."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 99), steps=st.integers(1, 4))


def reading(_subject: None, case: Case) -> float:
    """Tensors that two processes hold otherwise at the end, and losses that they saw otherwise."""
    run, inputs = workshop() / "replicas", (model_of(272), shards())
    shutil.rmtree(run, ignore_errors=True)
    with socket.socket() as free, ThreadPoolExecutor(2) as pool:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        for ran in list(pool.map(lambda process: _process(process, address, run, case, *inputs), range(2))):
            finished(ran)
    other = run / "processes" / "1"
    one, two = final_digests(run), final_digests(other)
    tensors = sum(one.get(name) != two.get(name) for name in one.keys() | two.keys())
    return float(tensors + sum(a != b for a, b in zip(losses(run), losses(other), strict=True)))


def _process(number: int, address: str, run: Path, case: Case, model: Path, text: Path) -> Ran:
    of_several = ("--devices", "2", "--coordinator", address, "--processes", "2", "--process", str(number))
    options = (*STEP, *SETTINGS, "--num-steps", str(case.steps), "--seed", str(case.seed), "--init", model)
    where = ("--dataset", text, "--run-dir", run)
    return aprtrain("pretrain", *options, *of_several, *where, cwd=workshop())


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
