"""The ship ledger: models, what must be shown before each ships, and how far that is, derived from verdicts."""

from pv.ship.change import Course, Moved, courses
from pv.ship.loading import LEDGER, LoadedLedger, check_ledger, ledger_schema, load_ledger, read_ledger
from pv.ship.model import Criterion, Ledger, ShippedModel, Step
from pv.ship.progress import CriterionState, Next, Progress, Standing, State, StepState, progress

__all__ = [
    "LEDGER",
    "Course",
    "Criterion",
    "CriterionState",
    "Ledger",
    "LoadedLedger",
    "Moved",
    "Next",
    "Progress",
    "ShippedModel",
    "Standing",
    "State",
    "Step",
    "StepState",
    "check_ledger",
    "courses",
    "ledger_schema",
    "load_ledger",
    "progress",
    "read_ledger",
]
