"""Which claim about traces is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.tracing import (
    anomaly_without_reference,
    bisection_misses,
    trace_is_whole,
    trace_selection,
    unconfirmed_cause,
)

TRACING: Final[dict[str, ModuleType]] = {
    "FALSIFY-ACTIVATION-TRACE-002": trace_is_whole,
    "FALSIFY-ACTIVATION-TRACE-003": trace_selection,
    "FALSIFY-ACTIVATION-TRACE-004": anomaly_without_reference,
    "FALSIFY-ACTIVATION-TRACE-005": bisection_misses,
    "FALSIFY-ACTIVATION-TRACE-007": unconfirmed_cause,
}
