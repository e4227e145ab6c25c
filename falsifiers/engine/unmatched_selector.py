"""A name that selects nothing is an error that offers the nearest names, alone and beside one that selects something.

Hunts for: a claim, contract, format, level or rule with a typing error that is left out in silence.
Why it matters: the check that was meant did not run, and the pipeline is green.
How it looks: the command, and the name that was misspelt.
If it strikes, suspect: pv/contract/collection.py for claims, then the command that takes the name.
Blind spots: names that are another's by accident; faults, and tags in the table of the gate.
Sources: pytest exits with 5 where nothing was collected; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-005.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine.command import contract, project, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 20
"""A case is a process of a third of a second."""
USAGE = 2
SELECTORS = {
    "claim": (("discharge", "{name}"), "FALSIFY-ALPHA-001"),
    "explain": (("explain", "{name}"), "FALSIFY-ALPHA-001"),
    "contract": (("discharge", "--all", "--contract", "{name}"), "alpha-v1"),
    "format": (("validate", "contracts", "--format", "{name}"), "sarif"),
    "level": (("discharge", "FALSIFY-ALPHA-001", "--level", "{name}"), "integration"),
    "rule": (("explain", "{name}"), "stale-evidence"),
}
"""What is selected: the command, and a name that exists."""
OFFERED = {"claim": "FALSIFY-ALPHA-001", "explain": "FALSIFY-ALPHA-001", "rule": "stale-evidence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One name with one typing error."""

    selector: str
    at: int
    letter: str
    beside: bool
    """Whether a name that exists stands beside it, where the command takes several."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every selector, with a letter too many anywhere in the name."""
    from hypothesis import strategies as st

    return st.builds(
        Case,
        selector=st.sampled_from(sorted(SELECTORS)),
        at=st.integers(1, 8),
        letter=st.sampled_from("qxz"),
        beside=st.booleans(),
    )


def reading(_subject: None, case: Case) -> float:
    """Whether the status is another than that of a usage error, and whether the name or a near one is not told."""
    command, right = SELECTORS[case.selector]
    wrong = right[: case.at] + case.letter + right[case.at :]
    arguments = [part.format(name=wrong) for part in command]
    if case.beside and case.selector == "claim":
        arguments.insert(1, right)
    with project({"contracts/alpha-v1.yaml": contract("C-ALPHA", {"FALSIFY-ALPHA-001": ""})}):
        ran = pv_process(*arguments)
    told = wrong in ran.err and OFFERED.get(case.selector, "") in ran.err
    return float(ran.status != USAGE) + float(not told)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
