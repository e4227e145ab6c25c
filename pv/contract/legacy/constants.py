"""Constants and thresholds by name, in contracts that depend on each other."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from pv.contract.problem import Path

_SAID: Final = re.compile(r"(==?|<=?|>=?|≤|≥)\s*(-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.]|\s*[-+*/^%×·|])")
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


def constants(data: dict[str, Any]) -> dict[tuple[str, str], Constant]:
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
    """Add what the entries of a mapping or list say, in reading order."""
    for part, entry in data.items() if type(data) is dict else enumerate(data):
        kind = type(entry)
        if part in _SKIPPED:
            continue
        if kind is str:
            if "=" in entry or "<" in entry or ">" in entry or "≤" in entry or "≥" in entry:
                said.extend(_said(entry, (*path, part)))
        elif kind is dict or kind is list:
            _collect(entry, (*path, part), said)
        elif (kind is int or kind is float) and type(part) is str and "_" in part:
            said.append(Constant(part, "=", float(entry), (*path, part)))


def _said(text: str, path: Path) -> Iterator[Constant]:
    for match in _SAID.finditer(text, 0, _MAX_TEXT):
        before = text[: match.start()].rstrip().removesuffix("`")
        if name := _NAME.search(before[-80:]):
            op, value = match.groups()
            yield Constant(name[1], _OPERATORS.get(op, op), float(value.replace("_", "")), path)


def disagreements(one: Mapping[Any, Constant], other: Mapping[Any, Constant]) -> Iterator[tuple[Constant, Constant]]:
    """Constants to which two contracts give different values."""
    for key in sorted(one.keys() & other.keys()):
        if one[key].value != other[key].value:
            yield one[key], other[key]
