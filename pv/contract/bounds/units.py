"""The units a quantity may have. Units never mix: nothing here converts on its own."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nats/token": "natural-log loss or entropy for each token",
        "bits/token": "base-2 loss or entropy for each token",
        "nats/byte": "natural-log loss for each byte of text",
        "bits/byte": "base-2 loss for each byte of text",
        "nats": "natural-log information",
        "bits": "base-2 information",
        "s": "seconds",
        "tokens/s": "throughput",
        "ids": "number of distinct token ids, e.g. a vocabulary size",
        "tokens": "number of tokens",
        "bytes": "number of bytes",
        "steps": "number of optimiser steps",
        "documents": "number of documents",
        "tensors": "number of tensors",
        "errors": "number of errors",
        "status": "exit status of a process",
        "spread": "a difference of logits, in root mean squares of logits about their mean over the vocabulary",
        "ratio": "a share or quotient of two like quantities",
        "1": "a plain number",
    }
)
NUMBERS: Final = frozenset({"1", "ratio"})
"""Units that scale other quantities without changing their unit."""

_NATS_IN_ONE: Final = {"nats": 1.0, "bits": math.log(2)}


def information(unit: str) -> tuple[str, str] | None:
    """(`nats` or `bits`, the rest), e.g. (`nats`, `/token`); None for a unit of something else."""
    kind, slash, rest = unit.partition("/")
    return (kind, slash + rest) if kind in _NATS_IN_ONE else None


def convert(value: float, unit: str, to: str) -> float | None:
    """The same amount of information in the other base; None where the units differ in more than that.

    Source: 1 bit = ln 2 nats.
    """
    source, target = information(unit), information(to)
    if source is None or target is None or source[1] != target[1]:
        return None
    return value * _NATS_IN_ONE[source[0]] / _NATS_IN_ONE[target[0]]
