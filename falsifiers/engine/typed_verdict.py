"""A status that somebody typed changes no verdict; one that claims more than the evidence is an over-claim.

Hunts for: a word in a contract that is taken for a result.
Why it matters: anybody can make a claim pass with a text editor.
How it looks: the word, and whether it stood at a claim or at the contract.
If it strikes, suspect: pv/verdict/hand_written.py, the one place that may read it; then pv/contract/status.py.
Blind spots: claims that have evidence, and files of the older tool.
Sources: contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-009.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine.command import contract, project, pv
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

BROKEN_TRUST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt."""

    word: str
    claim: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    words = ["DISCHARGED", "PASS", "PARTIAL", "FALSIFIED", "UNTESTED", "PARTIAL_ALGORITHM_LEVEL", "RED", "maybe"]
    return st.builds(Case, word=st.sampled_from(words) | st.text("ABCDEF", min_size=1, max_size=8), claim=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    status = f", status: {case.word}" if case.claim else ""
    text = contract("C-A", {"A-1": status}) + ("" if case.claim else f"status: {case.word}\n")
    with project({"contracts/a.yaml": text}):
        ran = pv("validate", "contracts", "--no-cache", "--format", "json")
    found = json.loads(ran.out)["contracts"][0]
    verdicts = {found["stamp"], *(claim["verdict"] for claim in found["claims"])}
    told = "over-claim" in {problem["code"] for problem in found["problems"]}
    more = case.word in {"DISCHARGED", "PARTIAL", "PARTIAL_ALGORITHM_LEVEL"}
    return float(verdicts != {"UNTESTED"}) + float(more and not told) + float(told != (ran.status == BROKEN_TRUST))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
