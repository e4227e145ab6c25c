"""The gate compares with a revision that exists, and with none that somebody wrote down or made up.

Hunts for: a base that is missing, or no revision, and is replaced by another one.
Why it matters: compared with itself, a project is never weaker than before.
How it looks: what was named as the base, and what had become weaker since; the gate answered as for another base.
If it strikes, suspect: pv/change/tree/git.py, which looks the revision up; then former in pv/cli/sides.py.
Blind spots: histories that were rewritten, and clones that lack a part of theirs.
Sources: rjmurillo/ai-agents issue 4528; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-010.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from falsifiers.engine.command import pv_process
from falsifiers.engine.history import FIRST, PAST, SIDE, commit, committed, git
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 12
"""A case is a process of a second, and a repository of its own."""
ACCEPTED, USAGE, WEAKER = 0, 2, 4
BASELINE: Final = "baseline.json"
BEFORE: Final = ("HEAD~1", PAST)
"""Names of the revision before the change."""
NOTHING: Final = ("HEAD~9", "nowhere", "0" * 40, "HEAD:contracts", f"HEAD:{FIRST}", BASELINE)
"""What is no revision: too far back, no name, no object, a folder, a file, and a list of verdicts that was stored."""
CHANGES: Final = {
    "": (FIRST, "", "", ""),
    "bound": (FIRST, "bound: 1.0e-6", "bound: 1.0e-3", "claim-loosened"),
    "mutant": (FIRST, "counter_example_classes: [mean-of-means]", "counter_example_classes: []", "claim-loosened"),
    "claim": (SIDE, "- {id: SIDE-2, rule: r, prediction: p, if_fails: f, planned: true}\n", "", "claim-deleted"),
}
"""What was made weaker: the file, what stood there, what stands there now, and the breach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A base that is asked for, in a project that was made weaker or not."""

    base: str
    change: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every base with every change."""
    from hypothesis import strategies as st

    base = st.sampled_from(["HEAD", *BEFORE, *NOTHING])
    return st.builds(Case, base=base, change=st.sampled_from(sorted(CHANGES)))


def reading(_subject: None, case: Case) -> float:
    """Whether the status is another than the base and the change demand, whether it is not told, and what was left."""
    name, old, new, breach = CHANGES[case.change]
    with committed() as here:
        text = (here / name).read_text(encoding="utf-8")
        (here / name).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        _store(here)
        commit(here)
        before = _state(here)
        ran = pv_process("gate", "--base", case.base)
        left = _state(here) != before
    if case.base in NOTHING:
        return float(ran.status != USAGE) + float(case.base not in ran.err) + float(left)
    breach = breach if case.base in BEFORE else ""
    expected = WEAKER if breach else ACCEPTED
    return float(ran.status != expected) + float(breach not in ran.out) + float(left)


def _store(here: Path) -> None:
    """Write down a baseline as other tools keep it: everything is fine, and always was."""
    (here / BASELINE).write_text(json.dumps({"claims": {"FALSIFY-FIRST-CLAIM-001": "DISCHARGED"}}), encoding="utf-8")


def _state(here: Path) -> str:
    """Everything that could be taken for a baseline later: files that are not scratch, and names of revisions."""
    return git(here, "status", "--porcelain", "--ignored", "--", ".", ":!.pv") + git(here, "for-each-ref")


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
