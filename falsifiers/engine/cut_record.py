"""A record that was cut short at any byte, and sealed again, is not discharged, and what is missing is named.

Hunts for: half a record of a run that is judged as a whole one.
Why it matters: a run that died, or whose end was cut off on purpose, would be judged by its better half.
How it looks: the file, and how much of it was left.
If it strikes, suspect: pv/methodology/rules/truncated_record.py and incomplete_evaluation.py; then pv/evidence/read.py.
Blind spots: the log, which is prose; a cut that takes nothing but the newline at the end.
Sources: verl issue 7401, an epoch skipped with status 0; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-012.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FILES = {
    "metrics.jsonl": ("step", "metrics.jsonl"),
    "evals.jsonl": ("evals.jsonl", "/loss", "loss/", "unigram_entropy", "oracle"),
    "run.json": ("run.json",),
    "data.json": ("data.json",),
    "claim.lock.json": ("claim.lock.json",),
    f"attacks/{exhibit.LOSS}.jsonl": (exhibit.LOSS, "steady"),
}
"""File of the record, and what names it or what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One cut."""

    file: str
    left: int
    """Thousandths of the file's bytes that are left, the newline at its end not counted."""
    lines: bool
    """Whether the cut falls between two lines, where nothing of the form betrays it."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every byte of every file, and every line."""
    from hypothesis import strategies as st

    return st.builds(Case, file=st.sampled_from(sorted(FILES)), left=st.integers(0, 999), lines=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """Whether the claim that rests on the file is discharged, and whether nothing says what is missing."""
    parts = exhibit.record()
    whole = exhibit.content(case.file, parts[case.file])
    left = whole[: case.left * (len(whole) - 1) // 1000]
    parts[case.file] = left[: left.rfind(b"\n") + 1] if case.lines else left
    judged = exhibit.of(parts)[exhibit.LOSS]
    named = any(name in judged.said for name in FILES[case.file])
    return float(judged.verdict == "DISCHARGED") + float(not named)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
