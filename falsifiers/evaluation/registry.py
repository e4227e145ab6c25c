"""Which claim about the evaluation is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.evaluation import interval_coverage, known_source_high, known_source_low, vacuous_bound

EVALUATION: Final[dict[str, ModuleType]] = {
    "FALSIFY-EVAL-METHODOLOGY-004": known_source_low,
    "FALSIFY-EVAL-METHODOLOGY-005": known_source_high,
    "FALSIFY-EVAL-METHODOLOGY-011": vacuous_bound,
    "FALSIFY-EVAL-METHODOLOGY-012": interval_coverage,
}
