"""Each step takes the slope of its own batch's loss, and moves by the declared rule at the recorded rate.

Hunts for: a gradient of another loss than the recorded one; an update by other constants or rates than declared.
Why it matters: such a run trains, and well; it is another experiment under the same name.
How it looks: a curve that is right at step 0 and a little off from then on; settings that change nothing.
If it strikes, suspect: terms that are only in the gradient, targets without one, micro-batches that are left out,
moments in 16 bits, decay on norms, a clip that is never reached, a schedule of the optimizer's own, a start from other
weights than the init's; files of one stream that are put together wrongly.
Blind spots: steps of another size than these; what a compiler does to other shapes; another device.
Sources: Kingma and Ba 2014, arXiv:1412.6980, algorithm 1; Loshchilov and Hutter 2017, arXiv:1711.05101, algorithm 2;
Baydin et al. 2018, JMLR 18(153), on directional derivatives.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from falsifiers.kernels.command import corpus, in_two_files, ours, shape, trained
from falsifiers.law import one_law
from falsifiers.loop.record import rows
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.oracles.decoder import Floats, Ints, token_nats
from falsifiers.program import CONFIG, VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""
END = 1
LENGTH, WINDOWS, STEPS = 16, 4, 6
SPARE = 5
"""Ids after the last window."""
LAYERS: Final[Mapping[str, Any]] = {**CONFIG, "num_hidden_layers": 2}
TRAIN: Final[Mapping[str, float]] = {
    "learning_rate": 2e-2,
    "warmup_steps": 2,
    "min_lr_ratio": 0.5,
    "steps_per_epoch": 3,
    "weight_decay": 0.3,
    "beta1": 0.8,
    "beta2": 0.97,
    "epsilon": 1e-6,
    "eval_documents": 1,
}
NUDGE = 1e-5
"""Length of the step along which a slope is taken in float64."""
SMALL = 1e-2
"""Share of the whole gradient below which a tensor's part is not asked to be as exact."""

Tensors = dict[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is trained on, and how a step is computed."""

    seed: int
    cut: int
    """Ids in the first of the stream's two files."""
    accumulate: int
    clip: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any tokens; the stream cut anywhere; steps in one, two or four parts; the clip reached and not reached."""
    from hypothesis import strategies as st

    return st.builds(
        Case,
        seed=st.integers(0, 9),
        cut=st.integers(1, WINDOWS * LENGTH + SPARE),
        accumulate=st.sampled_from([4, 2, 1]),
        clip=st.sampled_from([0.5, 1e3]),
    )


def reading(_subject: None, case: Case) -> float:
    """Largest relative error of a recorded loss or norm, of a gradient, a moment or an update, over all steps.

    The split is as many windows as a batch has rows, so that the batch of every step is the whole of it.
    """
    run, windows = _trained(case)
    recorded = rows(run)
    states = [_start(case.seed), *(_state(run, step + 1) for step in range(len(recorded)))]
    errors = [
        error
        for step, (row, (before, after)) in enumerate(zip(recorded, pairwise(states), strict=True))
        for error in _errors(case, windows, step, row, before, after)
    ]
    return float(np.max(errors)) if len(recorded) == STEPS else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """Parameters and both moments by name."""

    p: Tensors
    m: Tensors
    v: Tensors


def _start(seed: int) -> _State:
    p = ours(weights(seed, LAYERS))
    still = {name: np.zeros_like(array) for name, array in p.items()}
    return _State(p=p, m=still, v=still)


def _state(run: Path, step: int) -> _State:
    folder = run / "checkpoint"
    kept = {name: array.astype(np.float64) for name, array in read_arrays(folder, step, prefix="opt_state.").items()}
    moments = [
        {name.partition(part)[2]: array for name, array in kept.items() if part in name} for part in (".mu.", ".nu.")
    ]
    p = {name: array.astype(np.float64) for name, array in read_arrays(folder, step).items()}
    return _State(p=p, m=moments[0], v=moments[1])


def _trained(case: Case) -> tuple[Path, Ints]:
    ids = np.random.default_rng(case.seed).integers(2, VOCABULARY, WINDOWS * LENGTH - 2 + SPARE)
    half = len(ids) // 2
    documents = [[END, *part.tolist(), END] for part in (ids[:half], ids[half:])]
    text = in_two_files(corpus("every-window", train=documents), case.cut)
    stream = np.array([*documents[0], *documents[1][1:]])
    windows = np.stack([stream[at : at + LENGTH + 1] for at in range(0, WINDOWS * LENGTH, LENGTH)])
    options = {
        **TRAIN,
        "num_steps": STEPS,
        "batch_size": WINDOWS,
        "accumulate": case.accumulate,
        "clip_norm": case.clip,
    }
    options |= {"checkpoint_every": 1, "keep_checkpoints": STEPS}
    said = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    init = write_model(workshop() / "declared", weights(case.seed, LAYERS), LAYERS)
    return trained("--init", init, *said, dataset=text, run=workshop() / "declared-run", length=LENGTH), windows


def _errors(
    case: Case, windows: Ints, step: int, row: Mapping[str, Any], before: _State, after: _State
) -> Iterator[float]:
    """Relative errors of one step."""
    b1, b2 = TRAIN["beta1"], TRAIN["beta2"]
    loss = functools.partial(_loss, windows)
    yield abs(float(row["loss"]) / loss(before.p) - 1)
    gradient = {name: (after.m[name] - b1 * m) / (1 - b1) for name, m in before.m.items()}
    norm, raw = _norm(gradient), float(row["grad_norm"])
    yield abs(norm / min(raw, case.clip) - 1)
    yield from _slopes(loss, before.p, gradient, norm / raw, step)
    for name, p in before.p.items():
        square = b2 * before.v[name] + (1 - b2) * gradient[name] ** 2
        yield _apart(after.v[name], square, np.linalg.norm(square))
        mean, spread = after.m[name] / (1 - b1 ** (step + 1)), after.v[name] / (1 - b2 ** (step + 1))
        decay = TRAIN["weight_decay"] * p * (p.ndim > 1)
        move = -float(row["lr"]) * (mean / (np.sqrt(spread) + TRAIN["epsilon"]) + decay)
        yield _apart(after.p[name] - p, move, np.linalg.norm(move))


def _slopes(loss: Any, p: Tensors, gradient: Tensors, share: float, step: int) -> Iterator[float]:
    """How far the gradient is from the slope of the float64 loss, along a drawn direction within each tensor."""
    rng, whole = np.random.default_rng(step), _norm(gradient)
    for name, slopes in gradient.items():
        way = rng.standard_normal(slopes.shape)
        ends = [loss({**p, name: p[name] + sign * NUDGE * way}) for sign in (1, -1)]
        slope = (ends[0] - ends[1]) / (2 * NUDGE) * share
        yield abs(float(np.sum(slopes * way)) - slope) / max(float(np.linalg.norm(slopes)), SMALL * whole)


def _loss(windows: Ints, p: Tensors) -> float:
    return float(token_nats(p, shape(LAYERS), windows[:, :-1], windows[:, 1:]).mean())


def _norm(tensors: Tensors) -> float:
    return float(np.sqrt(sum(np.sum(array**2) for array in tensors.values())))


def _apart(found: Floats, wanted: Floats, size: Any) -> float:
    return float(np.linalg.norm(found - wanted) / size)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=1e-4, fewest=FEWEST)
