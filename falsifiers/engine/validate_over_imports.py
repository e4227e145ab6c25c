"""Validating a contract that has not changed takes about as long as importing what reads it, and loads nothing heavy.

Hunts for: a module that every start pays for, and few need.
Why it matters: a check that is slow is left out of the editor, the commit hook and the loop of its authors.
How it looks: how many claims the contract has; infinity where something heavy was imported, cold or warm.
If it strikes, suspect: an import at the top of pv/cli/validate.py, or of a module that it imports at its top.
Blind spots: the first answer and contracts with much evidence, whose times benchmarks/startup.py measures.
Sources: PEP 690, on what imports at the start cost; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-028.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from falsifiers import process
from falsifiers.engine import plain_imports
from falsifiers.engine.command import contract, project
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is fifteen processes of a fifth of a second."""
ROUNDS: Final = 7
MOST: Final = 2.0
"""Validating takes at most so many times as long as the imports."""
HEAVY: Final = frozenset({"numpy", "jax", "jaxlib", "hypothesis", "scipy", "matplotlib", "falsifiers", "aprtrain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A contract."""

    claims: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Contracts as large as those that people write."""
    from hypothesis import strategies as st

    return st.builds(Case, claims=st.integers(1, 30))


def reading(_subject: None, case: Case) -> float:
    """Median seconds of validating, over that of the imports, in alternate processes; infinity if it loads too much."""
    text = contract("C-A", {f"A-{number}": "" for number in range(case.claims)})
    with project({"contracts/a.yaml": text}) as here:
        cold = _validated(here)
        _imported(here)
        base, warm = zip(*((_imported(here), _validated(here)) for _ in range(ROUNDS)), strict=True)
    if any(ran.status != 0 or HEAVY & _loaded(ran) for ran in (cold, *warm)):
        return math.inf
    return _median(warm) / _median(base)


def _validated(here: Path) -> process.Ran:
    return process.run("pv", "validate", "contracts/a.yaml", cwd=here)


def _imported(here: Path) -> process.Ran:
    return process.run(plain_imports.__name__, cwd=here)


def _median(runs: Iterable[process.Ran]) -> float:
    return statistics.median([ran.seconds for ran in runs])


def _loaded(ran: process.Ran) -> set[str]:
    """Packages of which a part was imported; one that was only looked for has none."""
    return {name.partition(".")[0] for name, _ in ran.imported if "." in name}


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=MOST, fewest=FEWEST)
