"""A bound that a table meets is called vacuous, and discharges nothing without contrasts.

Hunts for: a bound above what zero parameters reach that is taken for a test of learning.
Why it matters: "val_loss < 9.38" is met by a table of frequencies at 5.14; passing it shows nothing.
How it looks: the bound, the contrasts that the claim names, and a verdict or a finding that does not fit them.
If it strikes, suspect: pv/methodology/rules/vacuous_bound.py, and the quantities it compares with.
Blind spots: tables that nobody recorded; a bound just below a weak table.
Sources: Gibbs' inequality; paiml/aprender pull request 1094: 9.38 was another model's best of 51 epochs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TABLE = math.log(exhibit.VOCABULARY)
"""Entropy of the exhibit's targets, which are spread alike over its vocabulary; its loss is about 2."""
CONTRASTS = "    below: [unigram_entropy]\n"
FAULTS = "counter_example_classes: [planted]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A bound, its operator, and whether the claim names a contrast."""

    bound: float
    op: str
    contrasts: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Bounds on both sides of the table, none within rounding of it."""
    from hypothesis import strategies as st

    tight, wide = st.floats(2.5, TABLE - 1e-3), st.floats(TABLE + 1e-3, 1000.0)
    return st.builds(Case, bound=tight | wide, op=st.sampled_from(["<", "<="]), contrasts=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """Whether the bound is taken for what it is not, or DISCHARGED where it is vacuous and nothing else decides."""
    record = exhibit.record()
    exhibit.put(record, ("claim.lock.json", "claims", 1, "mutants"), [])
    found = exhibit.of(record, text=_contract(case))[exhibit.LOSS]
    vacuous = case.bound > TABLE
    named = ("vacuous-bound" in found.reasons) == vacuous
    discharged = (found.verdict == "DISCHARGED") == (case.contrasts or not vacuous)
    return float((not named) + (not discharged))


def _contract(case: Case) -> str:
    """The exhibit's contract with the bound; it declares no fault, which a wide bound would let survive."""
    text = exhibit.CONTRACT.replace('op: "<"\n    bound: 3.0', f'op: "{case.op}"\n    bound: {case.bound!r}')
    text = text.replace(f"0.95\n    {FAULTS}", "0.95\n    counter_example_classes: []")
    return text if case.contrasts else text.replace(CONTRASTS, "")


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
