"""What a run's clocks and its driver's samples say: how long a step takes, and on which device it was taken."""

from collections.abc import Iterator
from itertools import groupby
from math import prod
from statistics import median
from typing import Any, Final

from pv.evidence.bundle import Bundle, Row
from pv.evidence.cards import card_of
from pv.evidence.fields import count, moment, number, part, written
from pv.evidence.quantity import Quantity

WARM_UP: Final = 20
"""First steps of a run, which hold what is done once."""

METRICS = "raw/metrics.jsonl"
MIB: Final = 2**20
FLOAT32: Final = 4
"""Bytes of an entry, of a weight and of each of its two moments."""


def speed_quantities(bundle: Bundle) -> Iterator[Quantity]:
    """Yield what the record allows of the step's time, the card's utilisation and the loop's residency."""
    step = _step_time(bundle)
    if step is not None:
        yield step
        share = _utilisation(bundle, step.value)
        if share is not None:
            source = f"{step.source}, raw/run.json"
            yield Quantity(name="model_flops_utilisation", value=share, unit="ratio", source=source)
    monitors = _monitor_share(bundle)
    if monitors is not None:
        yield monitors
    resident = _resident_share(bundle)
    if resident is not None:
        yield resident


def _step_time(bundle: Bundle) -> Quantity | None:
    """The median time of a step; None where a row has none, or no step follows the first ones."""
    times = [number(row.get("wall_ms")) for row in bundle.metrics]
    known = [time for time in times if time is not None and time >= 0]
    later = known[WARM_UP:]
    if len(known) < len(times) or not later:
        return None
    source = f"{METRICS}: median of {len(later)} steps, the first {WARM_UP} left out"
    return Quantity(name="step_time", value=median(later) / 1000, unit="s", source=source)


def _monitor_share(bundle: Bundle) -> Quantity | None:
    """The share of the steps' time that recording and watching them took; None where a run was taken up again."""
    times = [number(row.get("wall_ms")) for row in bundle.metrics]
    known = [time for time in times if time is not None and time >= 0]
    monitors = number(bundle.summary.get("monitor_seconds"))
    if monitors is None or monitors < 0 or not _alone(bundle) or len(known) < len(times) or not sum(known):
        return None
    source = f"raw/summary.json, {METRICS}: {monitors:.3f} s in {len(known)} steps"
    return Quantity(name="monitor_share", value=monitors / (sum(known) / 1000), unit="ratio", source=source)


def _alone(bundle: Bundle) -> bool:
    """Whether one process made the run from its first step to its last."""
    segments = bundle.run.get("segments")
    return isinstance(segments, list) and len(segments) == 1


def _utilisation(bundle: Bundle, step_s: float) -> float | None:
    """The share of the peak at 16 bits; None where the card or the shape is not known.

    Source: Chowdhery et al. 2022, arXiv:2204.02311, appendix B; what the causal mask hides is not counted.
    """
    device, train = part(bundle.run, "device"), part(bundle.run, "config", "train")
    card = card_of(str(device.get("kind"))) if device.get("platform") == "gpu" else None
    sizes = [count(train.get(name)) for name in ("batch_size", "seq_length")]
    operations = _operations(part(bundle.run, "config", "model"), sizes[1] or 0)
    if card is None or not operations or not all(sizes) or step_s == 0:
        return None
    tokens = prod(size for size in sizes if size)
    return tokens * operations / step_s / (card.half * (count(device.get("count")) or 1))


def _operations(model: Row, context: int) -> int:
    """Operations of a training step for each token: 6 an entry of a matrix, and 6 layers * width * context."""
    names = ("num_layers", "hidden_size", "num_heads", "num_kv_heads", "head_dim", "intermediate_size", "vocab_size")
    found = [count(model.get(name)) for name in names]
    layers, hidden, heads, kv_heads, head_dim, intermediate, vocabulary = (size or 0 for size in found)
    if not all(found):
        return 0
    attention = 2 * hidden * head_dim * (heads + kv_heads)
    matrices = layers * (attention + 3 * hidden * intermediate) + vocabulary * hidden
    return 6 * matrices + 6 * layers * heads * head_dim * context


def _resident_share(bundle: Bundle) -> Quantity | None:
    """The share of the samples inside the loop in which its process holds weights and moments on a GPU.

    None where no GPU is named, where the driver does not say who holds what, for a run of several processes, and where
    no sample fell into the loop.
    """
    device = part(bundle.run, "device")
    pid, least, within = str(count(device.get("pid"))), _state_bytes(bundle), _loop(bundle.summary)
    if device.get("platform") != "gpu" or not (least and within and _alone(bundle)):
        return None
    held = []
    for _, sampled in groupby(_inside(bundle, *within), key=lambda row: row.get("time")):
        own = [row for row in sampled if row.get("pid") == pid and str(row.get("device")).startswith("gpu")]
        sizes = [written(row.get("memory_mib")) for row in own]
        if None in sizes:
            return None
        held.append(sum(size or 0 for size in sizes) * MIB >= least)
    if not held:
        return None
    source = f"raw/device.csv: {sum(held)} of {len(held)} samples with {least / MIB:.0f} MiB or more"
    return Quantity(name="resident_share", value=sum(held) / len(held), unit="ratio", source=source)


def _state_bytes(bundle: Bundle) -> int:
    """Bytes of the weights and of both moments; 0 where the tensors before step 0 are not recorded."""
    model = part(bundle.tensors, "model")
    return 3 * FLOAT32 * sum(_entries(part(model, name).get("shape")) for name in model)


def _entries(shape: Any) -> int:
    sizes = [count(size) for size in shape] if isinstance(shape, list) else [0]
    return prod(size or 0 for size in sizes)


def _loop(summary: Row) -> tuple[float, float] | None:
    """Moments, in s, between which the loop was under way, whatever came before and after it.

    It began after the start and the compilation, ended before the end, and took as long as its own clock says. Both are
    recorded to the second: the first moment may lie in the compilation, when the state is on the device already.
    """
    begun, ended = moment(summary.get("started_at")), moment(summary.get("finished_at"))
    compiling, looping = number(summary.get("compile_seconds")), number(summary.get("wall_seconds"))
    if begun is None or ended is None or compiling is None or looping is None:
        return None
    return ended.timestamp() - looping, begun.timestamp() + compiling + looping


def _inside(bundle: Bundle, begun: float, ended: float) -> Iterator[Row]:
    """Yield the samples between two moments."""
    for row in bundle.device:
        when = moment(row.get("time"))
        if when is not None and begun <= when.timestamp() <= ended:
            yield row
