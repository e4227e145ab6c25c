"""How real the evidence of a bundle is: derived from what it records, never read from what it says."""

from collections.abc import Mapping
from typing import Any, Literal

from pv.evidence.bundle import Bundle, Row
from pv.evidence.fields import count, part, written
from pv.evidence.quantities.training import executed_steps

EvidenceLevel = Literal["algorithm", "integration", "live"]


def derive_level(bundle: Bundle, contract_system: Mapping[str, Any]) -> EvidenceLevel:
    """Return the level of a bundle's evidence.

    `live`: the training process itself was resident on a GPU, and ran the contract's full profile for at
    least its full steps. `integration`: a run of the trainer made at least one step on recorded data, or every
    case of every law that a claim rests on ran a process of the contract's program. `algorithm`: neither.

    Args:
        bundle: What was recorded.
        contract_system: The contract's `system`, with `full: {profile, steps}`, without which nothing is live, and
            `program`, without which no process counts.
    """
    steps = executed_steps(bundle) or 0
    if steps < 1 or not _has_data(bundle):
        return "integration" if _by_processes(bundle, contract_system.get("program")) else "algorithm"
    full = part(contract_system, "full")
    wanted = count(full.get("steps"))
    at_full_scale = wanted is not None and steps >= wanted and bundle.run.get("profile") == full.get("profile")
    return "live" if at_full_scale and resident_on_gpu(bundle) else "integration"


def _by_processes(bundle: Bundle, program: Any) -> bool:
    laws = [(claim, row) for claim, rows in bundle.attacks.items() for row in rows if row.get("role") != "control"]
    return bool(laws) and all(whole_processes(bundle, claim, row, program) for claim, row in laws)


def whole_processes(bundle: Bundle, claim_id: str, attack: Row, program: Any) -> bool:
    """Whether every case of a law's attack ran a process of the program, which began and was not cut off.

    One that a law killed on purpose has ended as it should; one that ran out of its time has not. The program's
    sources must be among those that the bundle rests on, so that a change of them makes it stale.

    Args:
        bundle: The evidence.
        claim_id: Claim whose attack it is.
        attack: Row of the attack.
        program: Module that the contract names, or several; nothing counts without one.
    """
    cases = count(attack.get("cases"))
    modules = part(bundle.run, "trainer", "modules")
    named = [program] if isinstance(program, str) else program or ()
    programs = [one for one in named if any(_within(module, one) for module in modules)]
    if not cases or not programs:
        return False
    ran = {
        count(row.get("case"))
        for row in bundle.processes
        if (row.get("claim"), row.get("law")) == (claim_id, attack.get("law"))
        and any(_within(row.get("module"), one) for one in programs)
        and row.get("began") is True
        and str(row.get("stopped", "unknown")) in {"", "asked"}
    }
    return cases <= len(bundle.processes) and ran.issuperset(range(1, cases + 1))


def _within(module: Any, program: Any) -> bool:
    """Whether a module is the program, or lies in it."""
    return module == program or str(module).startswith(f"{program}.")


def resident_on_gpu(bundle: Bundle) -> bool:
    """Whether the driver saw the very process that trained holding memory of a GPU."""
    device = part(bundle.run, "device")
    pid = count(device.get("pid"))
    if device.get("platform") != "gpu" or not pid:
        return False
    return any(
        row.get("pid") == str(pid)
        and str(row.get("device")).startswith("gpu")
        and (written(row.get("memory_mib")) or 0) > 0
        for row in bundle.device
    )


def _has_data(bundle: Bundle) -> bool:
    tokens = count(part(bundle.data, "splits", "train").get("tokens"))
    return bool(tokens)
