"""How real the evidence of a bundle is: derived from what it records, never read from what it says."""

from collections.abc import Mapping
from typing import Any, Literal

from pv.evidence.bundle import Bundle
from pv.evidence.fields import count, number, part
from pv.evidence.quantities.training import executed_steps

EvidenceLevel = Literal["algorithm", "integration", "live"]


def derive_level(bundle: Bundle, contract_system: Mapping[str, Any]) -> EvidenceLevel:
    """Return the level of a bundle's evidence.

    `live`: the training process itself was resident on a GPU, and ran the contract's full profile for at
    least its full steps. `integration`: a run of the trainer made at least one step on recorded data.
    `algorithm`: neither.

    Args:
        bundle: What was recorded.
        contract_system: The contract's `system`, with `full: {profile, steps}`; without it nothing is live.
    """
    steps = executed_steps(bundle) or 0
    if steps < 1 or not _has_data(bundle):
        return "algorithm"
    full = part(contract_system, "full")
    wanted = count(full.get("steps"))
    at_full_scale = wanted is not None and steps >= wanted and bundle.run.get("profile") == full.get("profile")
    return "live" if at_full_scale and resident_on_gpu(bundle) else "integration"


def resident_on_gpu(bundle: Bundle) -> bool:
    """Whether the driver saw the very process that trained holding memory of a GPU."""
    device = part(bundle.run, "device")
    pid = count(device.get("pid"))
    if device.get("platform") != "gpu" or not pid:
        return False
    return any(
        row.get("pid") == str(pid)
        and str(row.get("device")).startswith("gpu")
        and (_memory_mib(row.get("memory_mib")) or 0) > 0
        for row in bundle.device
    )


def _memory_mib(text: Any) -> float | None:
    try:
        return number(float(text))
    except (TypeError, ValueError):
        return None


def _has_data(bundle: Bundle) -> bool:
    tokens = count(part(bundle.data, "splits", "train").get("tokens"))
    return bool(tokens)
