"""Which claim about a kernel is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.kernels import (
    ce_certainty,
    ce_chunks,
    ce_directional_derivative,
    ce_equal_logits,
    ce_gradient_sum,
    ce_shift,
    masked_positions,
    rmsnorm_odd,
    rmsnorm_scale,
    rmsnorm_unit_rms,
    rmsnorm_weight,
    rope_norm,
    rope_origin,
    rope_pairing,
    rope_relative,
    rope_relative_far,
    softmax_empty_row,
    softmax_inversions,
    softmax_masked_weight,
    softmax_not_finite,
    softmax_row_sum,
    softmax_shift,
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
    "FALSIFY-SOFTMAX-001": softmax_row_sum,
    "FALSIFY-SOFTMAX-002": softmax_shift,
    "FALSIFY-SOFTMAX-003": softmax_inversions,
    "FALSIFY-SOFTMAX-004": softmax_not_finite,
    "FALSIFY-SOFTMAX-005": softmax_masked_weight,
    "FALSIFY-SOFTMAX-006": softmax_empty_row,
    "FALSIFY-CROSS-ENTROPY-001": ce_equal_logits,
    "FALSIFY-CROSS-ENTROPY-002": ce_certainty,
    "FALSIFY-CROSS-ENTROPY-003": ce_shift,
    "FALSIFY-CROSS-ENTROPY-004": ce_gradient_sum,
    "FALSIFY-CROSS-ENTROPY-005": ce_directional_derivative,
    "FALSIFY-CROSS-ENTROPY-007": masked_positions,
    "FALSIFY-CROSS-ENTROPY-009": ce_chunks,
}
