"""Two systems on one input, operation by operation: where they part first, how far, and on how little input."""

from pv.bisect.compare import Gap, Trace, compared
from pv.bisect.inputs import drawn, read_tokens
from pv.bisect.name import SystemName, system_name
from pv.bisect.run import Bisection, Request, bisect
from pv.bisect.smallest import Smallest
from pv.bisect.suspect import Trial

__all__ = [
    "Bisection",
    "Gap",
    "Request",
    "Smallest",
    "SystemName",
    "Trace",
    "Trial",
    "bisect",
    "compared",
    "drawn",
    "read_tokens",
    "system_name",
]
