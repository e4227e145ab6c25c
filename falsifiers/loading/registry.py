"""Which claim about inits, shapes and vocabularies is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.loading import (
    broken_init,
    dtype_label,
    encoder_refused,
    export_round_trip,
    init_reaches_weights,
    load_twice,
    missing_init,
    other_shape,
    oversized_tokenizer,
    preflight_accepts,
    preflight_refuses,
    reserved_rows,
    silent_cpu,
    spoilt_checkpoint,
    ten_fields,
)

LOADING: Final[dict[str, ModuleType]] = {
    "FALSIFY-APR-PRETRAIN-FROM-INIT-001": init_reaches_weights,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-003": missing_init,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-004": broken_init,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-005": other_shape,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-009": load_twice,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-003": ten_fields,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-005": preflight_accepts,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-006": preflight_refuses,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-007": encoder_refused,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-009": reserved_rows,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-010": oversized_tokenizer,
    "FALSIFY-GPU-TRAINING-BACKEND-002": silent_cpu,
    "FALSIFY-TENSOR-LAYOUT-003": spoilt_checkpoint,
    "FALSIFY-TENSOR-LAYOUT-005": export_round_trip,
    "FALSIFY-TENSOR-LAYOUT-007": dtype_label,
}
