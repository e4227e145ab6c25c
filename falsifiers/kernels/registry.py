"""Which claim about a kernel is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.kernels import (
    rmsnorm_odd,
    rmsnorm_scale,
    rmsnorm_unit_rms,
    rmsnorm_weight,
    rope_norm,
    rope_origin,
    rope_pairing,
    rope_relative,
    rope_relative_far,
)

KERNELS: Final[dict[str, ModuleType]] = {
    "FALSIFY-RMSNORM-001": rmsnorm_unit_rms,
    "FALSIFY-RMSNORM-002": rmsnorm_scale,
    "FALSIFY-RMSNORM-004": rmsnorm_odd,
    "FALSIFY-RMSNORM-005": rmsnorm_weight,
    "FALSIFY-ROPE-001": rope_norm,
    "FALSIFY-ROPE-002": rope_origin,
    "FALSIFY-ROPE-003": rope_relative,
    "FALSIFY-ROPE-004": rope_relative_far,
    "FALSIFY-ROPE-005": rope_pairing,
}
