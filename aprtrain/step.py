"""The one training step: pure, jitted once, its state donated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax.sharding import PartitionSpec as P

from aprtrain.config import ModelConfig, TrainConfig
from aprtrain.data import inputs_and_targets
from aprtrain.loss import cross_entropy
from aprtrain.mesh import AXIS, Layout, summed, whole
from aprtrain.model import Params, forward, head_of, narrowed
from aprtrain.optimizer import global_norm, learning_rate, make_optimizer

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
    params: Params, config: ModelConfig, train: TrainConfig, batch: Batch, dtype: Any, layout: Layout | None = None
) -> tuple[jax.Array, Params]:
    """Mean nats a target over a batch, and its gradients, computed in `train.accumulate` micro-batches.

    With a layout each device computes its own rows; the weights of all count alike, wherever they lie.
    """
    weights = batch.get("weights", jnp.ones(inputs_and_targets(batch["window"])[1].shape, jnp.float32))
    batch, settings = batch | {"weights": weights}, (config, train, dtype)
    if layout is None:
        loss, gradients = _of_rows(params, batch, jnp.sum(weights), lambda parts: parts, *settings)
    else:
        specs = {name: layout.spec(leaf.shape) for name, leaf in params.items()}

        def on_each(params: Params, batch: Batch) -> tuple[jax.Array, Params]:
            total = jax.lax.psum(jnp.sum(batch["weights"]), AXIS)
            loss, gradients = _of_rows(params, batch, total, lambda parts: whole(parts, specs), *settings)
            return jax.lax.psum(loss, AXIS), summed(gradients, specs)

        inputs, outputs = (specs, P(AXIS)), (P(), specs)
        each = jax.shard_map(on_each, mesh=layout.mesh, in_specs=inputs, out_specs=outputs, check_vma=False)
        loss, gradients = each(params, batch)
    return loss, {name: leaf.astype(params[name].dtype) for name, leaf in gradients.items()}


def _of_rows(
    params: Params,
    batch: Batch,
    total: jax.Array,
    whole: Callable[[Params], Params],
    config: ModelConfig,
    train: TrainConfig,
    dtype: Any,
) -> tuple[jax.Array, Params]:
    """Weighted nats of some rows over `total`, and the gradients for the parts that `whole` makes arrays of."""

    def loss_of(parts: Params, rows: Batch) -> jax.Array:
        return batch_loss(whole(parts), config, rows, total, train.loss_chunk, dtype)

    found = jax.value_and_grad(loss_of)
    parts = narrowed(params, dtype)
    if train.accumulate == 1:
        return found(parts, batch)

    def add(sums: Any, rows: Batch) -> tuple[Any, None]:
        return jax.tree.map(lambda one, more: one + more.astype(one.dtype), sums, found(parts, rows)), None

    micros = {name: array.reshape(train.accumulate, -1, array.shape[-1]) for name, array in batch.items()}
    start = (jnp.zeros((), jnp.float32), jax.tree.map(jnp.zeros_like, params))
    sums, _ = jax.lax.scan(add, start, micros)
    return sums[0], sums[1]


def make_step(config: ModelConfig, train: TrainConfig, dtype: Any, layout: Layout | None = None) -> Any:
    """The jitted step: (state, batch) to (state, metrics before the update)."""
    optimizer = make_optimizer(train)

    def step(state: State, batch: Batch) -> tuple[State, dict[str, jax.Array]]:
        params = state["params"]
        loss, gradients = loss_and_gradients(params, config, train, batch, dtype, layout)
        updates, opt_state = optimizer.update(gradients, state["opt_state"], params)
        metrics = {"loss": loss, "grad_norm": global_norm(gradients), "lr": learning_rate(train, state["step"])}
        new = {"params": optax.apply_updates(params, updates), "opt_state": opt_state, "step": state["step"] + 1}
        return layout.kept((new, metrics)) if layout else (new, metrics)

    return jax.jit(step, donate_argnums=0, compiler_options=COMPILER_OPTIONS)
