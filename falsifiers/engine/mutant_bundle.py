"""A run under a mutant counts for nothing but power: it never refutes a claim and never supports it.

Hunts for: a planted fault whose refutation is held against the claim, or whose survival is taken for it.
Why it matters: either the tool punishes whoever tests its checks, or a crash stands for a kill.
How it looks: how the runs under the fault ended, whether there was an honest one, and the verdict that came out.
If it strikes, suspect: pv/verdict/combine.py, which takes them out; pv/verdict/power.py, which reads them.
Blind spots: receipts of another pipeline or falsifier, which the exhibit does not have.
Sources: DeMillo, Lipton and Sayward 1978; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-020.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ENDS = ("killed", "survived", "crashed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Runs under the planted fault, beside an honest one or alone."""

    ends: tuple[str, ...]
    honest: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every way to end, several times, in any order."""
    from hypothesis import strategies as st

    return st.builds(Case, ends=st.lists(st.sampled_from(ENDS), max_size=4).map(tuple), honest=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """How many claims have a verdict that the runs under the fault decided."""
    records = [_under_fault(end, number) for number, end in enumerate(case.ends)]
    with exhibit.bench() as root:
        honest = [exhibit.record()] if case.honest else []
        found = exhibit.judged([exhibit.sealed(one, root) for one in (*honest, *records)])
    if not case.honest:
        return float(sum(judged.verdict != "UNTESTED" for judged in found.values()))
    killed = "killed" in case.ends and "survived" not in case.ends
    expected = "DISCHARGED" if killed else "PARTIAL"
    told = {"DISCHARGED": frozenset[str](), "PARTIAL": frozenset({"mutant-without-receipt"})}[expected]
    return float(sum((judged.verdict, judged.reasons) != (expected, told) for judged in found.values()))


def _under_fault(end: str, number: int) -> exhibit.Record:
    """A record of the planted fault; of one that survived the numbers are those of an honest run."""
    parts = exhibit.record(mutant="planted")
    parts["log.txt"] = f"attempt {number}\n"
    if end == "survived":
        parts |= {name: part for name, part in exhibit.record().items() if name.startswith(("attacks/", "evals"))}
    if end == "crashed":
        parts["run.json"]["exit_code"] = 1
    return parts


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
