"""A project as it was at a git revision, or as it lies there: contracts, evidence, and the sources they rest on."""

from pv.change.tree.git import Revision, revision, toplevel
from pv.change.tree.side import Side, read_side
from pv.change.tree.sources import sources_of

__all__ = ["Revision", "Side", "read_side", "revision", "sources_of", "toplevel"]
