"""Audits the method: controls with known answers, rules that say what makes a number worthless, intervals."""

from pv.methodology.case import Case
from pv.methodology.controls import Control, control_readings, control_rows, control_set, readings
from pv.methodology.interval import Estimate, clustered, paired
from pv.methodology.laws import law_tolerance
from pv.methodology.model import ControlReading, Effect, Finding, NotJudged
from pv.methodology.rules import Rule, audit, catalogue, fault_findings, lint
from pv.methodology.rules.bound_after_reading import last_place

__all__ = [
    "Case",
    "Control",
    "ControlReading",
    "Effect",
    "Estimate",
    "Finding",
    "NotJudged",
    "Rule",
    "audit",
    "catalogue",
    "clustered",
    "control_readings",
    "control_rows",
    "control_set",
    "fault_findings",
    "last_place",
    "law_tolerance",
    "lint",
    "paired",
    "readings",
]
