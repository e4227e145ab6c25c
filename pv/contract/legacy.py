"""Contracts of the older tool, read leniently: what can be read becomes a contract, the rest a warning."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from pv.contract.claim import Claim
from pv.contract.model import Contract, Equation, Gate, Metadata, Obligation, ObligationType
from pv.contract.problem import Path, Problem, dotted, nearest
from pv.contract.reader import Document, entries
from pv.contract.rules import repeated_ids

_KEYS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "": frozenset(
            {
                "beat", "contract", "contract_id", "coq_spec", "enforcement", "equations",
                "falsification", "falsification_tests", "gates", "invariants", "kaizen",
                "kani_harnesses", "kernel_structure", "metadata", "name", "proof_obligations",
                "qa_gate", "simd_dispatch", "status", "stories", "type_invariants",
                "verification_summary", "version",
            }
        ),
        "metadata": frozenset(
            {
                "author", "changelog", "competitor", "created", "demand_score", "depends_on",
                "description", "enforcement_level", "id", "intake_status", "kind",
                "locked_level", "parent_contracts", "peer_contracts", "references", "registry",
                "status", "updated", "version",
            }
        ),
        "proof_obligations": frozenset(
            {
                "applies_to", "applies_to_phase", "formal", "id", "lean", "na_owner",
                "na_reason", "parent_contract", "property", "requires", "tested_by",
                "tolerance", "type",
            }
        ),
        "falsification_tests": frozenset(
            {
                "aliases", "command", "counter_example_classes", "description", "dimensions",
                "evidence", "expected", "fails_if", "id", "if_fails", "name", "prediction",
                "rule", "ship_blocking", "status", "test", "test_harness",
            }
        ),
        "gates": frozenset(
            {
                "binds_to", "claims", "discharge_status", "evidence_required",
                "falsification_id", "id", "name", "rule", "verdict",
            }
        ),
    }
)  # fmt: skip
"""Part of a file to the keys that are known there."""

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("id",),
        "rule": ("rule", "description", "name"),
        "prediction": ("prediction", "expected"),
        "if_fails": ("if_fails", "fails_if"),
    }
)
"""Field of a claim to the keys it goes by, the usual one first."""


def read_legacy(document: Document, stem: str) -> tuple[Contract, Iterator[Problem]]:
    """The contract that an older file describes, and what its author may want to know.

    Args:
        document: A parsed file whose top level is a mapping.
        stem: Name of the file without suffix; the contract's id where the file gives none.
    """
    return _contract(document.data, stem), _problems(document)


def _contract(data: Mapping[str, Any], stem: str) -> Contract:
    return Contract.model_construct(
        metadata=_metadata(data, stem),
        equations=_equations(data.get("equations")),
        proof_obligations=tuple(_obligation(entry) for _, entry in entries(data, "proof_obligations")),
        falsification_tests=tuple(_claim(entry, n) for n, entry in entries(data, "falsification_tests")),
        gates=tuple(_gate(entry) for _, entry in entries(data, "gates")),
        status=_text(data.get("status")),
    )


def _metadata(data: Mapping[str, Any], stem: str) -> Metadata:
    given = data.get("metadata")
    metadata = given if isinstance(given, dict) else {}
    return Metadata.model_construct(
        id=_text(metadata.get("id")) or _text(data.get("contract_id")) or stem,
        version=_text(metadata.get("version")) or _text(data.get("version")),
        kind=_text(metadata.get("kind")) or "kernel",
        description=_text(metadata.get("description")),
        references=_texts(metadata.get("references")),
        depends_on=_texts(metadata.get("depends_on")),
        author=_text(metadata.get("author")),
        created=_text(metadata.get("created")),
        status=_text(metadata.get("status")),
    )


def _equations(given: Any) -> dict[str, Equation]:
    listed = given.items() if isinstance(given, dict) else ()
    return {name: _equation(entry if isinstance(entry, dict) else {}) for name, entry in listed}


def _equation(entry: Mapping[str, Any]) -> Equation:
    return Equation.model_construct(
        formula=_text(entry.get("formula")),
        domain=_text(entry.get("domain")),
        codomain=_text(entry.get("codomain")),
        invariants=_texts(entry.get("invariants")),
    )


def _obligation(entry: Mapping[str, Any]) -> Obligation:
    tolerance = entry.get("tolerance")
    return Obligation.model_construct(
        id=_text(entry.get("id")),
        type=_text(entry.get("type")),
        property=_text(entry.get("property")),
        formal=_text(entry.get("formal")),
        applies_to=_text(entry.get("applies_to")),
        tolerance=float(tolerance) if isinstance(tolerance, int | float) else None,
        tested_by=_texts(entry.get("tested_by")),
    )


def _claim(entry: Mapping[str, Any], index: int) -> Claim:
    said = {field: _first(entry, keys) for field, keys in _SPELLINGS.items()}
    return Claim.model_construct(
        id=said["id"] or f"TEST-{index + 1}",
        aliases=_texts(entry.get("aliases")),
        rule=said["rule"],
        prediction=said["prediction"],
        if_fails=said["if_fails"],
        ship_blocking=entry.get("ship_blocking") is True,
        counter_example_classes=_texts(entry.get("counter_example_classes")),
        status=_text(entry.get("status")),
    )


def _gate(entry: Mapping[str, Any]) -> Gate:
    return Gate.model_construct(
        id=_text(entry.get("id")),
        rule=_text(entry.get("rule")),
        claims=_texts(entry.get("claims")) or _texts([entry.get("falsification_id")]),
        verdict=_text(entry.get("verdict")),
        discharge_status=_text(entry.get("discharge_status")),
    )


def _first(entry: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := _text(entry.get(key)))), "")


def _text(value: Any) -> str:
    """The text, or a number as text; empty for anything else."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_text, listed)))


def _problems(document: Document) -> Iterator[Problem]:
    yield from repeated_ids(document)
    yield from _unknown_keys(document, (), "", document.data)
    yield from _metadata_problems(document)
    for part in ("proof_obligations", "falsification_tests", "gates"):
        for index, entry in entries(document.data, part):
            yield from _unknown_keys(document, (part, index), part, entry)
    yield from _claim_problems(document)


def _unknown_keys(document: Document, at: Path, part: str, entry: Mapping[str, Any]) -> Iterator[Problem]:
    for key in entry:
        if key not in _KEYS[part]:
            near = nearest(key, _KEYS[part])
            hint = f"did you mean `{near[0]}`?" if near else ""
            what = f"key `{key[:60]}` is unknown in {dotted(at)} and not read"
            yield document.problem("unknown-key", (*at, key), what, hint, key=True, severity="warning")


def _metadata_problems(document: Document) -> Iterator[Problem]:
    metadata = document.data.get("metadata")
    if not isinstance(metadata, dict):
        yield document.problem(
            "missing-key", (), "no `metadata`: the contract goes by its file's name", severity="warning"
        )
        return
    yield from _unknown_keys(document, ("metadata",), "metadata", metadata)
    version = metadata.get("version")
    if not isinstance(version, str):
        what = "`version` is missing" if version is None else f"version {version} is not quoted: 1.10 would read as 1.1"
        hint = 'write it in quotes, e.g. "1.0.0"'
        yield document.problem("bad-version", ("metadata", "version"), what, hint, severity="warning")


def _claim_problems(document: Document) -> Iterator[Problem]:
    for index, entry in entries(document.data, "falsification_tests"):
        for field, keys in _SPELLINGS.items():
            if not _first(entry, keys):
                at = ("falsification_tests", index)
                what = f"{_text(entry.get('id')) or dotted(at)} does not say `{field}`"
                yield document.problem("missing-key", at, what, f"add `{field}`", severity="warning")
    for index, entry in entries(document.data, "proof_obligations"):
        kind = _text(entry.get("type"))
        if kind not in get_args(ObligationType):
            near = nearest(kind, get_args(ObligationType))
            hint = f"did you mean `{near[0]}`?" if near else ""
            what = f"obligation type `{kind[:60]}` is unknown"
            kind_at = ("proof_obligations", index, "type")
            yield document.problem("unknown-value", kind_at, what, hint, severity="warning")
