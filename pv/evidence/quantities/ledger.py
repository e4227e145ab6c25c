"""Differences between sets of tensors: by name, shape, dtype and digest, both ways, never by count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pv.evidence.bundle import Bundle
from pv.evidence.fields import part
from pv.evidence.quantity import Quantity

SOURCE = "raw/tensors.json"
FORM = ("shape", "dtype")
CONTENT = ("shape", "dtype", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two parts of the ledger that must agree."""

    reference: str
    found: str
    fields: tuple[str, ...]
    """What must be equal for a name that both have."""


COMPARISONS: Mapping[str, Comparison] = {
    "tensors_expected_vs_final": Comparison(reference="expected", found="final", fields=FORM),
    "tensors_init_vs_final": Comparison(reference="init", found="final", fields=FORM),
    "init_vs_loaded_mismatches": Comparison(reference="init", found="model", fields=CONTENT),
    "final_vs_evaluated_mismatches": Comparison(reference="final", found="evaluated", fields=CONTENT),
    "final_vs_reported_mismatches": Comparison(reference="final", found="reported_final", fields=CONTENT),
}


def ledger_quantities(bundle: Bundle) -> Iterator[Quantity]:
    """Yield how many tensors differ, for each comparison whose two parts were recorded."""
    for name in COMPARISONS:
        problems = differences(bundle, name)
        if problems is not None:
            yield _tensors(name, len(problems))
    unmoved, wrong = unmoved_tensors(bundle), checkpoint_problems(bundle)
    if unmoved is not None:
        yield _tensors("unmoved_tensors", len(unmoved))
    if wrong is not None:
        yield _tensors("checkpoint_mismatches", len(wrong))


def differences(bundle: Bundle, name: str) -> dict[str, str] | None:
    """Return tensor name to what is wrong with it; None where a part is missing or malformed."""
    comparison = COMPARISONS[name]
    reference = _part(bundle, comparison.reference, comparison.fields)
    found = _part(bundle, comparison.found, comparison.fields)
    if reference is None or found is None:
        return None
    return {
        tensor: problem
        for tensor in sorted(reference.keys() | found.keys())
        if (problem := _problem(reference.get(tensor), found.get(tensor), comparison.fields))
    }


def unmoved_tensors(bundle: Bundle) -> tuple[str, ...] | None:
    """Return the tensors whose saved bytes are those they were loaded with."""
    loaded, final = _part(bundle, "model", CONTENT), _part(bundle, "final", CONTENT)
    if loaded is None or final is None:
        return None
    return tuple(name for name in sorted(loaded.keys() & final.keys()) if loaded[name] == final[name])


def checkpoint_problems(bundle: Bundle) -> dict[str, str] | None:
    """Return what is wrong with the saved tensors, against the design and against what was evaluated."""
    evaluated = differences(bundle, "final_vs_evaluated_mismatches")
    if evaluated is None:
        return None
    return (differences(bundle, "tensors_expected_vs_final") or {}) | evaluated


def _part(bundle: Bundle, name: str, fields: tuple[str, ...]) -> dict[str, tuple[Any, ...]] | None:
    """Return tensor name to its fields; None where the part was not recorded, or a row is malformed.

    An empty part was not recorded, except `final`: a checkpoint without tensors lacks every one of them.
    """
    stored = bundle.tensors.get(name)
    if not isinstance(stored, Mapping) or not (stored or name == "final"):
        return None
    rows = {tensor: tuple(part(stored, tensor).get(field) for field in fields) for tensor in stored}
    return rows if all(_valid(row) for row in rows.values()) else None


def _valid(row: tuple[Any, ...]) -> bool:
    shape, *texts = row
    return (
        isinstance(shape, list)
        and all(isinstance(size, int) and not isinstance(size, bool) for size in shape)
        and all(isinstance(text, str) for text in texts)
    )


def _problem(reference: tuple[Any, ...] | None, found: tuple[Any, ...] | None, fields: tuple[str, ...]) -> str:
    if found is None:
        return "missing"
    if reference is None:
        return "not expected"
    return "; ".join(
        f"{field} {str(there)[:40]} instead of {str(here)[:40]}"
        for field, here, there in zip(fields, reference, found, strict=True)
        if here != there
    )


def _tensors(name: str, value: int) -> Quantity:
    return Quantity(name=name, value=float(value), unit="tensors", source=SOURCE)
