"""Whether a planted fault changed anything that was measured."""

from collections.abc import Mapping
from typing import Any, Final

from pv.evidence import Bundle

TIMES: Final = frozenset(
    {
        "compile_seconds",
        "finished_at",
        "pid",
        "prev",
        "seconds",
        "started_at",
        "tokens_per_s",
        "wall_ms",
        "wall_seconds",
    }
)
"""Fields that differ between two runs of the same: clocks, rates, process ids, and the chain over rows with clocks."""

SOURCES: Final = frozenset({"modules", "modules_sha256"})
"""Fields that tell a mutant by its source; a fault that shows in nothing else has changed no measurement."""

PARTS: Final = (
    "data",
    "tensors",
    "summary",
    "metrics",
    "epochs",
    "reported",
    "evals",
    "controls",
    "attacks",
    "processes",
)


def unchanged(planted: Bundle, honest: Bundle) -> bool:
    """Whether the raw evidence of a run under a mutant is an honest run's, but for times and sources."""
    return all(_measured(getattr(planted, part)) == _measured(getattr(honest, part)) for part in PARTS)


def _measured(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _measured(item) for key, item in value.items() if key not in TIMES | SOURCES}
        case list() | tuple():
            return [_measured(item) for item in value]
        case _:
            return value
