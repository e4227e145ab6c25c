"""Which claim about the training loop is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.loop import (
    best_kept,
    declared_update,
    guard_false_alarm,
    guard_missed,
    learned_nonsense,
    other_data_same_curve,
    overfit_one_batch,
    resume,
)

LOOP: Final[dict[str, ModuleType]] = {
    "FALSIFY-TRAINING-LOOP-001": other_data_same_curve,
    "FALSIFY-TRAINING-LOOP-002": learned_nonsense,
    "FALSIFY-TRAINING-LOOP-003": overfit_one_batch,
    "FALSIFY-TRAINING-LOOP-007": guard_false_alarm,
    "FALSIFY-TRAINING-LOOP-008": guard_missed,
    "FALSIFY-TRAINING-LOOP-010": resume,
    "FALSIFY-TRAINING-LOOP-012": declared_update,
    "FALSIFY-TRAINING-LOOP-013": best_kept,
}
