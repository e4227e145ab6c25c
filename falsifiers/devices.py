"""What a step finds over several devices, beside what it finds over one, in a process that has so many.

`python -m falsifiers.devices --checkpoint FOLDER --shards FOLDER --device cpu` writes a line of JSON for each way to
share the rows among 2 and, where they are there, 4 devices: how the step was computed, and how far it strays from the
same step over one device. The trainer's own step is asked, in float32 on every platform, in its deterministic mode. The
one device computes as many rows at a time as each of several does. For products of other shapes, or of another program,
a GPU may take another kernel, and some keep fewer bits: one device was 2.4e-4 apart from itself with one row at a time,
and 1.1e-6 with two (Qwen2.5-0.5B, H200, jax 0.11.2).
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from falsifiers.kernels.trainer import find

ROWS: Final = 8
"""Of a step: four devices and two micro-batches divide them."""
FEWEST_ROWS: Final = 50
"""Ways and steps that are compared, at the least."""
STILL: Final = {"learning_rate": 1e-30, "weight_decay": 0.0, "warmup_steps": 0, "beta1": 0.0, "batch_size": ROWS}
"""So trained, the weights stay what they are, and the first moments are the gradient that is applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How many devices share a step, whether each holds a part of the state, and the micro-batches of the step."""

    devices: int
    shard: bool
    accumulate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a step reports and applies."""

    loss: float
    norm: float
    gradient: Mapping[str, Any]
    """Tensor -> array on the devices."""


def main(argv: Sequence[str] | None = None) -> int:
    """Compare every way; the exit status."""
    parser = argparse.ArgumentParser(prog="devices", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--device", required=True)
    options = parser.parse_args(argv)
    import jax

    find("device.resolve")(options.device, deterministic=True)
    system = find("system.open_system")(options.checkpoint, device=options.device, shards=options.shards)
    if jax.device_count() < 2:
        raise SystemExit(f"{jax.device_count()} device is there, 2 are needed: use a machine that has them")
    with jax.default_matmul_precision("highest"):
        for row in compared(system, ways(jax.device_count())):
            sys.stdout.write(json.dumps(row) + "\n")
    return 0


def ways(there: int) -> list[Way]:
    """Half of the ways to share a step among two devices and among four; all among two where there are no more."""
    most = min(there, 4) // 2 * 2
    return [
        Way(devices=2, shard=False, accumulate=1),
        Way(devices=2, shard=True, accumulate=2),
        Way(devices=most, shard=False, accumulate=2),
        Way(devices=most, shard=True, accumulate=1),
    ]


def compared(system: Any, asked: Sequence[Way]) -> Iterator[dict[str, Any]]:
    """A row for each way and batch; half of the batches have masks, whose rows leave out more and more."""
    steps = range(-(-FEWEST_ROWS // (2 * len(asked))))
    named = list(itertools.product(steps, (False, True)))
    batches = [_batch(system, step, masked=masked) for step, masked in named]
    for way in asked:
        layout = find("mesh.layout_of")(way.devices, shard=way.shard)
        alone = _found(system, None, way.devices * way.accumulate, batches)
        several = _found(system, layout, way.accumulate, batches)
        for (step, masked), one, other in zip(named, alone, several, strict=True):
            yield {**dataclasses.asdict(way), "step": step, "masked": masked, **_errors(one, other)}


def _batch(system: Any, step: int, *, masked: bool) -> dict[str, Any]:
    batch = system.shards.batches(dataclasses.replace(system.train, **STILL), system.seed).batch(step)
    shape = (ROWS, batch["window"].shape[1] - 1)
    kept = np.linspace(1.0, 0.1, ROWS)[:, None] if masked else np.ones((ROWS, 1))
    return {**batch, "weights": (np.random.default_rng(step).random(shape) < kept).astype(np.float32)}


def _found(system: Any, layout: Any, accumulate: int, batches: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    """What each batch gives under the claimed weights."""
    import jax

    train = dataclasses.replace(system.train, **STILL, accumulate=accumulate)
    step = _step(system.model, train, layout)
    state = find("step.initial_state")(system.parameters(), train)
    state = layout.place(state) if layout else jax.device_put(state)
    for batch in batches:
        state, metrics = step(state, layout.spread(batch) if layout else dict(batch))
        leaves = jax.tree_util.tree_leaves_with_path(state["opt_state"])
        named = [(jax.tree_util.keystr(path), leaf) for path, leaf in leaves]
        gradient = {name: leaf + 0 for name, leaf in named if ".mu" in name}
        yield Found(loss=float(metrics["loss"]), norm=float(metrics["grad_norm"]), gradient=gradient)


@functools.cache
def _step(config: Any, train: Any, layout: Any) -> Any:
    import jax.numpy as jnp

    return find("step.make_step")(config, train, jnp.float32, layout)


def _errors(one: Found, other: Found) -> dict[str, float]:
    """The relative distances of the losses, of the norms, and of the gradients."""
    import jax

    there = {name: jax.device_put(leaf, other.gradient[name].sharding) for name, leaf in one.gradient.items()}
    differing, all_of_it = jax.jit(_squares)(other.gradient, there)
    return {
        "loss": abs(other.loss / one.loss - 1),
        "norm": abs(other.norm / one.norm - 1),
        "gradient": float(np.sqrt(float(differing) / float(all_of_it))),
    }


def _squares(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[Any, Any]:
    """The sums of squares of what differs, and of what is wanted."""
    return sum(((found[name] - leaf) ** 2).sum() for name, leaf in wanted.items()), sum(
        (leaf**2).sum() for leaf in wanted.values()
    )


if __name__ == "__main__":
    raise SystemExit(main())
