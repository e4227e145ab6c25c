"""From a file of the older tool to the model: whatever can be read is, also what that tool drops.

`invariants` become obligations and the rows of `falsification` become claims, after the ones that are called so.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pv.contract.claim import Claim
from pv.contract.legacy.source import Row, Source
from pv.contract.model import Contract, Equation, Gate, Metadata, Obligation

_Model = TypeVar("_Model", bound=BaseModel)

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id",),
    "rule": ("rule", "description", "name", "statement"),
    "prediction": ("prediction", "expected", "falsifier"),
    "if_fails": ("if_fails", "fails_if"),
}
"""Field of a claim to the keys it goes by, the usual one first."""


def _defaults(model: type[BaseModel]) -> dict[str, Any]:
    fields = {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}
    return {name: default for name, default in fields.items() if default is not PydanticUndefined}


_DEFAULTS: Final[Mapping[type[BaseModel], dict[str, Any]]] = {
    model: _defaults(model) for model in (Claim, Contract, Equation, Gate, Metadata, Obligation)
}


def _made(model: type[_Model], fields: dict[str, Any]) -> _Model:
    """A model without validation, at a fifth of the cost of `model_construct`."""
    made = model.__new__(model)
    object.__setattr__(made, "__dict__", {**_DEFAULTS[model], **fields})
    object.__setattr__(made, "__pydantic_fields_set__", set(fields))
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


def contract_of(source: Source, stem: str) -> Contract:
    """The contract that a file describes.

    Args:
        source: The file.
        stem: Its name without suffix; the contract's id where the file gives none.
    """
    return _made(
        Contract,
        {
            "metadata": _metadata(source, stem),
            "equations": {name: _equation(source, (at, entry)) for name, at, entry in source.equations()},
            "proof_obligations": tuple(_obligations(source)),
            "falsification_tests": tuple(_claims(source)),
            "gates": tuple(_gate(source, index, entry) for index, entry in enumerate(source.listed("gates"))),
            "status": source.text(((), source.data), "status").strip(),
        },
    )


def _metadata(source: Source, stem: str) -> Metadata:
    row: Row = (("metadata",), source.part("metadata"))
    top: Row = ((), source.data)
    said = {
        key: source.text(row, key).strip() for key in ("version", "kind", "description", "author", "created", "status")
    }
    said["version"] = said["version"] or source.text(top, "version").strip()
    said["kind"] = said["kind"] or "kernel"
    lists = {key: _texts(row[1].get(key)) for key in ("references", "depends_on")}
    named = source.text(row, "id").strip() or source.text(top, "contract_id").strip() or stem
    return _made(Metadata, {"id": named, **said, **lists})


def _equation(source: Source, row: tuple[Any, Any]) -> Equation:
    at, entry = row
    if not isinstance(entry, dict):
        return _made(Equation, {"formula": ""})
    said = {key: source.text((at, entry), key).strip() for key in ("formula", "domain", "codomain")}
    return _made(Equation, {**said, "invariants": _texts(entry.get("invariants"))})


def _obligations(source: Source) -> Iterator[Obligation]:
    for row in source.rows("proof_obligations"):
        tolerance = row[1].get("tolerance")
        said = {key: source.text(row, key).strip() for key in ("id", "type", "property", "formal", "applies_to")}
        number = float(tolerance) if isinstance(tolerance, int | float) and not isinstance(tolerance, bool) else None
        yield _made(Obligation, {**said, "tolerance": number, "tested_by": _texts(row[1].get("tested_by"))})
    for row in source.rows("invariants"):
        said = {key: source.text(row, key).strip() for key in ("id", "formal")}
        text = source.text(row, "description") or source.text(row, "property") or source.text(row, "statement")
        yield _made(Obligation, {**said, "type": "invariant", "property": text.strip()})


def _claims(source: Source) -> Iterator[Claim]:
    known = sum(1 for _ in source.rows("falsification_tests"))
    for number, row in enumerate(source.rows("falsification_tests"), 1):
        yield _claim(source, row, number)
    for number, row in enumerate(source.rows("falsification"), known + 1):
        for key in ((), ("id",)):
            place = source.document.place((*row[0], *key))
            source.document.values.put(("falsification_tests", number - 1, *key), place)
        yield _claim(source, row, number)


def _claim(source: Source, row: Row, number: int) -> Claim:
    entry = row[1]
    said = {field: _first(source, row, keys) for field, keys in _SPELLINGS.items()}
    said["id"] = said["id"] or f"TEST-{number}"
    return _made(
        Claim,
        {
            **said,
            "aliases": _texts(entry.get("aliases")),
            "ship_blocking": entry.get("ship_blocking") is True,
            "counter_example_classes": _texts(entry.get("counter_example_classes")),
            "status": source.text(row, "status").strip(),
        },
    )


def _gate(source: Source, index: int, entry: Any) -> Gate:
    """A gate; one that is no mapping says nothing, so that the others keep their numbers."""
    row: Row = (("gates", index), entry if isinstance(entry, dict) else {})
    said = {key: source.text(row, key).strip() for key in ("id", "rule", "verdict", "discharge_status")}
    return _made(Gate, {**said, "claims": _texts(row[1].get("claims")) or _texts(row[1].get("falsification_id"))})


def _first(source: Source, row: Row, keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := source.text(row, key).strip())), "")


def _texts(value: Any) -> tuple[str, ...]:
    """The texts in a list, or a text alone."""
    listed = value if isinstance(value, list) else [value]
    return tuple(text for entry in listed if isinstance(entry, str) and (text := entry.strip()))
