"""The trainer's optimizer and training step, at settings that are few enough to be compiled once each."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from falsifiers.kernels.trainer import find, function
from falsifiers.oracles.adamw import Settings

PLAIN: Final = Settings(learning_rate=0.5, beta1=0.9, beta2=0.95, epsilon=1e-8, weight_decay=0.0, clip_norm=1e9)
BETAS: Final = ((0.9, 0.95), (0.8, 0.999), (0.9, 0.9))

Arrays = Mapping[str, Any]


def settings(betas: int, **others: float) -> Settings:
    """The plain settings with another pair of betas, and other values where they are given."""
    beta1, beta2 = BETAS[betas % len(BETAS)]
    return dataclasses.replace(PLAIN, beta1=beta1, beta2=beta2, **others)


def train_config(of: Settings) -> Any:
    """The trainer's configuration of a run at these settings, with a learning rate that does not change."""
    plain = {
        "num_steps": 100,
        "batch_size": 2,
        "seq_length": 8,
        "steps_per_epoch": 100,
        "warmup_steps": 0,
        "min_lr_ratio": 1.0,
        "loss_chunk": 16,
        "checkpoint_every": 100,
    }
    return find("config.parse")(find("config.TrainConfig"), "train", plain | dataclasses.asdict(of))


def slopes(params: Arrays, config: Any, of: Settings, window: Any) -> Any:
    """The gradient of a batch's mean loss, as the training step takes it."""
    _, found = function("step.loss_and_gradients", 1, 2, 4)(
        params, config, train_config(of), {"window": window}, np.float32
    )
    return found


@functools.cache
def update(of: Settings) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The optimizer alone: parameters to its first state, and (gradients, state, parameters) to the next of both."""
    import jax

    optimizer = find("optimizer.make_optimizer")(train_config(of))

    def apply(gradients: Arrays, state: Any, parameters: Arrays) -> tuple[dict[str, Any], Any]:
        moves, state = optimizer.update(gradients, state, parameters)
        return {name: parameters[name] + moves[name] for name in parameters}, state

    return optimizer.init, jax.jit(apply)


@functools.cache
def step(config: Any, of: Settings) -> Callable[..., Any]:
    """The trainer's own step: (state, window) to the next state and the metrics."""
    made: Callable[..., Any] = find("step.make_step")(config, train_config(of), np.float32)
    return made


def moments(state: Any) -> tuple[Arrays, Arrays]:
    """First and second moments by name, wherever in the optimizer's state they lie."""
    import optax

    return optax.tree_utils.tree_get(state, "mu"), optax.tree_utils.tree_get(state, "nu")
