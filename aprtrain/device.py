"""The device asked for, or a refusal that names what was found; never a silent fall-back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from aprtrain.config import DEVICES
from aprtrain.errors import InputError

DETERMINISTIC = "--xla_gpu_deterministic_ops=true"
"""XLA then refuses kernels whose sums depend on timing, and measures none to choose between them."""


def one_order() -> bool:
    """Whether this process adds in one order alone, in whatever a GPU computes for it."""
    return DETERMINISTIC in os.environ.get("XLA_FLAGS", "").split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where arrays live."""

    platform: str
    """`cpu` or `gpu`, as the arrays themselves say."""
    kind: str

    @property
    def compute_dtype(self) -> Any:
        """bfloat16 where products of it are fast, else float32."""
        import jax.numpy as jnp

        return jnp.bfloat16 if self.platform == "gpu" else jnp.float32

    def check(self, array: Any) -> None:
        """Raises RuntimeError if the array does not live on this device."""
        platforms = {device.platform for device in array.devices()}
        if platforms != {self.platform}:
            raise RuntimeError(f"computed on {sorted(platforms)}, not on {self.platform}")


def resolve(choice: str, *, deterministic: bool = False) -> Device:
    """The device of `cpu`, `cuda` or `auto`; JAX computes there from now on.

    Args:
        choice: what was asked for.
        deterministic: whether XLA may only take GPU kernels that give the same bits every time; without effect in
            a process that has used a GPU already.

    Raises:
        InputError: the choice is unknown, or there is no such device.
    """
    import jax

    if choice not in DEVICES:
        raise InputError(f"--device {choice}", "is unknown", f"give one of {', '.join(DEVICES)}")
    if choice == "cpu":
        jax.config.update("jax_platforms", "cpu")
    if deterministic and not one_order():
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {DETERMINISTIC}".strip()
    try:
        found = jax.devices()[0]
    except RuntimeError as error:
        raise InputError(f"--device {choice}", f"JAX finds no device ({error})", "unset JAX_PLATFORMS") from error
    if choice == "cuda" and found.platform != "gpu":
        what = f"found no CUDA device; JAX {jax.__version__} sees {[str(one) for one in jax.devices()]}"
        raise InputError(
            "--device cuda", what, 'pip install "jax[cuda13]" on a machine with a GPU, or give --device cpu'
        )
    if found.platform not in ("cpu", "gpu"):
        raise InputError(f"--device {choice}", f"found {found.platform}", "give --device cpu or --device cuda")
    if choice == "cpu" and found.platform != "cpu":
        raise InputError("--device cpu", f"JAX already computes on {found.platform}", "start a new process")
    return Device(platform=found.platform, kind=found.device_kind)
