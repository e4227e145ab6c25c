"""Constants and thresholds by name, in contracts that depend on each other."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from pv.contract.problem import Path

_SAID: Final = re.compile(r"`?\s*(==?|<=?|>=?|≤|≥)\s*(-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.]|\s*[-+*/^%×·|])")
_OPERATOR: Final = re.compile("[=<>≤≥]")
_NAME: Final = re.compile(
    r"(?:^|[\n,;:({\[`]|\b(?:and|with|for|where|when|if|that)\b)\s*([A-Za-z]\w*_\w+|[A-Z][A-Z0-9]{3,})`?\s*$"
)
"""What stands before an operator, at the start of a clause: after another operator it is part of a term."""

_OPERATORS: Final = {"==": "=", "≤": "<=", "≥": ">="}
_SKIPPED: Final = frozenset(
    {"metadata", "verification_summary", "changelog", "kani_harnesses", "if_fails", "dimensions"}
)
_MAX_TEXT: Final = 4000


class Constant(NamedTuple):
    """A value that a contract gives to a name."""

    name: str
    op: str
    """`=` for a value, `<` and the like for a threshold."""

    value: float
    path: Path


def constants(data: Any) -> dict[tuple[str, str], Constant]:
    """Name and operator to what a contract says of them; names of which it says several things are left out."""
    found: dict[tuple[str, str], Constant] = {}
    various: set[tuple[str, str]] = set()
    said: list[Constant] = []
    _collect(data, (), said)
    for constant in said:
        key = (constant.name.lower(), constant.op)
        if found.setdefault(key, constant).value != constant.value:
            various.add(key)
    return {key: constant for key, constant in found.items() if key not in various}


def _collect(data: Any, path: Path, said: list[Constant]) -> None:
    """Add what a value says, in reading order."""
    if isinstance(data, str):
        if _OPERATOR.search(data):
            said.extend(_said(data, path))
    elif isinstance(data, list):
        for index, entry in enumerate(data):
            _collect(entry, (*path, index), said)
    elif isinstance(data, dict):
        for key, entry in data.items():
            if key in _SKIPPED:
                continue
            if "_" in key and isinstance(entry, int | float) and not isinstance(entry, bool):
                said.append(Constant(key, "=", float(entry), (*path, key)))
            _collect(entry, (*path, key), said)


def _said(text: str, path: Path) -> Iterator[Constant]:
    for match in _SAID.finditer(text, 0, _MAX_TEXT):
        if name := _NAME.search(text[max(0, match.start() - 80) : match.start()]):
            op, value = match.groups()
            yield Constant(name[1], _OPERATORS.get(op, op), float(value.replace("_", "")), path)


def disagreements(one: Mapping[Any, Constant], other: Mapping[Any, Constant]) -> Iterator[tuple[Constant, Constant]]:
    """Constants to which two contracts give different values."""
    for key in sorted(one.keys() & other.keys()):
        if one[key].value != other[key].value:
            yield one[key], other[key]
