"""How a system is written on the command line: `KIND:PATH?dtype=bf16&device=cpu&mutant=NAME`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from pv.errors import UsageError

ORACLE: Final = "oracle"
"""The float64 definition of a decoder, on the weights in PATH."""
SAVED: Final = "trace"
"""What another system's operations gave elsewhere, saved in PATH."""
DTYPES: Final = {"f32": "float32", "bf16": "bfloat16", "float32": "float32", "bfloat16": "bfloat16"}
_FORM: Final = "KIND:PATH or KIND:PATH?dtype=bf16&device=cuda&mutant=NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemName:
    """A system: weights, and what computes with them."""

    text: str
    """As it was written."""

    kind: str
    """A trainer, `oracle` or `trace`."""

    path: Path
    dtype: str = "float32"
    """What it computes in; that of a saved trace stands in the trace."""

    device: str = "cpu"
    mutant: str | None = None
    """Fault that is planted in a copy of the trainer first."""


def system_name(text: str) -> SystemName:
    """Read the name of a system.

    Raises:
        UsageError: It is none, or says of an oracle or a saved trace what these do not have.
    """
    where = f"system {text!r}"
    name, _, options = text.partition("?")
    kind, _, path = name.partition(":")
    if not (kind.isidentifier() and path):
        raise UsageError(where, "names no kind and path", f"write {_FORM}")
    try:
        pairs = parse_qsl(options, strict_parsing=True, max_num_fields=3) if options else []
    except ValueError as error:
        raise UsageError(where, f"{options!r} are no options ({error})", f"write {_FORM}") from error
    said = dict(pairs)
    if len(said) < len(pairs) or not set(said) <= {"dtype", "device", "mutant"}:
        raise UsageError(where, f"{options!r} are not dtype, device and mutant, each once", f"write {_FORM}")
    if kind in {ORACLE, SAVED} and said:
        raise UsageError(where, f"{kind} takes no options", "leave them out: it is what it is")
    dtype = said.get("dtype", "f32")
    if dtype not in DTYPES:
        raise UsageError(where, f"dtype {dtype!r} is unknown", f"one of {', '.join(DTYPES)}")
    return SystemName(
        text=text,
        kind=kind,
        path=Path(path),
        dtype="float64" if kind == ORACLE else DTYPES[dtype],
        device=said.get("device", "cpu"),
        mutant=said.get("mutant"),
    )
