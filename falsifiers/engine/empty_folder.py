"""A folder without contracts does not pass.

Hunts for: a run over nothing that ends with status 0.
Why it matters: a gate that found no file reads as green.
How it looks: the command, and the files that lie in the folder and are no contracts.
If it strikes, suspect: pv/verdict/exit.py, then what pv/contract/collection.py takes for a contract.
Blind spots: commands that only show, such as status, which leaves with 0 whatever it shows.
Sources: pytest exits with 5 where nothing was collected; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-001.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine.command import project, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NO_VERDICT = 3
FEWEST = 20
"""A case is a process of a third of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt."""

    names: tuple[str, ...]
    command: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    names = st.lists(
        st.sampled_from(["a.txt", "b.json", ".hidden.yaml", "sub/.c.yml", "d.yaml.bak"]), max_size=4, unique=True
    )
    return st.builds(Case, names=names.map(tuple), command=st.sampled_from(["validate", "coverage", "graph"]))


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    with project({f"contracts/{name}": "x: 1\n" for name in (*case.names, "README.md")}):
        ran = pv_process(case.command, "contracts")
    return float(ran.status != NO_VERDICT) + float("no contract" not in ran.err + ran.out)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
