"""An id or alias that is given twice is an error that names it, and unique ones are none.

Hunts for: two claims of one name, of which one is judged.
Why it matters: a verdict is read off another claim than the one that was meant.
How it looks: the ids of two files, those they share, and whether the second gives them as aliases.
If it strikes, suspect: _collisions in pv/contract/collection.py, then repeated_ids in pv/contract/rules.py.
Blind spots: ids repeated within one file, which another rule finds; files of the older tool, where it is a warning.
Sources: YAML 1.2.2, 3.2.1.3, on keys that must be unique; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-003.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine.command import contract, project, pv
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    aliased: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    ids = st.lists(
        st.sampled_from(["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"]), min_size=1, max_size=3, unique=True
    ).map(tuple)
    return st.builds(Case, first=ids, second=ids, aliased=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    repeated = set(case.first) & set(case.second)
    second = {f"B-{one}" if case.aliased else one: f", aliases: [{one}]" if case.aliased else "" for one in case.second}
    files = {
        "contracts/a.yaml": contract("C-A", dict.fromkeys(case.first, "")),
        "contracts/b.yaml": contract("C-B", second),
    }
    with project(files):
        ran = pv("validate", "--no-cache", "contracts")
    said = sum(name not in ran.out for name in repeated)
    return (
        float(ran.status != (2 if repeated else 0)) + float(said) + float(("duplicate-id" in ran.out) != bool(repeated))
    )


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
