"""Quantities of the run itself: its steps, its own losses, how it ended, and what it attacked."""

import math
from collections import Counter
from collections.abc import Iterator

from pv.evidence.bundle import Bundle, Row
from pv.evidence.fields import count, number, reading, total
from pv.evidence.quantities.device_log import device_errors
from pv.evidence.quantity import Quantity

METRICS = "raw/metrics.jsonl"
RUN = "raw/run.json"
NATS = "nats/token"


def training_quantities(bundle: Bundle) -> Iterator[Quantity]:
    """Yield what the run's own record says, recounted."""
    yield from _ending(bundle)
    yield from _steps(bundle)
    yield from _own_losses(bundle)
    yield from _reported(bundle)
    if bundle.log:
        yield _quantity("device_errors", len(device_errors(bundle.log)), "errors", "raw/log.txt")


def loss_by_step(bundle: Bundle) -> dict[int, float]:
    """Return the recorded training loss of each step, in nats per token; empty where a row is malformed.

    A step that is recorded twice, or out of order, makes the record malformed.
    """
    found: dict[int, float] = {}
    last = -1
    for row in bundle.metrics:
        step, loss = count(row.get("step")), reading(row.get("loss"))
        if step is None or loss is None or step <= last:
            return {}
        found[step] = loss
        last = step
    return found


def executed_steps(bundle: Bundle) -> int | None:
    """Return how many steps the metrics hold; None where a run claims steps and left no row."""
    if bundle.metrics:
        return len({count(row.get("step")) for row in bundle.metrics} - {None})
    return 0 if count(bundle.run.get("executed_steps")) in {0, None} else None


def attack_quantities(bundle: Bundle) -> Iterator[Quantity]:
    """Yield `attack/<law>`: the worst reading of that law over all claims; NaN is worse than any number.

    A law that was never tried reads minus infinity, and is left out.
    """
    laws: dict[str, list[Row]] = {}
    for rows in bundle.attacks.values():
        for row in rows:
            if isinstance(row.get("law"), str):
                laws.setdefault(row["law"], []).append(row)
    for law, found_rows in sorted(laws.items()):
        readings = [found for row in found_rows if (found := reading(row.get("worst"))) not in {None, -math.inf}]
        units = {str(row.get("unit")) for row in found_rows}
        if readings and len(units) == 1:
            yield _quantity(f"attack/{law}", _worst(readings), units.pop(), "raw/attacks/")


def _ending(bundle: Bundle) -> Iterator[Quantity]:
    exit_code = number(bundle.run.get("exit_code"))
    if exit_code is not None:
        yield _quantity("exit_status", exit_code, "status", RUN)
    wall = number(bundle.run.get("wall_seconds"))
    if wall is not None and wall >= 0:
        yield _quantity("wall_seconds", wall, "s", RUN)


def _steps(bundle: Bundle) -> Iterator[Quantity]:
    planned, executed = count(bundle.run.get("planned_steps")), executed_steps(bundle)
    if planned is not None:
        yield _quantity("planned_steps", planned, "steps", RUN)
    if executed is not None:
        yield _quantity("executed_steps", executed, "steps", METRICS)
    if not bundle.metrics:
        return
    stated = count(bundle.run.get("executed_steps"))
    if stated is not None:
        yield _quantity("step_gaps", _gaps(bundle, stated), "steps", METRICS)
    walls = [number(row.get("wall_ms")) for row in bundle.metrics]
    known = [wall for wall in walls if wall is not None and wall >= 0]
    if len(known) == len(walls):
        yield _quantity("steps_wall_seconds", total(known) / 1000, "s", METRICS)


def _gaps(bundle: Bundle, stated: int) -> int:
    """Count the stated steps that are not recorded exactly once, and the recorded ones beyond them."""
    seen = Counter(count(row.get("step")) for row in bundle.metrics)
    right = sum(1 for step, times in seen.items() if times == 1 and step is not None and step < stated)
    beyond = sum(1 for step in seen if step is None or step >= stated)
    return stated - right + beyond


def _own_losses(bundle: Bundle) -> Iterator[Quantity]:
    losses = loss_by_step(bundle)
    if not losses:
        return
    if 0 in losses:
        yield _quantity("train_loss_first", losses[0], NATS, METRICS)
    yield _quantity("train_loss_last", losses[max(losses)], NATS, METRICS)
    unsound = sum(not math.isfinite(loss) for loss in losses.values())
    yield _quantity("nonfinite_losses", unsound, "steps", METRICS)


def _reported(bundle: Bundle) -> Iterator[Quantity]:
    source = "raw/reported.jsonl"
    for name, split in (("reported_val_a_last", "val-a"), ("reported_val_b", "val-b")):
        looks = [row for row in bundle.reported if row.get("split") == split]
        loss = reading(looks[-1].get("loss")) if looks else None
        if loss is not None:
            yield _quantity(name, loss, NATS, source)
    if bundle.reported:
        looks_at_b = sum(row.get("split") == "val-b" for row in bundle.reported)
        yield _quantity("reported_val_b_looks", looks_at_b, "1", source)


def _worst(readings: list[float]) -> float:
    return math.nan if any(map(math.isnan, readings)) else max(readings)


def _quantity(name: str, value: float, unit: str, source: str) -> Quantity:
    return Quantity(name=name, value=float(value), unit=unit, source=source)
