"""A corpus whose entropy is known in closed form, and what a model that was trained on it reads on text of its own.

Every second document is a Markov chain whose next token depends on the last one, the others on the last but one, over
different tokens. Each step costs an ideal predictor -ln P(next | past); no other predictor does better on average.

Source: Cover and Thomas 2006, Elements of information theory, 2nd edition, theorems 4.2.2 and 5.4.3.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from falsifiers.kernels.command import CPU, corpus
from falsifiers.loop.record import finished
from falsifiers.program import CONFIG, aprtrain, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LAGS: Final = (1, 2)
STATES: Final = 8
FIRST: Final = 10
"""The token of a chain's first state; those of the second chain follow."""
END: Final = 1
LENGTH: Final = 256
DOCUMENTS: Final = {"train": 300, "val_a": 8, "val_b": 64}
"""Half of them of each chain; 32 clusters a chain are scored."""
CONTEXT: Final = 64
SHAPE: Final = {**CONFIG, "hidden_size": 64, "intermediate_size": 128}
RATE: Final = ("--learning-rate", "0.02", "--warmup-steps", "20", "--weight-decay", "0")
STEPS: Final = ("--num-steps", "400", "--steps-per-epoch", "400", "--checkpoint-every", "400")
SIZE: Final = ("--batch-size", "8", "--seq-length", str(CONTEXT))
SCORED: Final = ("--eval-documents", str(DOCUMENTS["val_b"]), "--eval-tokens", str(LENGTH))

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the chains, of the text and of the training."""

    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the scored documents of one chain cost: sums of nats, in the order of the names."""

    lag: int
    names: tuple[str, ...]
    model: Floats
    """By the trainer's evaluator."""
    ideal: Floats
    """For a predictor that knows the chain."""

    @property
    def mean(self) -> float:
        """What the model pays beyond the ideal predictor, in nats per token."""
        return float(self._excess.mean())

    @property
    def standard_error(self) -> float:
        """Of the mean over documents, which are drawn independently."""
        return float(self._excess.std(ddof=1) / np.sqrt(len(self._excess)))

    @property
    def _excess(self) -> Floats:
        return (self.model - self.ideal) / LENGTH


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any chains."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 999))


def costs(case: Case) -> list[Cost]:
    """Train on the source from scratch, and score text that was drawn anew; a cost for each chain."""
    rng = np.random.default_rng(case.seed)
    chains = {lag: rng.dirichlet(np.full(STATES, 0.3), size=STATES) for lag in LAGS}
    drawn = {split: [draw(chains, number, rng) for number in range(count)] for split, count in DOCUMENTS.items()}
    splits = {split: [[END, *ids, END] for ids, _ in documents] for split, documents in drawn.items()}
    folder, run = corpus("known-source", **splits), workshop() / "known-source-run"
    shape = workshop() / "known-source.json"
    shape.write_text(json.dumps(SHAPE), encoding="utf-8")
    shutil.rmtree(run, ignore_errors=True)
    where = ("--dataset", folder, "--run-dir", run, "--seed", str(case.seed), *CPU)
    finished(aprtrain("pretrain", "--shape", shape, *where, *STEPS, *SIZE, *RATE, *SCORED, cwd=workshop()))
    what = ("--dataset", folder, "--split", "val-b", "--json", *CPU)
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in finished(aprtrain("eval", run, *what, cwd=workshop())).out.splitlines()
    ]
    ideal = [nats for _, nats in drawn["val_b"]]
    return [_cost(lag, [row for row in rows if _lag(int(row["name"])) == lag], ideal) for lag in LAGS]


def _cost(lag: int, rows: list[dict[str, Any]], ideal: list[float]) -> Cost:
    return Cost(
        lag=lag,
        names=tuple(str(row["name"]) for row in rows),
        model=np.array([float(row["sum_nats"]) for row in rows]),
        ideal=np.array([ideal[int(row["name"])] for row in rows]),
    )


def _lag(number: int) -> int:
    return LAGS[number % len(LAGS)]


def draw(chains: dict[int, Floats], number: int, rng: np.random.Generator) -> tuple[list[int], float]:
    """A document's ids, and what its targets cost the ideal predictor, a sum of nats.

    It starts far from the chain's beginning, in its stationary distribution; an ideal predictor is given the states
    before, which a model is not, so that this is a lower bound for it too.
    """
    lag = _lag(number)
    chain, states = chains[lag], rng.integers(0, STATES, lag).tolist()
    cumulative, nats = chain.cumsum(axis=1), 0.0
    for place, point in enumerate(rng.random(STATES * 10 + LENGTH)):
        row = states[-lag]
        states.append(min(int(np.searchsorted(cumulative[row], point, side="right")), STATES - 1))
        nats -= float(np.log(chain[row, states[-1]])) if place >= STATES * 10 else 0.0
    first = FIRST + STATES * LAGS.index(lag)
    return [first + state for state in states[-LENGTH:]], nats
