"""Several devices, of one process or of several: how arrays lie on them, and how their findings become one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

from aprtrain.errors import InputError

AXIS = "data"
SMALLEST = 1 << 12
"""Elements of a matrix that is worth cutting up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The devices of a run; rows of a batch are split among them."""

    mesh: Mesh
    shard: bool = False
    """Whether each device holds a part of every large matrix and of its moments, instead of all of them."""

    def place(self, tree: Any) -> Any:
        """Arrays that the host holds whole, on the devices."""

        def put(leaf: Any) -> Any:
            where = NamedSharding(self.mesh, self.spec(leaf.shape))
            return jax.make_array_from_callback(leaf.shape, where, lambda part: np.asarray(leaf)[part])

        return jax.tree.map(put, tree)

    def kept(self, tree: Any) -> Any:
        """The arrays, computed on the devices, lying as `place` puts them."""

        def keep(leaf: jax.Array) -> jax.Array:
            where = NamedSharding(self.mesh, self.spec(leaf.shape))
            kept: jax.Array = jax.lax.with_sharding_constraint(leaf, where)
            return kept

        return jax.tree.map(keep, tree)

    def spread(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """A batch that every process holds whole, as many of its rows on each device."""
        rows = NamedSharding(self.mesh, P(AXIS))
        return {name: jax.make_array_from_callback(one.shape, rows, one.__getitem__) for name, one in batch.items()}

    def spec(self, shape: tuple[int, ...]) -> P:
        """Where an array is cut: along its first axis that the devices divide, if at all."""
        axes = [axis for axis, size in enumerate(shape) if size % self.mesh.size == 0]
        if not self.shard or len(shape) < 2 or math.prod(shape) < SMALLEST or not axes:
            return P()
        return P(*[None] * axes[0], AXIS)


def layout_of(devices: int, *, shard: bool) -> Layout:
    """The first `devices` of all processes; InputError where there are fewer."""
    found = jax.devices()
    if len(found) < devices:
        what = f"found {len(found)} of {jax.process_count()} processes"
        raise InputError(f"--devices {devices}", what, f"give --devices {len(found)}")
    if jax.process_count() > 1 and len(found) != devices:
        what = f"the {jax.process_count()} processes have {len(found)}"
        raise InputError(f"--devices {devices}", what, f"give --devices {len(found)}")
    mesh = jax.make_mesh((devices,), (AXIS,), axis_types=(jax.sharding.AxisType.Auto,), devices=found[:devices])
    return Layout(mesh=mesh, shard=shard)


def join(coordinator: str, processes: int, process: int) -> None:
    """This process is one of several from here on, and has waited for all others; before JAX is used."""
    try:
        jax.distributed.initialize(coordinator, processes, process)
    except (RuntimeError, ValueError) as error:
        what = f"process {process} of {processes} cannot join ({str(error).splitlines()[0]})"
        raise InputError(
            f"--coordinator {coordinator}", what, "give each its --process, and all the same address"
        ) from error


def whole(parts: Mapping[str, jax.Array], specs: Mapping[str, P]) -> dict[str, jax.Array]:
    """On each device the whole arrays, of which it holds parts; the gradient of that sums over the devices."""
    return {
        name: jax.lax.all_gather(part, AXIS, axis=specs[name].index(AXIS), tiled=True) if AXIS in specs[name] else part
        for name, part in parts.items()
    }


def summed(gradients: Mapping[str, jax.Array], specs: Mapping[str, P]) -> dict[str, jax.Array]:
    """Over the devices, where `whole` has not done it."""
    return {name: leaf if AXIS in specs[name] else jax.lax.psum(leaf, AXIS) for name, leaf in gradients.items()}


def gathered(tree: Any) -> Any:
    """The whole arrays, in the memory of every process's host."""
    if jax.process_count() == 1:
        return jax.tree.map(np.array, tree)
    return multihost_utils.process_allgather(tree, tiled=True)


def readable(params: Any) -> Any:
    """Arrays that this process can compute with alone: the same ones, unless several processes hold them."""
    return params if jax.process_count() == 1 else gathered(params)


def agreed(number: int) -> int:
    """The first process's number, known to all; nobody goes on before everybody is here."""
    return int(multihost_utils.broadcast_one_to_all(np.int32(number)))
