"""Investigations: from a symptom to its cause, with every status derived from sealed evidence."""

from pv.investigation.derive import judge
from pv.investigation.draft import Draft, draft
from pv.investigation.experiment import Experiment, experiments
from pv.investigation.finding import Finding, Injection, Judged, Outcome, Report, Status, Tested, Trial
from pv.investigation.library import Library
from pv.investigation.loading import Loaded, load
from pv.investigation.model import Investigation
from pv.investigation.parting import Parting, partings
from pv.investigation.schema import schema
from pv.investigation.wanted import wanted_runs

__all__ = [
    "Draft",
    "Experiment",
    "Finding",
    "Injection",
    "Investigation",
    "Judged",
    "Library",
    "Loaded",
    "Outcome",
    "Parting",
    "Report",
    "Status",
    "Tested",
    "Trial",
    "draft",
    "experiments",
    "judge",
    "load",
    "partings",
    "schema",
    "wanted_runs",
]
