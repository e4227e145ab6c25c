"""One file as a ledger, with everything that is wrong with it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pv.contract import Contract, Problem, content_of, resolve, schema_of
from pv.contract.canonical import canonical
from pv.contract.departure import fitted
from pv.contract.reader import Document, read
from pv.errors import UsageError
from pv.ship import model
from pv.ship.model import Ledger, ShippedModel

LEDGER: Final = "ship.yaml"
"""Name of the file, in the root of a project."""

_WHOLE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedLedger:
    """A file that was read as a ledger."""

    document: Document
    ledger: Ledger | None
    """None where the file cannot be understood as one; the problems say why."""

    problems: tuple[Problem, ...]
    """Everything wrong, in the order of the file."""


def load_ledger(path: Path, contracts: Sequence[Contract]) -> LoadedLedger:
    """Read one file; bad content becomes problems.

    Args:
        path: The file.
        contracts: Where its claims are looked for.

    Raises:
        UsageError: The file cannot be read.
    """
    return check_ledger(read_ledger(path), contracts)


def read_ledger(path: Path) -> Document:
    """Read one file as YAML.

    Raises:
        UsageError: The file cannot be read.
    """
    try:
        return read(content_of(path), str(path))
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        fix = f"write {LEDGER} in the root of the project, with `pv schema ship` at hand"
        raise UsageError(str(path), f"cannot be read ({what}), so there is no ledger", fix) from error


def check_ledger(document: Document, contracts: Sequence[Contract]) -> LoadedLedger:
    """Return the ledger that a document describes, with everything that is wrong with it."""
    if not isinstance(document.data, dict):
        found = document.problem("bad-value", (), "the file holds no mapping of keys to values")
        return LoadedLedger(document=document, ledger=None, problems=document.problems or (found,))
    ledger, problems = fitted(document, canonical(document.data), Ledger)
    return _loaded(document, ledger, _incoherent(document, ledger, contracts) if ledger else problems)


def ledger_schema() -> dict[str, Any]:
    """JSON Schema of a ledger, with the models' docstrings as descriptions."""
    return schema_of(Ledger, model)


def _loaded(document: Document, ledger: Ledger | None, problems: Iterable[Problem]) -> LoadedLedger:
    found = dict.fromkeys((*document.problems, *problems))
    ordered = sorted(found, key=lambda problem: (problem.line, problem.column, problem.code))
    errors = any(problem.severity == "error" for problem in ordered)
    return LoadedLedger(document=document, ledger=None if errors else ledger, problems=tuple(ordered))


def _incoherent(document: Document, ledger: Ledger, contracts: Sequence[Contract]) -> Iterator[Problem]:
    """What the parts of a ledger say against each other, or of claims that are not there."""
    yield from _repeated(document, ("models",), [one.id for one in ledger.models])
    for at, shipped in enumerate(ledger.models):
        here = ("models", at)
        total = sum(one.weight for one in shipped.criteria)
        if total != _WHOLE:
            what = f"the weights of {shipped.id} sum to {total}, not to {_WHOLE}"
            yield document.problem(
                "bad-weights", (*here, "criteria"), what, "share out 100 among the criteria", key=True
            )
        for part, entries in shipped.parts.items():
            yield from _repeated(document, (*here, part), [one.id for one in entries])
        yield from _miscounted(document, here, shipped, contracts)


def _repeated(document: Document, at: tuple[str | int, ...], ids: Sequence[str]) -> Iterator[Problem]:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            yield document.problem("duplicate-id", (*at, place, "id"), f"`{name}` is given twice", "rename one of them")


def _miscounted(
    document: Document, here: tuple[str | int, ...], shipped: ShippedModel, contracts: Sequence[Contract]
) -> Iterator[Problem]:
    """Claims that nobody made, and claims that a model counts twice: evidence is worth its weight once."""
    counted: dict[str, str] = {}
    for part, entries in shipped.parts.items():
        for place, entry in enumerate(entries):
            for number, reference in enumerate(entry.claims):
                at = (*here, part, place, "claims", number)
                try:
                    claim = resolve(reference, contracts)[0].id
                except UsageError as error:
                    yield document.problem("unknown-claim", at, f"{json.dumps(reference)}: {error.what}", error.fix)
                    continue
                if part == "criteria" and counted.setdefault(claim, entry.id) != entry.id:
                    what = f"{claim} counts for {counted[claim]} already"
                    yield document.problem("counted-twice", at, what, "bind it to one criterion of the model")
