"""Fields of a record that are numbers: another type is refused, lest it skip the check that a number would fail.

A field that is missing or null says nothing, and whoever needs it finds that out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pv.evidence.bundle import Row
from pv.evidence.fields import count, number, reading

_Read = Callable[[Any], float | None]
_Fields = Mapping[str, "_Read | _Fields"]

_SIZE: Final[_Fields] = {"documents": count, "tokens": count}

RUN: Final[_Fields] = {
    "cases": count,
    "executed_steps": count,
    "planned_steps": count,
    "seed": count,
    "wall_seconds": number,
    "device": {"pid": count},
}
DATA: Final[_Fields] = {
    "batch": {"found": count, "step": count, "windows": count},
    "context": {"eval_documents": count, "eval_tokens": count, "length": count, "stride": count},
    "overlap": {"calibration": number, "shared_documents": count, "val_b": number, "window_tokens": count},
    "round_trip": {"documents": count, "equal": count},
    "scored": {**_SIZE, "bytes": count, "duplicate_documents": count, "histogram": {"*": count}},
    "splits": {"*": _SIZE},
    "tokenizer": {"vocab_size": count},
    "trained": {"tokens": count, "histogram": {"*": count}},
}
METRICS: Final[_Fields] = {
    "step": count,
    "loss": reading,
    "grad_norm": reading,
    "lr": number,
    "tokens": count,
    "tokens_per_s": number,
    "wall_ms": number,
}
EVALS: Final[_Fields] = {"sum_nats": reading, "tokens": count}
REPORTED: Final[_Fields] = {"loss": reading, "step": count, **_SIZE}
ATTACKS: Final[_Fields] = {
    "cases": count,
    "discards": count,
    "fewest": count,
    "nearest_margin": reading,
    "seed": count,
    "tolerance": number,
    "worst": reading,
}
PROCESSES: Final[_Fields] = {"case": count, "modules": count, "seconds": number, "status": number}


def mistyped(part: Row, fields: _Fields) -> Iterator[str]:
    """Yield each field of a part that is there and no number of its kind, with what it is instead."""
    for key, wanted in fields.items():
        found = part if key == "*" else {key: part[key]} if part.get(key) is not None else {}
        for name, value in found.items():
            if callable(wanted):
                if value is not None and wanted(value) is None:
                    yield f"{name} is {type(value).__name__} {str(value)[:40]!r}, expected {_KINDS[wanted]}"
            elif isinstance(value, Mapping):
                yield from (f"{name}.{what}" for what in mistyped(value, wanted))


_KINDS: Final[Mapping[_Read, str]] = {count: "a count", number: "a finite number", reading: "a number"}
