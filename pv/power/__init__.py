"""The power of the falsifiers: which planted faults they kill, and how often they cry wolf on clean runs."""

from pv.power.cells import Judged, cell_of
from pv.power.matrix import derive
from pv.power.model import FUNCTIONS, GROUPS, Cell, Clean, Fault, Matrix, Naive, Rate, Row, State
from pv.power.wanted import Trial, fresh_trials, seed_of, sharing, wanted_trials

__all__ = [
    "FUNCTIONS",
    "GROUPS",
    "Cell",
    "Clean",
    "Fault",
    "Judged",
    "Matrix",
    "Naive",
    "Rate",
    "Row",
    "State",
    "Trial",
    "cell_of",
    "derive",
    "fresh_trials",
    "seed_of",
    "sharing",
    "wanted_trials",
]
