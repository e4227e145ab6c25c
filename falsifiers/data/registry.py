"""Which claim about text, tokens and splits is attacked by which module."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from falsifiers.data import (
    canary_p_value,
    compared_splits,
    document_borders,
    encoder_format,
    file_text,
    ids_in_range,
    parallel_encode,
    round_trip,
    split_stability,
)

DATA: Final[dict[str, ModuleType]] = {
    "FALSIFY-DATA-SPLIT-004": split_stability,
    "FALSIFY-DATA-SPLIT-005": compared_splits,
    "FALSIFY-DATA-SPLIT-006": canary_p_value,
    "FALSIFY-TOKENIZER-AND-CORPUS-001": round_trip,
    "FALSIFY-TOKENIZER-AND-CORPUS-007": ids_in_range,
    "FALSIFY-TOKENIZER-AND-CORPUS-008": encoder_format,
    "FALSIFY-TOKENIZER-AND-CORPUS-009": document_borders,
    "FALSIFY-TOKENIZER-AND-CORPUS-010": parallel_encode,
    "FALSIFY-TOKENIZER-AND-CORPUS-011": file_text,
}
