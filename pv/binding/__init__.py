"""Binds claims to their falsifiers, and says whether either has changed; imports no falsifier."""

from pv.binding.cache import SyntaxCache
from pv.binding.digest import closure_digest, closure_modules, module_digests, syntax_digest
from pv.binding.freshness import Freshness, judged_by, lock_rows
from pv.binding.index import FUNCTION_JUDGE, PACKAGE, SHIPPED, Bound, Packages, PlantedFault, bind, judges, mutants

__all__ = [
    "FUNCTION_JUDGE",
    "PACKAGE",
    "SHIPPED",
    "Bound",
    "Freshness",
    "Packages",
    "PlantedFault",
    "SyntaxCache",
    "bind",
    "closure_digest",
    "closure_modules",
    "judged_by",
    "judges",
    "lock_rows",
    "module_digests",
    "mutants",
    "syntax_digest",
]
