"""One, two and eight processes print the same bytes and end with the same status.

Hunts for: a status that a process loses, or an order that depends on which one was first.
Why it matters: a run in CI passes what fails on a desk.
How it looks: how many claims each file has, which files are broken, and the format.
If it strikes, suspect: mapped in pv/cli/workers.py, then whoever puts its results in order.
Blind spots: workers that are killed; more files than a worker takes at a time.
Sources: contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-014.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine.command import contract, project, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


FEWEST = 8
"""A case is three processes of half a second, with their workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt."""

    claims: tuple[int, ...]
    broken: tuple[int, ...]
    form: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    sizes = st.lists(st.integers(1, 3), min_size=2, max_size=5).map(tuple)
    broken = st.lists(st.integers(0, 4), max_size=2, unique=True).map(tuple)
    return st.builds(Case, claims=sizes, broken=broken, form=st.sampled_from(["text", "json", "sarif", "junit"]))


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    files = {
        f"contracts/c{at}.yaml": "pv: 1\n"
        if at in case.broken
        else contract(f"C-{at}", {f"C{at}-{n}": "" for n in range(size)})
        for at, size in enumerate(case.claims)
    }
    with project(files):
        ran = [
            pv_process("validate", "contracts", "--no-cache", "--format", case.form, "-j", jobs)
            for jobs in ("1", "2", "8")
        ]
    return float(len(set(ran)) - 1)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
