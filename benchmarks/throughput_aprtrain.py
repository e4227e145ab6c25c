"""One side of `throughput.py`: the step of aprtrain, on random tokens; one JSON line a size.

Both sides start from the same weights, read the same windows, and write down the loss of every step.
"""

from __future__ import annotations

import argparse
import json
import time

import jax
import numpy as np
import numpy.typing as npt

from aprtrain.config import ModelConfig, TrainConfig
from aprtrain.device import Device, resolve
from aprtrain.mesh import Layout, layout_of
from aprtrain.model import initial_params
from aprtrain.shapes import shape
from aprtrain.step import initial_state, make_step
from aprtrain.utilisation import flops_per_token, utilisation

WARM_UP = 5


def windows(vocab_size: int, batch: int, length: int) -> list[npt.NDArray[np.int32]]:
    """Four batches [batch, length + 1] that are read in turn, the same ones on every side."""
    return [
        np.random.default_rng(seed).integers(0, vocab_size, (batch, length + 1), dtype=np.int32) for seed in range(4)
    ]


def main() -> None:
    """Measure every size given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--devices", type=int, default=1, help="that share the work; BATCH is for each")
    parser.add_argument("--shard", action="store_true", help="each device holds a part of the state")
    arguments = parser.parse_args()
    device = resolve(arguments.device)
    layout = layout_of(arguments.devices, shard=arguments.shard) if arguments.devices > 1 else None
    for size in arguments.sizes:
        name, _, of = size.partition(":")
        batch, length = map(int, of.split("x"))
        row = _measure(shape(name), batch * arguments.devices, length, arguments.steps, device, layout)
        which = {"jax": jax.__version__, "device": device.kind, "devices": arguments.devices}
        print(json.dumps({"size": size, **row, **which}), flush=True)


def _measure(
    model: ModelConfig, batch: int, length: int, steps: int, device: Device, layout: Layout | None
) -> dict[str, object]:
    """Of all devices together, but the memory of one."""
    place, spread, devices = (layout.place, layout.spread, layout.mesh.size) if layout else (jax.device_put, dict, 1)
    train = TrainConfig(batch_size=batch, seq_length=length, learning_rate=3e-4, loss_chunk=16_384, warmup_steps=0)
    batches = [spread({"window": window}) for window in windows(model.vocab_size, batch, length)]
    state = place(initial_state(initial_params(model, 0), train))
    began = time.perf_counter()
    step = make_step(model, train, device.compute_dtype, layout).lower(state, batches[0]).compile()
    compiling = time.perf_counter() - began
    memory = step.memory_analysis()
    losses: list[jax.Array] = []
    for index in range(WARM_UP + steps):
        state, metrics = step(state, batches[index % 4])
        losses.append(metrics["loss"])
        if index:
            losses[-2].block_until_ready()
        if index == WARM_UP - 1:
            losses[-1].block_until_ready()
            began = time.perf_counter()
    losses[-1].block_until_ready()
    seconds = (time.perf_counter() - began) / steps
    speed = batch * length / seconds
    return {
        "tokens_per_s": speed,
        "step_ms": seconds * 1e3,
        "mfu": utilisation(speed / devices * flops_per_token(model, length), device.kind),
        "peak_gib": (memory.temp_size_in_bytes + memory.argument_size_in_bytes) / 2**30,
        "compile_s": compiling,
        "seconds": seconds * steps,
        "steps": steps,
        "losses": [float(loss) for loss in losses],
    }


if __name__ == "__main__":
    main()
