"""Devices that hold the same tensors still hold the same bits at the end, and saw the same losses on the way.

Hunts for: an update that was not shared: a gradient that one device kept for itself.
Why it matters: replicas that drift are several models; the one that is saved is not the one that was measured.
How it looks: nothing, as long as only the first device is asked.
If it strikes, suspect: the tensor that differs, a collective that leaves it out, a draw that depends on the device.
Blind spots: drift between the devices of one process; bits that were damaged and agree.
Sources: Zhao et al. 2023, arXiv:2304.11277, section 2; DeepSpeed issue 1801.
"""

from __future__ import annotations

import functools
import os
import shutil
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from falsifiers.law import Law
from falsifiers.laws.short_training import Start, start_of, train
from falsifiers.loop.record import final_digests, losses
from falsifiers.program import workshop
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PROCESSES = 2
ROWS = 4
"""Of a step, in each process."""
STEPS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A tensor at the end, or the loss of a step."""

    kind: Literal["tensor", "loss"]
    name: str


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Every tensor and every step."""
    from hypothesis import strategies as st

    return st.sampled_from(list(_differs(start_of(subject))))


def reading(subject: SystemSubject, case: Case) -> float:
    """1 where two processes with a device each hold the tensor otherwise, or saw another loss."""
    return float(_differs(start_of(subject))[case])


@functools.lru_cache(maxsize=1)
def _differs(start: Start) -> dict[Case, bool]:
    """Whether the two processes of one training differ, in each case."""
    run = workshop() / "replicas"
    shutil.rmtree(run, ignore_errors=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    several = ("--devices", str(PROCESSES), "--processes", str(PROCESSES), "--coordinator", address)
    rows = (
        "--batch-size",
        str(PROCESSES * ROWS),
        "--accumulate",
        "1",
        "--num-steps",
        str(STEPS),
        "--warmup-steps",
        "0",
    )
    with ThreadPoolExecutor(PROCESSES) as pool:
        begun = [
            pool.submit(train, start, run, *several, *rows, "--process", str(number), env=env)
            for number, env in enumerate(own_devices(start))
        ]
        for process in begun:
            process.result()
    other = run / "processes" / "1"
    one, two = final_digests(run), final_digests(other)
    seen = zip(losses(run), losses(other), strict=True)
    return {
        **{Case(kind="tensor", name=name): one.get(name) != two.get(name) for name in sorted(one.keys() | two.keys())},
        **{Case(kind="loss", name=f"step {step}"): first != second for step, (first, second) in enumerate(seen)},
    }


def own_devices(start: Start) -> list[Mapping[str, str] | None]:
    """The variables that give each process an accelerator of its own; RuntimeError where there are too few."""
    if start.device == "cpu":
        return [None] * PROCESSES
    import jax

    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = given.split(",") if given else [str(number) for number in range(len(jax.devices()))]
    if len(names) < PROCESSES:
        raise RuntimeError(f"{len(names)} GPU is visible; replicas need {PROCESSES}: use a machine that has them")
    return [{"CUDA_VISIBLE_DEVICES": name} for name in names[:PROCESSES]]


LAW = Law(
    name="replica-digests",
    role="claim",
    evidence="system",
    unit="tensors",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
