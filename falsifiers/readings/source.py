"""A source of known entropy beside the run: the same trainer, under the same fault, learns it from scratch on a CPU."""

from __future__ import annotations

from typing import Final

from falsifiers.evaluation.known_source import LENGTH, Case, costs
from falsifiers.job import Row, rows_of

SPLIT: Final = "known-source"


def known_source(seed: int) -> list[Row]:
    """For each chain, what its documents cost the trained model, and a predictor that knows the chain."""
    rows: list[Row] = []
    for cost in costs(Case(seed=seed)):
        for evaluator, sums in (("system", cost.model), ("table", cost.ideal)):
            rows += rows_of(f"lag-{cost.lag}", evaluator, SPLIT, cost.names, [(float(nats), LENGTH) for nats in sums])
    return rows
