"""The one training step: pure, jitted once, its state donated."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax

from aprtrain.config import ModelConfig, TrainConfig
from aprtrain.data import inputs_and_targets
from aprtrain.loss import mean_cross_entropy
from aprtrain.model import Params, forward, head_of
from aprtrain.optimizer import learning_rate, make_optimizer

State = dict[str, Any]
"""`params`, `opt_state` and `step`: all that a run carries from one step to the next."""


COMPILER_OPTIONS = {"xla_gpu_enable_triton_gemm": False}
"""cuBLAS multiplies large bfloat16 matrices faster than the kernels that XLA would write; see docs/performance.md."""


def initial_state(params: Params, train: TrainConfig) -> State:
    """The state before step 0."""
    return {
        "params": params,
        "opt_state": make_optimizer(train).init(params),
        "step": jnp.zeros((), jnp.int32),
    }


def batch_loss(params: Params, config: ModelConfig, window: jax.Array, chunk: int, dtype: Any) -> jax.Array:
    """Mean nats a target over a batch [b, t + 1]."""
    inputs, targets = inputs_and_targets(window)
    hidden = forward(params, config, inputs, dtype)
    head = head_of(params, config)
    return mean_cross_entropy(hidden.reshape(-1, hidden.shape[-1]), head, targets.reshape(-1), chunk)


def make_step(config: ModelConfig, train: TrainConfig, dtype: Any) -> Any:
    """The jitted step: (state, window [b, t + 1]) to (state, metrics before the update)."""
    optimizer = make_optimizer(train)

    def step(state: State, window: jax.Array) -> tuple[State, dict[str, jax.Array]]:
        params = state["params"]
        loss, gradients = jax.value_and_grad(batch_loss)(params, config, window, train.loss_chunk, dtype)
        updates, opt_state = optimizer.update(gradients, state["opt_state"], params)
        metrics = {
            "loss": loss,
            "grad_norm": optax.tree.norm(gradients),
            "lr": learning_rate(train, state["step"]),
        }
        new = {
            "params": optax.apply_updates(params, updates),
            "opt_state": opt_state,
            "step": state["step"] + 1,
        }
        return new, metrics

    return jax.jit(step, donate_argnums=0, compiler_options=COMPILER_OPTIONS)
