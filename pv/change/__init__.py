"""What changed between two versions of contracts: demands, versions, goalposts and verdicts."""

from pv.change.claims import claim_differences
from pv.change.comparison import Comparison, compare
from pv.change.contracts import contract_differences, followed, paired
from pv.change.goalposts import MovedGoalpost, moved_goalposts
from pv.change.model import Difference, Direction
from pv.change.transition import Standing, Transition, transitions
from pv.change.version import Bump, Mismatch, asked_bump, version_mismatches

__all__ = [
    "Bump",
    "Comparison",
    "Difference",
    "Direction",
    "Mismatch",
    "MovedGoalpost",
    "Standing",
    "Transition",
    "asked_bump",
    "claim_differences",
    "compare",
    "contract_differences",
    "followed",
    "moved_goalposts",
    "paired",
    "transitions",
    "version_mismatches",
]
