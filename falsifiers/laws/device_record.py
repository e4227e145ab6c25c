"""No line of the log reports a fault of the device, and no recorded loss is infinite or undefined.

Hunts for: runs that went on after the device had failed.
Why it matters: a kernel that failed leaves numbers behind that look like results.
How it looks: one line among thousands, and a loss that from there on is NaN, constant, or merely odd.
If it strikes, suspect: exhausted memory, a link between devices, a driver; then, if all are well, the batch
at that step.
Blind spots: faults that no line reports: silent corruption, a silent fall-back to another device.
Sources: NVIDIA Xid errors; status codes of XLA (RESOURCE_EXHAUSTED, INTERNAL, DATA_LOSS).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from falsifiers.law import Law
from falsifiers.subject import RecordSubject, finite

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FAULT: Final = re.compile(
    r"CUDA_ERROR|cudaError|CUBLAS_STATUS_(?!SUCCESS)|CUDNN_STATUS_(?!SUCCESS)|NCCL (?:error|failure)|\bXid\b"
    r"|RESOURCE_EXHAUSTED|DATA_LOSS|XlaRuntimeError|JaxRuntimeError|\bout of memory\b|device-side assert"
    r"|illegal memory access|uncorrectable ECC|Segmentation fault|Bus error|Fatal Python error|\bOOM[- ]kill",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of the log's lines followed by the record's rows."""

    start: int
    length: int


def cases(subject: RecordSubject) -> SearchStrategy[Case]:
    """Any interval; ValueError where no log was kept."""
    from hypothesis import strategies as st

    items = max(len(_log(subject)) + len(subject.rows), 1)
    return st.builds(Case, start=st.integers(0, items - 1), length=st.integers(1, items))


def reading(subject: RecordSubject, case: Case) -> float:
    """Lines that report a fault and rows whose loss is not finite."""
    log, end = _log(subject), case.start + case.length
    lines = log[case.start : end]
    rows = subject.rows[max(case.start - len(log), 0) : max(end - len(log), 0)]
    return float(sum(FAULT.search(line) is not None for line in lines) + sum(not finite(r.get("loss")) for r in rows))


def _log(subject: RecordSubject) -> tuple[str, ...]:
    if subject.log is None:
        raise ValueError("no log was kept")
    return subject.log


LAW = Law(
    name="device-record",
    role="claim",
    evidence="record",
    unit="errors",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
