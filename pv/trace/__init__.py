"""Follows links: equation -> obligation -> claim -> falsifier and evidence, contract -> contract; counts nothing.

What is not linked is named, with the place where its chain breaks.
"""

from pv.trace.coverage import Break, Coverage, Traced, coverage
from pv.trace.cycles import cycles
from pv.trace.evidence import bundle_date, deciding_bundle
from pv.trace.graph import Edge, Graph, Kind, Node, build, contracts_only
from pv.trace.names import contract_name
from pv.trace.search import Entry, Question, search

__all__ = [
    "Break",
    "Coverage",
    "Edge",
    "Entry",
    "Graph",
    "Kind",
    "Node",
    "Question",
    "Traced",
    "build",
    "bundle_date",
    "contract_name",
    "contracts_only",
    "coverage",
    "cycles",
    "deciding_bundle",
    "search",
]
