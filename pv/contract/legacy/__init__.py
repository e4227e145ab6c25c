"""Contracts of the older tool: accepted and rejected as that tool does, in either of its dialects, and told more."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from pv.contract.dialect import Dialect
from pv.contract.legacy import coherence, newer, schema_rules
from pv.contract.legacy.constants import Constant, constants, disagreements
from pv.contract.legacy.convert import contract_of
from pv.contract.legacy.registry import Registry, against, is_registry, read_registry
from pv.contract.legacy.shape import departures
from pv.contract.legacy.source import Source
from pv.contract.legacy.tables import NEW, OLD
from pv.contract.model import Contract
from pv.contract.problem import Problem
from pv.contract.reader import Document

_MAX_TOLD: Final = 200
"""Most errors, and most warnings of either sort, that are told of one file."""

__all__ = [
    "Constant",
    "Registry",
    "against",
    "constants",
    "disagreements",
    "read_legacy",
    "read_legacy_registry",
]


def read_legacy(document: Document, stem: str, dialect: Dialect) -> tuple[Contract, Iterator[Problem]]:
    """The contract that an older file describes, and what its author may want to know.

    An error is something for which the tool of that dialect rejects the file; all else is a warning.

    Args:
        document: A parsed file whose top level is a mapping.
        stem: Name of the file without suffix; the contract's id where the file gives none.
        dialect: Whose decision counts: the older or the newer generation's.
    """
    source = Source(document, newer=dialect == "new")
    return contract_of(source, stem), _problems(source)


def read_legacy_registry(document: Document) -> tuple[Registry, Iterator[Problem]] | None:
    """The binding registry that a file is, with its problems; None where it is none."""
    return read_registry(Source(document)) if is_registry(document.data) else None


def _problems(source: Source) -> Iterator[Problem]:
    """First all that decides, then what only warns; an error is never left out for a warning."""
    errors = warnings = 0
    for problem in _deciding(source):
        errors += problem.severity == "error"
        warnings += problem.severity == "warning"
        if problem.severity == "error" or warnings <= _MAX_TOLD:
            yield problem
        if errors >= _MAX_TOLD:
            return
    yield from islice(chain(schema_rules.audit(source), coherence.rules(source)), _MAX_TOLD)


def _deciding(source: Source) -> Iterator[Problem]:
    if source.newer:
        return chain(_marked(source), departures(source.document, NEW), newer.rules(source))
    return chain(_marked(source), departures(source.document, OLD), _older(source))


def _marked(source: Source) -> Iterator[Problem]:
    """A byte order mark counts as a column, so that the second key stands left of the first and ends the file."""
    places = source.document.keys
    first = {name: places[(name,)] for name in source.data if (name,) in places}
    if source.document.marked and (1, 1) in first.values() and len({line for line, _ in first.values()}) > 1:
        what = "the file starts with a byte order mark: the older tool reads its first key alone"
        yield source.error("bad-character", (), what, "save it without the mark, or start it with a comment")


def _older(source: Source) -> Iterator[Problem]:
    yield from schema_rules.metadata(source)
    yield from schema_rules.equations(source)
    yield from schema_rules.obligations(source)
    yield from schema_rules.tests(source)
    yield from schema_rules.harnesses(source)
    yield from schema_rules.gate(source)
