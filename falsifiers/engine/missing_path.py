"""A path that does not exist is an error that names it, alone and beside a good one.

Hunts for: a path with a typing error that is skipped.
Why it matters: the contracts that were meant were never looked at.
How it looks: the command, the name, and whether a path that exists stood beside it.
If it strikes, suspect: load_all in pv/contract/collection.py, then the command's own reading of its paths.
Blind spots: names that no file system can hold; paths that vanish while they are read.
Sources: POSIX.1-2017, utilities that are given several operands; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-002.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine.command import contract, project, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

USAGE = 2
FEWEST = 20
"""A case is a process of a third of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt."""

    name: str
    command: str
    beside: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    name = st.text("abcxyz0-_ ", min_size=1, max_size=12).map(lambda text: f"no{text.strip()}where")
    return st.builds(
        Case, name=name, command=st.sampled_from(["validate", "verify", "coverage", "graph"]), beside=st.booleans()
    )


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    with project({"contracts/good.yaml": contract("C-A", {"A-1": ""})}):
        ran = pv_process(case.command, *(["contracts"] if case.beside and case.command != "verify" else []), case.name)
    return float(ran.status != USAGE) + float(case.name not in ran.err)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
