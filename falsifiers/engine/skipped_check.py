"""What was not run is not passed: a check that is missing from the evidence lowers the verdict and is named.

Hunts for: a law, a receipt, a baseline or an oracle whose absence nobody notices.
Why it matters: the cheapest way to a pass is to leave out what would have failed.
How it looks: what was removed; a claim kept its verdict, or does not say why it lost it.
If it strikes, suspect: the rule that the missing part belongs to, in pv/methodology/rules; then pv/verdict/power.py.
Blind spots: control sets, which have a rule and readings of their own; checks that neither claim of the exhibit names.
Sources: Claessen and Hughes 2000, on tests that pass vacuously; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-016.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

MISSING = {
    "law": (exhibit.LOSS, "law-not-tried", "steady"),
    "cases": (exhibit.LAW, "case-starvation", "steady"),
    "receipt": (exhibit.LAW, "mutant-without-receipt", "planted"),
    "crashed receipt": (exhibit.LAW, "mutant-without-receipt", "planted"),
    "baseline": (exhibit.LOSS, "below-missing", "unigram_entropy"),
    "oracle": (exhibit.LOSS, "not-recomputed", "val-b"),
}
"""What is removed: the claim that lacks it, the rule that must speak, and what it must name."""
GONE = {"baseline": "table", "oracle": "oracle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Some of the checks, removed together."""

    missing: tuple[str, ...]
    cases: int
    """How many cases are left of those that were tried, where that is what is missing."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any set of checks, the empty one too: then both claims are discharged."""
    from hypothesis import strategies as st

    missing = st.lists(st.sampled_from(sorted(MISSING)), unique=True, max_size=4).map(tuple)
    return st.builds(Case, missing=missing, cases=st.integers(0, 49))


def reading(_subject: None, case: Case) -> float:
    """How many missing checks went unnoticed."""
    parts, receipt = exhibit.record(), exhibit.record(mutant="planted")
    if "law" in case.missing:
        parts[f"attacks/{exhibit.LOSS}.jsonl"] = []
    if "cases" in case.missing:
        parts[f"attacks/{exhibit.LAW}.jsonl"][0]["cases"] = case.cases
    if "crashed receipt" in case.missing:
        receipt["run.json"]["exit_code"] = 1
    gone = {GONE.get(name) for name in case.missing}
    parts["evals.jsonl"] = [row for row in parts["evals.jsonl"] if row["evaluator"] not in gone]
    with exhibit.bench() as root:
        records = (parts, receipt) if "receipt" not in case.missing else (parts,)
        found = exhibit.judged([exhibit.sealed(one, root) for one in records])
    if not case.missing:
        return float(sum(claim.verdict != "DISCHARGED" for claim in found.values()))
    return float(sum(not _noticed(name, found) for name in case.missing))


def _noticed(name: str, found: Mapping[str, exhibit.Judged]) -> bool:
    claim, rule, thing = MISSING[name]
    judged = found[claim]
    return judged.verdict != "DISCHARGED" and rule in judged.reasons and thing in judged.said


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
