"""The one training step: pure, jitted once, its state donated."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax

from aprtrain.config import ModelConfig, TrainConfig
from aprtrain.data import inputs_and_targets
from aprtrain.loss import cross_entropy
from aprtrain.model import Params, forward, head_of
from aprtrain.optimizer import learning_rate, make_optimizer

State = dict[str, Any]
"""`params`, `opt_state` and `step`: all that a run carries from one step to the next."""

Batch = dict[str, Any]
"""`window` [b, t + 1]; with document masks `segments`, of the same shape; `weights` [b, t] of the targets, else 1."""


COMPILER_OPTIONS = {"xla_gpu_enable_triton_gemm": False}
"""cuBLAS multiplies large bfloat16 matrices faster than the kernels that XLA would write; see docs/performance.md."""


def initial_state(params: Params, train: TrainConfig) -> State:
    """The state before step 0."""
    return {"params": params, "opt_state": make_optimizer(train).init(params), "step": jnp.zeros((), jnp.int32)}


def batch_loss(
    params: Params, config: ModelConfig, batch: Batch, total: jax.Array, chunk: int, dtype: Any
) -> jax.Array:
    """Weighted nats of a batch over `total`: over the sum of its own weights it is the mean nats a target."""
    window, segments = batch["window"], batch.get("segments")
    inputs, targets = inputs_and_targets(window)
    hidden = forward(params, config, inputs, dtype, segments=None if segments is None else segments[:, :-1])
    flat = (hidden.reshape(-1, hidden.shape[-1]), head_of(params, config), targets.reshape(-1))
    return cross_entropy(*flat, batch["weights"].reshape(-1), total, chunk)


def loss_and_gradients(
    params: Params, config: ModelConfig, train: TrainConfig, batch: Batch, dtype: Any
) -> tuple[jax.Array, Params]:
    """Mean nats a target over a batch, and its gradients, computed in `train.accumulate` micro-batches."""
    weights = batch.get("weights", jnp.ones(inputs_and_targets(batch["window"])[1].shape, jnp.float32))
    batch, total = batch | {"weights": weights}, jnp.sum(weights)
    value_and_grad = jax.value_and_grad(batch_loss)
    if train.accumulate == 1:
        found: tuple[jax.Array, Params] = value_and_grad(params, config, batch, total, train.loss_chunk, dtype)
        return found

    def add(sums: Any, micro: Batch) -> tuple[Any, None]:
        parts = value_and_grad(params, config, micro, total, train.loss_chunk, dtype)
        return jax.tree.map(jnp.add, sums, parts), None

    rows = train.batch_size // train.accumulate
    micros = {name: array.reshape(-1, rows, array.shape[-1]) for name, array in batch.items()}
    start = (jnp.zeros((), jnp.float32), jax.tree.map(jnp.zeros_like, params))
    sums, _ = jax.lax.scan(add, start, micros)
    return sums[0], sums[1]


def make_step(config: ModelConfig, train: TrainConfig, dtype: Any) -> Any:
    """The jitted step: (state, batch) to (state, metrics before the update)."""
    optimizer = make_optimizer(train)

    def step(state: State, batch: Batch) -> tuple[State, dict[str, jax.Array]]:
        params = state["params"]
        loss, gradients = loss_and_gradients(params, config, train, batch, dtype)
        updates, opt_state = optimizer.update(gradients, state["opt_state"], params)
        metrics = {"loss": loss, "grad_norm": optax.tree.norm(gradients), "lr": learning_rate(train, state["step"])}
        new = {"params": optax.apply_updates(params, updates), "opt_state": opt_state, "step": state["step"] + 1}
        return new, metrics

    return jax.jit(step, donate_argnums=0, compiler_options=COMPILER_OPTIONS)
