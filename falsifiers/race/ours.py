"""The trainer's side of a race: its own step, as `falsifiers.race.side` asks for it."""

from __future__ import annotations

from typing import Any

from falsifiers.kernels.trainer import find
from falsifiers.race.side import LEARNING_RATE, Stepper, options, serve, size_of, windows

LOSS_CHUNK = 16_384
"""Tokens whose logits exist at once."""


def main() -> None:
    """Take steps until nobody asks for more."""
    parser = options(__doc__)
    parser.add_argument("--devices", type=int, default=1, help="that share the work; the batch is for each")
    parser.add_argument("--shard", action="store_true", help="each device holds a part of the state")
    told = parser.parse_args()
    serve(ready(told.size, told.device, told.devices, shard=told.shard))


def ready(size: str, device: str, devices: int = 1, *, shard: bool = False) -> Stepper[Any]:
    """The step of that size, compiled, with fresh weights of seed 0."""
    import jax

    name, batch, length = size_of(size)
    model, found = find("shapes.shape")(name), find("device.resolve")(device)
    layout = find("mesh.layout_of")(devices, shard=shard) if devices > 1 else None
    train = find("config.TrainConfig")(
        batch_size=batch * devices,
        seq_length=length,
        learning_rate=LEARNING_RATE,
        loss_chunk=LOSS_CHUNK,
        warmup_steps=0,
    )
    place, spread = (layout.place, layout.spread) if layout else (jax.device_put, dict)
    batches = [spread({"window": window}) for window in windows(model.vocab_size, batch * devices, length)]
    state = place(find("step.initial_state")(find("model.initial_params")(model, 0), train))
    compiled = find("step.make_step")(model, train, found.compute_dtype, layout).lower(state, batches[0]).compile()
    memory = compiled.memory_analysis()

    def step(index: int) -> Any:
        nonlocal state
        state, metrics = compiled(state, batches[index])
        return metrics["loss"]

    about = {
        "device": found.kind,
        "devices": devices,
        "versions": {"jax": jax.__version__},
    }
    peak = (memory.temp_size_in_bytes + memory.argument_size_in_bytes) / 2**30
    return Stepper(step=step, read=float, about=about, peak_gib=lambda: peak)


if __name__ == "__main__":
    main()
