"""Sealed evidence: sealed once, opened with its integrity checked, and every number recomputed."""

from pv.evidence.bundle import Bundle, Fault, Opened, Row
from pv.evidence.canonical import (
    canonical_bytes,
    read_json,
    read_jsonl,
    sha256_bytes,
    sha256_file,
    write_json,
    write_jsonl,
)
from pv.evidence.chain import broken_at
from pv.evidence.level import derive_level, resident_on_gpu, whole_processes
from pv.evidence.measure import SERIES, Series, check_series, measure
from pv.evidence.quantities import detail, quantities
from pv.evidence.quantity import Quantity
from pv.evidence.read import find_bundles, open_bundle, open_unsealed
from pv.evidence.redispatch import Change, Redispatch, changes, same_setup, stated
from pv.evidence.seal import keep, reseal, seal
from pv.evidence.staleness import lock_rows, locked_claims, stale_reasons

__all__ = [
    "SERIES",
    "Bundle",
    "Change",
    "Fault",
    "Opened",
    "Quantity",
    "Redispatch",
    "Row",
    "Series",
    "broken_at",
    "canonical_bytes",
    "changes",
    "check_series",
    "derive_level",
    "detail",
    "find_bundles",
    "keep",
    "lock_rows",
    "locked_claims",
    "measure",
    "open_bundle",
    "open_unsealed",
    "quantities",
    "read_json",
    "read_jsonl",
    "reseal",
    "resident_on_gpu",
    "same_setup",
    "seal",
    "sha256_bytes",
    "sha256_file",
    "stale_reasons",
    "stated",
    "whole_processes",
    "write_json",
    "write_jsonl",
]
