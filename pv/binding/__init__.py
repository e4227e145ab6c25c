"""Binds claims to their falsifiers, and says whether either has changed; imports no falsifier."""

from pv.binding.cache import SyntaxCache
from pv.binding.digest import closure_digest, closure_modules, module_digests, syntax_digest
from pv.binding.freshness import Freshness, lock_rows
from pv.binding.index import Bound, PlantedFault, bind, judges, mutants

__all__ = [
    "Bound",
    "Freshness",
    "PlantedFault",
    "SyntaxCache",
    "bind",
    "closure_digest",
    "closure_modules",
    "judges",
    "lock_rows",
    "module_digests",
    "mutants",
    "syntax_digest",
]
