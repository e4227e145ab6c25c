"""What flows through a model on given tokens: a row of statistics for every operation, in the order of computation."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from aprtrain.arrays import digest_array
from aprtrain.config import ModelConfig
from aprtrain.data import Tokens
from aprtrain.errors import InputError
from aprtrain.files import finite, write_json
from aprtrain.model import Params, logits
from aprtrain.safetensors import Arrays, write_file
from aprtrain.system import AprSystem

ROWS, VALUES = "trace.json", "values.safetensors"
Masked = np.ma.MaskedArray[Any, np.dtype[np.float32]]
Alter = Callable[[str, Any], Any]
"""Is given the name and the output of an operation, and returns what goes on from there."""


@dataclass(frozen=True, slots=True)
class Row:
    """The values that one operation put out at the chosen positions."""

    name: str
    shape: tuple[int, ...]
    count: int
    """Values in the statistics: all of them, but of `scores` only those that attention sees."""
    mean: float
    std: float
    largest: float
    """Largest magnitude."""
    finite: float
    """Share of the values that are finite."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The operations of a model on one sequence, and what is needed to compare them with another's."""

    tokens: str
    """SHA-256 of all ids as int32, those outside the chosen positions as well."""
    positions: tuple[int, int]
    """First position in the statistics, and the one after the last."""
    dtype: str
    platform: str
    rows: tuple[Row, ...]
    values: Arrays = field(default_factory=dict)
    """The outputs themselves, where they are kept; scores that attention does not see are 0."""

    def to_json(self) -> dict[str, Any]:
        """JSON values, without the outputs; numbers that are not finite by their names."""
        rows = [{key: finite(v) if isinstance(v, float) else v for key, v in asdict(row).items()} for row in self.rows]
        said = {"tokens": self.tokens, "positions": self.positions, "dtype": self.dtype, "platform": self.platform}
        return said | {"rows": rows}

    def save(self, folder: Path) -> None:
        """The folder holds the trace and its outputs, for a comparison with another system's."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_file(folder / VALUES, self.values)
            write_json(folder / ROWS, self.to_json())
        except OSError as error:
            raise InputError(folder, f"cannot be written ({error})", "give a place that can be written to") from error


def listen(
    params: Params,
    model: ModelConfig,
    tokens: Tokens,
    hear: Callable[[str, jax.Array], None],
    dtype: Any = jnp.float32,
    alter: Alter = lambda _name, x: x,
) -> jax.Array:
    """The logits of tokens [b, t]; `hear` gets `layers.<index>.<name>` and output [b, t, ...] of every operation.

    Computed in `dtype`; what `alter` makes of an output is heard and goes on. Attention keeps its scores to itself:
    `scores` [b, t, heads, t] are computed anew from the turned queries and keys, in float32.
    """
    queries: list[jax.Array] = []

    def tap(layer: str, name: str, x: jax.Array) -> jax.Array:
        x = jnp.asarray(alter(layer + name, x), x.dtype)
        hear(layer + name, x)
        if name == "q_rope":
            queries[:] = [x]
        if name == "k_rope":
            grouped = queries[0].reshape(*x.shape[:3], -1, x.shape[3])
            scores = jnp.einsum("btkgd,bskd->btkgs", grouped, x, preferred_element_type=jnp.float32)
            scores = scores / model.head_dim**0.5
            hear(layer + "scores", scores.reshape(*x.shape[:2], -1, x.shape[1]))
        return x

    with jax.default_matmul_precision("highest"):
        return logits(params, model, jnp.asarray(tokens), dtype, tap)


def trace(system: AprSystem, tokens: Tokens, positions: tuple[int, int] | None = None, *, keep: bool = False) -> Trace:
    """The statistics of every operation on the ids [t], at the positions [first, stop), or at all.

    Computed in float32, operation by operation: nothing is fused, so the last bits may differ from those of a compiled
    program. Unless they are to be kept, no more outputs are held than the forward pass itself needs.

    Raises:
        InputError: ids beyond the vocabulary, more of them than the model has positions, or positions beyond the ids.
    """
    first, stop = positions or (0, len(tokens))
    ids = _checked(system, tokens, first, stop)
    rows: list[Row] = []
    values: Arrays = {}

    def add(name: str, x: jax.Array) -> None:
        x = x[:, first:stop]
        counted = _counted(system, name, x.shape, first)
        rows.append(Row(name, x.shape, int(counted.sum()), *map(float, _statistics(x, counted))))
        if keep:
            values[name] = np.asarray(jnp.where(counted, x, 0), np.float32)

    listen(system.params, system.model, ids, add)
    return Trace(digest_array(ids), (first, stop), "float32", system.device_platform, tuple(rows), values)


def operations(
    system: AprSystem, tokens: Tokens, dtype: str = "float32", alter: Alter = lambda _name, x: x
) -> dict[str, Masked]:
    """The output [1, t, ...] of every operation on the ids [t], by name in order, computed in `dtype`.

    Scores that attention does not see are masked. What `alter` makes of an output goes on in its place.

    Raises:
        InputError: ids beyond the vocabulary, or more of them than the model has positions.
    """
    ids = _checked(system, tokens, 0, len(tokens))
    found: dict[str, Masked] = {}

    def add(name: str, x: jax.Array) -> None:
        mask = ~_counted(system, name, x.shape, 0)
        found[name] = np.ma.masked_array(np.asarray(x, np.float32), mask)

    listen(system.params, system.model, ids, add, jnp.dtype(dtype), alter)
    return found


def _checked(system: AprSystem, tokens: Tokens, first: int, stop: int) -> Tokens:
    if not 0 <= first < stop <= len(tokens) <= system.model.max_positions:
        what = f"positions {first}:{stop} of {len(tokens)} ids, with max_positions={system.model.max_positions}"
        raise InputError("trace", what, "give no more ids than the model has positions, and positions among them")
    system.check(tokens)
    return np.asarray(tokens, np.int32)[None]


def _counted(system: AprSystem, name: str, shape: tuple[int, ...], first: int) -> npt.NDArray[np.bool_]:
    """Which values [1, positions, ...], from position `first` on, an operation has: of scores those that are seen."""
    if not name.endswith(".scores"):
        return np.broadcast_to(True, shape)
    back = np.arange(first, first + shape[1])[:, None, None] - np.arange(shape[-1])
    return np.broadcast_to((back >= 0) & (back < (system.model.sliding_window or shape[-1])), shape)


@jax.jit
def _statistics(x: jax.Array, counted: Any) -> tuple[jax.Array, ...]:
    largest = jnp.max(jnp.abs(x), where=counted, initial=0)
    return jnp.mean(x, where=counted), jnp.std(x, where=counted), largest, jnp.mean(jnp.isfinite(x), where=counted)


def read_ids(path: Path) -> Tokens:
    """The ids in a text file, apart by spaces or commas."""
    try:
        return np.array(path.read_text(encoding="utf-8").replace(",", " ").split(), np.int32)
    except (OSError, ValueError, OverflowError) as error:
        raise InputError(path, f"holds no ids ({error})", "write whole numbers apart by spaces or commas") from error


def plot(found: Trace, path: Path) -> None:
    """The standard deviation of each operation over the layers, as a PNG or SVG by the name's ending."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError(path, "needs matplotlib, which is not installed", "pip install 'claimtrial[plots]'") from error
    if path.suffix not in (".png", ".svg"):
        raise InputError(path, "is neither .png nor .svg", "end its name with one of them")
    lines: dict[str, list[float]] = {}
    for row in found.rows:
        if row.name.startswith("layers."):
            lines.setdefault(row.name.split(".")[2], []).append(row.std)
    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots()
    for number, (name, values) in enumerate(lines.items()):
        axes.plot(values, "o-" if number < 10 else "s--", label=name)
    title = "positions {}:{}".format(*found.positions)
    axes.set(yscale="log", xlabel="layer", ylabel="standard deviation", title=title)
    axes.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside right upper")
    try:
        figure.savefig(path)
    except OSError as error:
        raise InputError(path, f"cannot be written ({error})", "give a place in a folder that exists") from error
