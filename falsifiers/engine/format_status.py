"""No output format hides an error: each has the status of the others, and says what is wrong.

Hunts for: a format whose exit status, or list of problems, is shorter than that of the others.
Why it matters: a pipeline reads one format and the exit status, and nobody looks at the text.
How it looks: what was wrong with the contracts; a format had another status than the problems demand, or left one out.
If it strikes, suspect: pv/cli/validate.py, then the format's module in pv/view/formats.
Blind spots: other commands than validate; words that a format cuts at the limits of its readers.
Sources: SARIF 2.1.0; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-004.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine.command import contract, project, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is six processes of a third of a second, one a format."""
FORMATS = ("text", "json", "sarif", "junit", "github", "markdown")
WRONG = {
    "bad-version": ('version: "1.0.0"', "version: 1.0", 2),
    "unknown-key": ("description: d", "description: d, descripton: d", 2),
    "over-claim": ("planned: true", "planned: true, status: DISCHARGED", 4),
    "duplicate-id": ("C-A", "C-A", 2),
}
"""Problem to what is changed in a contract for it, and the status that it alone has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Contracts, each with at most one problem."""

    wrong: tuple[str, ...]


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every set of problems, the empty one too."""
    from hypothesis import strategies as st

    wrong = st.lists(st.sampled_from(sorted(WRONG)), unique=True, max_size=3).map(tuple)
    return st.builds(Case, wrong=wrong)


def reading(_subject: None, case: Case) -> float:
    """How many formats have another status than the problems demand, and how many problems they do not tell."""
    files = {"contracts/sound.yaml": contract("C-A", {"A-1": ""})}
    for number, name in enumerate(case.wrong):
        old, new, _ = WRONG[name]
        same = name == "duplicate-id"
        text = contract("C-A" if same else f"C-{number}", {"A-1" if same else f"N-{number}": ""})
        files[f"contracts/n{number}.yaml"] = text.replace(old, new)
    with project(files):
        ran = [pv_process("validate", "contracts", "--no-cache", "--format", form) for form in FORMATS]
    statuses = {WRONG[name][2] for name in case.wrong}
    expected = next((status for status in (2, 4) if status in statuses), 0)
    untold = sum(name not in one.out for name in case.wrong for one in ran)
    return float(sum(one.status != expected for one in ran) + untold)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
