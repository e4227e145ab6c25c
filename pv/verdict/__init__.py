"""Derives verdicts: of a claim in a bundle, of a claim, of a contract, and the exit status they amount to."""

from pv.verdict.combine import Sources, current_sources, judge_all, judge_claim, judge_contract
from pv.verdict.derived import derived_differences, write_derived
from pv.verdict.exit import discharge_exit, validate_exit, worst
from pv.verdict.judge import Exhibit, History, examine, judge_bundle
from pv.verdict.model import (
    BundleVerdict,
    ClaimVerdict,
    ContractVerdict,
    Contrast,
    Level,
    Measurement,
    Precision,
    Reason,
    Verdict,
)
from pv.verdict.power import receipts, trial_state
from pv.verdict.stamp import stamp_of, with_dependencies

__all__ = [
    "BundleVerdict",
    "ClaimVerdict",
    "ContractVerdict",
    "Contrast",
    "Exhibit",
    "History",
    "Level",
    "Measurement",
    "Precision",
    "Reason",
    "Sources",
    "Verdict",
    "current_sources",
    "derived_differences",
    "discharge_exit",
    "examine",
    "judge_all",
    "judge_bundle",
    "judge_claim",
    "judge_contract",
    "receipts",
    "stamp_of",
    "trial_state",
    "validate_exit",
    "with_dependencies",
    "worst",
    "write_derived",
]
