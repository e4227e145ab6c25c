"""Reports of device faults in a log, told from ordinary words by the form that drivers print."""

import re

_REPORTS = (
    r"\bCUDA_ERROR_[A-Z_]+",
    r"\bcudaError[A-Z]\w+",
    r"\b(?:CUBLAS|CUDNN|CUSOLVER|CUFFT|CUSPARSE)_STATUS_(?!SUCCESS\b)[A-Z_]+",
    r"\bnccl(?:Unhandled|System|Internal|Remote)\w*Error",
    r"\bNCCL (?:error|failure|WARN Cuda failure)\b",
    r"\bRESOURCE_EXHAUSTED\b(?!: Shared memory)",
    r"\b(?:Xla|Jax)RuntimeError\b",
    r"\bOut of memory\b(?![-\w])",
    r"\bOutOfMemoryError\b",
    r"(?i:\b(?:cuda|gpu|hip|device|hbm|error)\b.{0,80}?\bout of memory\b)(?![-\w])",
    r"(?i:\ban? (?:illegal memory access|illegal instruction|misaligned address) was encountered\b)",
    r"\bCUDA error\b",
    r"(?i:\billegal address\b)",
    r"\bXid\b(?: \(PCI|: \d|\s+\d+\b)",
    r"(?i:\buncorrectable ecc error\b)",
    r"(?i:\bgpu has fallen off the bus\b)",
)
_REPORT = re.compile("|".join(_REPORTS))
_NOT_A_FAILURE = "this is not a failure"
"""An allocator that falls back says so in the same line."""


def device_errors(log: str) -> tuple[str, ...]:
    """Return the lines of `log` that report a fault of a device or exhausted device memory."""
    return tuple(
        line.strip() for line in log.splitlines() if _REPORT.search(line[:4000]) and _NOT_A_FAILURE not in line
    )
