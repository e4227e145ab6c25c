"""One side of `throughput.py`: the step of aprtrain, on random tokens; one JSON line a size."""

from __future__ import annotations

import argparse
import json
import time

import jax
import numpy as np

from aprtrain.config import ModelConfig, TrainConfig
from aprtrain.device import resolve
from aprtrain.model import initial_params
from aprtrain.shapes import shape
from aprtrain.step import initial_state, make_step

WARM_UP = 5
PEAK_FLOPS = 989e12


def main() -> None:
    """Measure every size given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--device", default="cuda")
    arguments = parser.parse_args()
    device = resolve(arguments.device)
    for size in arguments.sizes:
        name, _, of = size.partition(":")
        batch, length = map(int, of.split("x"))
        row = _measure(shape(name), batch, length, arguments.steps, device.compute_dtype)
        print(json.dumps({"size": size, **row, "jax": jax.__version__, "device": device.kind}), flush=True)


def _measure(model: ModelConfig, batch: int, length: int, steps: int, dtype: object) -> dict[str, float]:
    train = TrainConfig(batch_size=batch, seq_length=length, learning_rate=3e-4, loss_chunk=16_384, warmup_steps=0)
    windows = [
        np.random.default_rng(seed).integers(0, model.vocab_size, (batch, length + 1), dtype=np.int32)
        for seed in range(4)
    ]
    state = initial_state(initial_params(model, 0), train)
    began = time.perf_counter()
    step = make_step(model, train, dtype).lower(state, windows[0]).compile()
    compiling = time.perf_counter() - began
    memory = step.memory_analysis()
    loss = None
    for index in range(WARM_UP + steps):
        before = loss
        state, metrics = step(state, windows[index % 4])
        loss = metrics["loss"]
        if before is not None:
            before.block_until_ready()
        if index == WARM_UP - 1:
            loss.block_until_ready()
            began = time.perf_counter()
    last = float(loss)
    seconds = (time.perf_counter() - began) / steps
    speed = batch * length / seconds
    return {
        "tokens_per_s": speed,
        "step_ms": seconds * 1e3,
        "mfu": speed * flops_a_token(model, length) / PEAK_FLOPS,
        "peak_gib": (memory.temp_size_in_bytes + memory.argument_size_in_bytes) / 2**30,
        "compile_s": compiling,
        "loss": last,
    }


def flops_a_token(model: ModelConfig, length: int) -> float:
    """Floating-point operations of training on one token: 6 a weight that multiplies, and causal attention once."""
    inner = model.num_heads * model.head_dim
    attention = 2 * model.hidden_size * (inner + model.num_kv_heads * model.head_dim)
    layer = attention + 3 * model.hidden_size * model.intermediate_size
    weights = model.num_layers * layer + model.hidden_size * model.vocab_size
    return 6.0 * weights + 3.0 * model.num_layers * 2 * inner * length


if __name__ == "__main__":
    main()
