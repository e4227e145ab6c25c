"""Contracts: read from YAML, checked alone and together, and searched by name."""

from pv.contract.bounds import UNITS, convert, evaluate, names
from pv.contract.claim import Claim, Measure, Plausible
from pv.contract.collection import LoadedSet, load_all, resolve
from pv.contract.dialect import Dialect
from pv.contract.loading import Loaded, content_of, load, parse
from pv.contract.model import Contract, Equation, Full, Gate, Metadata, Obligation, System, meaning_digest
from pv.contract.problem import Problem
from pv.contract.reader import Places
from pv.contract.schema import schema, schema_of
from pv.contract.status import LEGACY_STATUS, HandStatus, stated

__all__ = [
    "LEGACY_STATUS",
    "UNITS",
    "Claim",
    "Contract",
    "Dialect",
    "Equation",
    "Full",
    "Gate",
    "HandStatus",
    "Loaded",
    "LoadedSet",
    "Measure",
    "Metadata",
    "Obligation",
    "Places",
    "Plausible",
    "Problem",
    "System",
    "content_of",
    "convert",
    "evaluate",
    "load",
    "load_all",
    "meaning_digest",
    "names",
    "parse",
    "resolve",
    "schema",
    "schema_of",
    "stated",
]
