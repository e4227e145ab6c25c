"""Experiments whose readings are known beforehand: what a control is, and reading a set of them."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pv.contract import evaluate
from pv.errors import ContractError
from pv.evidence import Bundle, Quantity, detail, quantities
from pv.evidence.fields import part
from pv.methodology.derived import derived, tolerances
from pv.methodology.model import ControlReading

Bound = float | str
"""A number in the control's unit, or an expression over quantities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """An experiment, its law, and the band that the law implies."""

    name: str
    item: int
    """Number in the minimal set."""

    law: str
    """One sentence that every sound run obeys."""

    quantity: str
    """Name of the quantity that is read."""

    low: Bound | None = None
    """Inclusive lower end."""

    high: Bound | None = None
    """Inclusive upper end."""

    unit: str
    source: str
    """Why the band lies where it lies."""

    start: Literal["any", "init", "drawn"] = "any"
    """The weights before step 0 of the runs that it is for."""


def control_set(name: str) -> tuple[Control, ...]:
    """Return the controls of a set; empty where there is no set of that name."""
    from pv.methodology.lm_loss import LM_LOSS

    return {"lm-loss": LM_LOSS}.get(name, ())


def control_readings(
    name: str, bundle: Bundle, measured: Mapping[str, Quantity] | None = None
) -> tuple[ControlReading, ...]:
    """Return what every control of a set reads in a bundle, recomputed from raw.

    Args:
        name: The control set, e.g. `lm-loss`.
        bundle: What was recorded.
        measured: Its quantities, where they are at hand.
    """
    return readings(
        name,
        quantities(bundle) if measured is None else measured,
        platform=platform(bundle),
        drawn=started_from_drawn(bundle),
        explain=lambda of: detail(bundle, of),
    )


def platform(bundle: Bundle) -> str:
    """Return where the system computed; `cpu` where nothing else is recorded."""
    return str(part(bundle.run, "device").get("platform", "cpu"))


def started_from_drawn(bundle: Bundle) -> bool:
    """Return whether a run had no init: it was given none, and the trainer's configuration says so.

    Its first loss must then be that of drawn weights. One that was given an init and says otherwise is asked for it.
    """
    return part(bundle.run, "config").get("init_digest", "") is None and "init" not in bundle.tensors


def readings(
    name: str,
    measured: Mapping[str, Quantity],
    *,
    platform: str = "cpu",
    drawn: bool = False,
    explain: Callable[[str], str] = lambda _: "",
) -> tuple[ControlReading, ...]:
    """Return what every control of a set reads; a reading is None where the control was not run.

    Args:
        name: The control set, e.g. `lm-loss`.
        measured: Quantities as recorded.
        platform: Where the system computed; anything but `cpu` may have used bfloat16.
        drawn: Whether the weights before step 0 were drawn, so that there is no init to look at.
        explain: Says what lies behind a quantity, for a reading that is wrong.

    """
    known = {**measured, **derived(measured), **tolerances(platform)}
    values = {identifier(key): (quantity.value, quantity.unit) for key, quantity in known.items()}
    others = "init" if drawn else "drawn"
    found = [control for control in control_set(name) if control.start != others]
    return tuple(_read(control, name, known, values, explain) for control in found)


def identifier(name: str) -> str:
    """Return how a bound names a quantity."""
    return re.sub(r"\W", "_", name)


def _read(
    control: Control,
    of: str,
    known: Mapping[str, Quantity],
    values: Mapping[str, tuple[float, str]],
    explain: Callable[[str], str],
) -> ControlReading:
    quantity = known.get(control.quantity)
    low, high, wanting = None, None, ""
    try:
        low, high = (_end(control, end, values) for end in (control.low, control.high))
    except ContractError as error:
        wanting = f"its band is unknown: {error.what}"
    if quantity is None:
        wanting = f"{control.quantity} was not recorded"
    elif quantity.unit != control.unit:
        wanting = f"{control.quantity} was recorded in {quantity.unit}"
    found = ControlReading(
        name=control.name,
        control_set=of,
        item=control.item,
        low=low,
        high=high,
        reading=None if wanting or quantity is None else quantity.value,
        unit=control.unit,
        detail=wanting,
    )
    return found if found.ok is not False else _explained(found, control, explain)


def _end(control: Control, end: Bound | None, values: Mapping[str, tuple[float, str]]) -> float | None:
    return None if end is None else evaluate(end, values, unit=control.unit)[0]


def _explained(reading: ControlReading, control: Control, explain: Callable[[str], str]) -> ControlReading:
    from dataclasses import replace

    return replace(reading, detail=explain(control.quantity) or control.law)


NON_FINITE: Final = {math.inf: "Infinity", -math.inf: "-Infinity"}


def control_rows(name: str, bundle: Bundle) -> list[dict[str, Any]]:
    """Return the rows of `raw/controls.jsonl` for a control set."""
    return [
        {
            "name": reading.name,
            "control_set": reading.control_set,
            "item": reading.item,
            "expected": reading.expected,
            "low": reading.low,
            "high": reading.high,
            "reading": as_json(reading.reading),
            "unit": reading.unit,
            "ok": reading.ok,
            "detail": reading.detail,
        }
        for reading in control_readings(name, bundle)
    ]


def as_json(value: float | None) -> float | str | None:
    """Return a number as JSON can hold it: NaN and the infinities by name."""
    if value is None or math.isfinite(value):
        return value
    return NON_FINITE.get(value, "NaN")
