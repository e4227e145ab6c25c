"""What a plain scalar of YAML stands for, by the core schema of YAML 1.2.

Source: YAML 1.2.2, section 10.3.2 (tag resolution of the core schema).
"""

import math
import re
from typing import Any, Final, NamedTuple

_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC: Final = frozenset("+-.0123456789")
SPECIAL: Final = frozenset(("", *"+-.0123456789~nNtTfF"))
"""First letters of the plain scalars that may be something else than text; one without letters is among them."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class Scalar(NamedTuple):
    """A scalar of the text, resolved."""

    value: Any
    trouble: str = ""
    """Why it is not the number it looks like; empty where nothing is odd."""


def resolve_scalar(text: str) -> Scalar:
    """The value a plain scalar stands for; numbers that JSON cannot hold stay text, with a trouble."""
    if text in _WORDS:
        return Scalar(_WORDS[text])
    if text[0] not in _NUMERIC:
        return Scalar(text)
    if _INTEGER.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > 60:
            return Scalar(text, "is too large a number")
        number = int(text, 0) if _BASED.fullmatch(text) else int(text)
        return Scalar(number) if abs(number) < 2**53 else Scalar(text, "is too large a number")
    if _FLOAT.fullmatch(text):
        value = float(text)
        return Scalar(value) if math.isfinite(value) else Scalar(text, "is too large a number")
    return Scalar(text, "is not a finite number" if _NOT_FINITE.fullmatch(text) else "")
