"""Audits the method: controls with known answers, rules that say what makes a number worthless, intervals."""

from pv.methodology.case import Case
from pv.methodology.controls import Control, control_readings, control_rows, control_set, platform, readings
from pv.methodology.derived import recomputed, tolerances
from pv.methodology.interval import Cluster, Estimate, clustered, design_effect, paired, shared_out
from pv.methodology.laws import law_tolerance
from pv.methodology.model import ControlReading, Effect, Finding, NotJudged
from pv.methodology.rules import Rule, audit, catalogue, fault_findings, lint
from pv.methodology.rules.bound_after_reading import last_place
from pv.methodology.rules.too_few_clusters import FEWEST as FEWEST_CLUSTERS

__all__ = [
    "FEWEST_CLUSTERS",
    "Case",
    "Cluster",
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
    "design_effect",
    "fault_findings",
    "last_place",
    "law_tolerance",
    "lint",
    "paired",
    "platform",
    "readings",
    "recomputed",
    "shared_out",
    "tolerances",
]
