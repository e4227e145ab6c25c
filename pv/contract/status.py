"""Statuses that somebody typed into a contract, with their places, and what each word would claim."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pv.contract.problem import Path, dotted
from pv.contract.reader import Document, entries


class HandStatus(NamedTuple):
    """A status or verdict that was written by hand."""

    value: str
    claim_id: str | None
    """Claim it is about; None where it is about the whole contract or a gate."""

    line: int
    column: int
    key: str
    """Where it stands, e.g. `gates[2].verdict`."""


LEGACY_STATUS: Final[Mapping[str, tuple[str, str | None]]] = MappingProxyType(
    {
        "ACTIVE": ("PARTIAL", None),
        "ACTIVE_ALGORITHM_LEVEL": ("PARTIAL", "algorithm"),
        "ACTIVE_FUNCTIONAL": ("PARTIAL", "integration"),
        "ACTIVE_RUNTIME": ("DISCHARGED", "live"),
        "ACTIVE_WITH_LIVE_EVIDENCE": ("DISCHARGED", "live"),
        "BLOCKED": ("UNTESTED", None),
        "CONFIRMED": ("DISCHARGED", None),
        "CONFIRMED_OPEN": ("PARTIAL", None),
        "CORRELATED": ("PARTIAL", None),
        "CORROBORATED": ("PARTIAL", None),
        "DISCHARGEABLE": ("PARTIAL", None),
        "DISCHARGED": ("DISCHARGED", None),
        "DRAFT": ("UNTESTED", None),
        "DRAFT_PARTIAL_DISCHARGE": ("PARTIAL", None),
        "DRAFT_RED": ("FALSIFIED", None),
        "EARLY_STOP": ("SUSPECT", None),
        "ENFORCED": ("DISCHARGED", None),
        "FAIL": ("FALSIFIED", None),
        "FAIL_ABORTED": ("UNTESTED", None),
        "FALSIFIED": ("FALSIFIED", None),
        "FUNCTIONAL": ("PARTIAL", "integration"),
        "IMPLEMENTED": ("UNTESTED", None),
        "LIVE_PENDING": ("PARTIAL", None),
        "NOT_APPLICABLE": ("UNTESTED", None),
        "NOT_EVALUATED": ("UNTESTED", None),
        "NOT_IMPLEMENTED": ("UNTESTED", None),
        "NUMERICALLY_PASSED_METHODOLOGY_SUSPECT": ("SUSPECT", None),
        "OBSERVED": ("PARTIAL", "live"),
        "OK_CONVERGED": ("PARTIAL", "live"),
        "OPEN": ("UNTESTED", None),
        "PARTIAL": ("PARTIAL", None),
        "PARTIALLY_CONFIRMED": ("PARTIAL", None),
        "PARTIAL_ALGORITHM_LEVEL": ("PARTIAL", "algorithm"),
        "PASS": ("DISCHARGED", None),
        "PENDING": ("UNTESTED", None),
        "PLANNED": ("UNTESTED", None),
        "PROPOSED": ("UNTESTED", None),
        "PROVED": ("DISCHARGED", "algorithm"),
        "READ_COMPILE_BIND": ("PARTIAL", "algorithm"),
        "RED": ("FALSIFIED", None),
        "RED_WITH_METHODOLOGICALLY_HONEST": ("FALSIFIED", None),
        "SORRY": ("UNTESTED", None),
        "STRUCTURALLY_DISCHARGED": ("PARTIAL", "algorithm"),
        "SUSPECT": ("SUSPECT", None),
        "TESTED": ("PARTIAL", "algorithm"),
        "UNTESTED": ("UNTESTED", None),
        "WIP": ("UNTESTED", None),
    }
)
"""Word to the verdict and level that it claims; look words up with `stated`."""


def stated(word: str) -> tuple[str, str | None] | None:
    """The verdict and level that a word claims, whatever its case and separators; None if unknown."""
    return LEGACY_STATUS.get("_".join(word.replace("-", " ").replace("_", " ").upper().split()))


def hand_written(document: Document) -> tuple[HandStatus, ...]:
    """Every status in a contract that somebody typed, in the order of the file."""
    found = [
        HandStatus(value=value, claim_id=claim_id, line=line, column=column, key=dotted(path))
        for path, value, claim_id in typed(document.data)
        for line, column in (document.place(path),)
    ]
    return tuple(sorted(found, key=lambda status: (status.line, status.column)))


def typed(data: Any) -> Iterator[tuple[Path, str, str | None]]:
    """Path, word and claim of every status that somebody typed; no claim where it is about another part."""
    if not isinstance(data, dict):
        return
    yield from _texts((), data, ("status",), None)
    for part in ("metadata", "verification_summary"):
        yield from _texts((part,), data.get(part), ("status",), None)
    for part in ("falsification_tests", "falsification"):
        for index, claim in entries(data, part):
            yield from _texts((part, index), claim, ("status",), _text(claim.get("id")))
    for index, gate in entries(data, "gates"):
        about = _text(gate.get("falsification_id"))
        yield from _texts(("gates", index), gate, ("verdict", "discharge_status"), about)
    for index, obligation in entries(data, "proof_obligations"):
        yield from _texts(("proof_obligations", index, "lean"), obligation.get("lean"), ("status",), None)
    for part in ("invariants", "hypotheses", "kani_harnesses"):
        for index, entry in entries(data, part):
            yield from _texts((part, index), entry, ("status", "verdict"), None)


def _texts(
    path: Path, part: Any, keys: tuple[str, ...], claim_id: str | None
) -> Iterator[tuple[Path, str, str | None]]:
    for key in keys:
        if isinstance(part, dict) and (value := _text(part.get(key))):
            yield (*path, key), value, claim_id


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
