"""Which claim about inits, shapes and vocabularies is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.loading import (
    broken_init,
    contract_is_bound,
    degenerate_tensors,
    dtype_label,
    encoder_refused,
    export_round_trip,
    foreign_reader,
    fresh_optimizer,
    group_ratio,
    init_reaches_weights,
    layer_parity,
    load_twice,
    missing_init,
    other_shape,
    oversized_tokenizer,
    poisoned_load,
    preflight_accepts,
    preflight_refuses,
    published_shape,
    reserved_rows,
    scratch_shape,
    scratch_unchanged,
    silent_cpu,
    spoilt_checkpoint,
    ten_fields,
)

LOADING: Final[dict[str, ModuleType]] = {
    "FALSIFY-APR-PRETRAIN-FROM-INIT-001": init_reaches_weights,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-002": scratch_unchanged,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-003": missing_init,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-004": broken_init,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-005": other_shape,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-008": fresh_optimizer,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-009": load_twice,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-001": published_shape,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-002": scratch_shape,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-003": ten_fields,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-004": group_ratio,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-005": preflight_accepts,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-006": preflight_refuses,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-007": encoder_refused,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-008": contract_is_bound,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-009": reserved_rows,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-010": oversized_tokenizer,
    "FALSIFY-GPU-TRAINING-BACKEND-002": silent_cpu,
    "FALSIFY-TENSOR-LAYOUT-002": poisoned_load,
    "FALSIFY-TENSOR-LAYOUT-003": spoilt_checkpoint,
    "FALSIFY-TENSOR-LAYOUT-004": layer_parity,
    "FALSIFY-TENSOR-LAYOUT-005": export_round_trip,
    "FALSIFY-TENSOR-LAYOUT-006": foreign_reader,
    "FALSIFY-TENSOR-LAYOUT-007": dtype_label,
    "FALSIFY-TENSOR-LAYOUT-008": degenerate_tensors,
}
