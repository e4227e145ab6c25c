"""What flows through a model on given tokens: a row of statistics for every operation, in the order of computation."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from aprtrain.arrays import digest_array
from aprtrain.config import ModelConfig
from aprtrain.data import Tokens
from aprtrain.errors import InputError
from aprtrain.files import finite, read_json, write_json
from aprtrain.model import Params, logits
from aprtrain.safetensors import Arrays, read_file, write_file
from aprtrain.system import AprSystem

ROWS, VALUES = "trace.json", "values.safetensors"
TOLERANCE, TOLERANCE_16_BITS = 1e-3, 2e-2
"""Largest distance of two sound systems, and the same where one of them computes in 16 bits."""


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


_NUMBERS = ("mean", "std", "largest", "finite")


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


def read_trace(folder: Path) -> Trace:
    """The trace that a folder holds; InputError where it holds none, or outputs of another one."""
    fix = "record it again with `aprtrain trace --save`"
    said, values = read_json(folder / ROWS, fix=fix), read_file(folder / VALUES)
    try:
        rows = tuple(
            Row(row["name"], tuple(row["shape"]), row["count"], *(float(row[name]) for name in _NUMBERS))
            for row in said["rows"]
        )
        first, stop = said["positions"]
        found = Trace(said["tokens"], (first, stop), said["dtype"], said["platform"], rows, values)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(folder / ROWS, f"is no trace ({error!r})", fix) from error
    if {row.name: row.shape for row in rows} != {name: array.shape for name, array in values.items()}:
        raise InputError(folder, f"{VALUES} does not hold the operations of {ROWS}", fix)
    return found


def listen(params: Params, model: ModelConfig, tokens: Tokens, hear: Callable[[str, jax.Array], None]) -> jax.Array:
    """The logits of tokens [b, t]; `hear` gets `layers.<index>.<name>` and output [b, t, ...] of every operation.

    Attention keeps its scores to itself: `scores` [b, t, heads, t] are computed anew from the turned queries and keys.
    """
    queries: list[jax.Array] = []

    def tap(layer: str, name: str, x: jax.Array) -> jax.Array:
        hear(layer + name, x)
        if name == "q_rope":
            queries[:] = [x]
        if name == "k_rope":
            grouped = queries[0].reshape(*x.shape[:3], -1, x.shape[3])
            scores = jnp.einsum("btkgd,bskd->btkgs", grouped, x) / model.head_dim**0.5
            hear(layer + "scores", scores.reshape(*x.shape[:2], -1, x.shape[1]))
        return x

    with jax.default_matmul_precision("highest"):
        return logits(params, model, jnp.asarray(tokens), tap=tap)


def trace(system: AprSystem, tokens: Tokens, positions: tuple[int, int] | None = None, *, keep: bool = False) -> Trace:
    """The statistics of every operation on the ids [t], at the positions [first, stop), or at all.

    Computed in float32, operation by operation: nothing is fused, so the last bits may differ from those of a compiled
    program. Unless they are to be kept, no more outputs are held than the forward pass itself needs.

    Raises:
        InputError: ids beyond the vocabulary, more of them than the model has positions, or positions beyond the ids.
    """
    first, stop = positions or (0, len(tokens))
    if not 0 <= first < stop <= len(tokens) <= system.model.max_positions:
        what = f"positions {first}:{stop} of {len(tokens)} ids, with max_positions={system.model.max_positions}"
        raise InputError("trace", what, "give no more ids than the model has positions, and positions among them")
    system.check(tokens)
    ids = np.asarray(tokens, np.int32)[None]
    back = np.arange(first, stop)[:, None, None] - np.arange(len(tokens))
    seen = (back >= 0) & (back < (system.model.sliding_window or len(tokens)))
    rows: list[Row] = []
    values: Arrays = {}

    def add(name: str, x: jax.Array) -> None:
        x = x[:, first:stop]
        counted = np.broadcast_to(seen if name.endswith(".scores") else np.array(True), x.shape)
        rows.append(Row(name, x.shape, int(counted.sum()), *map(float, _statistics(x, counted))))
        if keep:
            values[name] = np.asarray(jnp.where(counted, x, 0), np.float32)

    listen(system.params, system.model, ids, add)
    return Trace(digest_array(ids), (first, stop), "float32", system.device_platform, tuple(rows), values)


@jax.jit
def _statistics(x: jax.Array, counted: Any) -> tuple[jax.Array, ...]:
    largest = jnp.max(jnp.abs(x), where=counted, initial=0)
    return jnp.mean(x, where=counted), jnp.std(x, where=counted), largest, jnp.mean(jnp.isfinite(x), where=counted)


@dataclass(frozen=True, slots=True)
class Gap:
    """How the output of an operation differs from the reference's; NaN where the unit is 0."""

    ratio: float
    """Its deviation over the reference's."""
    shift: float
    """Difference of the means, in the reference's deviation."""
    distance: float
    """Norm of the difference over the reference's norm."""


def compare(found: Trace, reference: Trace) -> list[Gap]:
    """The gap of every operation, from outputs that both have kept.

    Raises:
        InputError: the traces are of other tokens, positions, operations, shapes or counts: the first difference.
    """
    for ours, theirs in zip_longest(_selection(found), _selection(reference)):
        if ours != theirs:
            what = f"{ours or 'no more operations'} here, {theirs or 'no more operations'} in the reference"
            raise InputError("traces", what, "compare traces of the same tokens, positions and shape")
    return [_gap(found, reference, *both) for both in zip(found.rows, reference.rows, strict=True)]


def _gap(found: Trace, reference: Trace, ours: Row, theirs: Row) -> Gap:
    unit, wanted = theirs.std or float("nan"), reference.values[theirs.name].astype(np.float64)
    apart, norm = np.linalg.norm(found.values[ours.name] - wanted), np.linalg.norm(wanted)
    return Gap(ours.std / unit, (ours.mean - theirs.mean) / unit, float(apart / norm) if norm else float(apart > 0))


def first_divergence(found: Trace, reference: Trace, gaps: list[Gap]) -> str:
    """The first operation, in the order of computation, that is further from the reference than rounding takes it."""
    tolerance = TOLERANCE if found.dtype == reference.dtype == "float32" else TOLERANCE_16_BITS
    for row, gap in zip(found.rows, gaps, strict=True):
        if not gap.distance <= tolerance:
            return f"first divergence: {row.name}, by {gap.distance:.3g} of its norm"
    return f"no operation diverges by more than {tolerance:g} of its norm"


def _selection(one: Trace) -> Iterator[tuple[Any, ...]]:
    yield "tokens", one.tokens
    yield "positions", one.positions
    for row in one.rows:
        yield row.name, row.shape, row.count


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
