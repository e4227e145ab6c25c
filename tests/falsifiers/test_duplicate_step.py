"""The trainer's own gradients, computed twice: equal to the bit, unless something is drawn that no seed decides."""

import dataclasses
import itertools
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aprtrain import step
from aprtrain.config import TrainConfig
from aprtrain.device import Device
from aprtrain.model import initial_params
from falsifiers.attack import attack
from falsifiers.kernels.trainer import model
from falsifiers.laws import duplicate_step

BATCH, CONTEXT = 2, 16


@dataclasses.dataclass(frozen=True)
class Subject:
    system: object
    steps: int = 200


def subject(*, rate=1e-3):
    """A small decoder and random windows; another rate is another program."""
    config = model()
    return Subject(
        SimpleNamespace(
            model=config,
            train=TrainConfig(batch_size=BATCH, seq_length=CONTEXT, learning_rate=rate),
            device=Device(platform="cpu", kind="cpu"),
            params=initial_params(config, 0),
            window=lambda number: np.random.default_rng(number).integers(0, 32, (BATCH, CONTEXT + 1), dtype=np.int32),
        )
    )


def test_a_sound_step_repeats_itself():
    row = attack(duplicate_step.LAW, subject(), seed=0, cases=50)
    assert (row["outcome"], row["cases"], row["worst"]) == ("survived", 50, 0.0)


@pytest.fixture
def faulty(monkeypatch):
    """The lowest bit of one entry of one gradient is another at every second computation."""
    sound, calls = step.loss_and_gradients, itertools.count()

    def gradients(*arguments):
        loss, found = sound(*arguments)
        flip = jax.pure_callback(lambda: np.uint32(next(calls) % 2), jax.ShapeDtypeStruct((), jnp.uint32))
        bits = found["embed"].view(jnp.uint32)
        return loss, found | {"embed": bits.at[0, 0].set(bits[0, 0] ^ flip).view(jnp.float32)}

    monkeypatch.setattr(step, "loss_and_gradients", gradients)


@pytest.mark.usefixtures("faulty")
def test_one_bit_of_one_tensor_is_enough():
    row = attack(duplicate_step.LAW, subject(rate=2e-3), seed=0, cases=50)
    assert (row["outcome"], row["worst"]) == ("refuted", 1.0)
