"""The level is read off the evidence: what a record calls itself makes it no more real.

Hunts for: a word in the evidence, or half of what live means, that is taken for live.
Why it matters: a toy run on a processor would stand for the run that the claim is about.
How it looks: which of residency, shape and steps the record has, which words it uses, and the level that came out.
If it strikes, suspect: pv/evidence/level.py.
Blind spots: a device log that was invented whole; two processes with one id.
Sources: pv/evidence/level.py says what each level takes; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-019.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

WORDS = ("level", "evidence_level", "live", "requires")
HEADER = "time,pid,device,memory_mib,utilisation_pct\n"
LIVE = exhibit.CONTRACT.replace("requires: integration", "requires: live").replace(
    "profiles: {cpu: tiny}", "profiles: {cpu: tiny, h200: whole}, full: {profile: h200, steps: 6}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the record has of a live run, and what it says of itself."""

    resident: bool
    shape: bool
    steps: int
    trained: bool
    word: str
    process: bool
    """Whether a row claims that a process of the program ran; the contract names none."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every combination, with every word."""
    from hypothesis import strategies as st

    return st.builds(
        Case,
        resident=st.booleans(),
        shape=st.booleans(),
        steps=st.integers(0, exhibit.STEPS + 2),
        trained=st.booleans(),
        word=st.sampled_from(WORDS),
        process=st.booleans(),
    )


def reading(_subject: None, case: Case) -> float:
    """Whether the level is another than the record shows, and whether less than live is discharged."""
    parts = exhibit.record()
    run = parts["run.json"]
    parts["claim.lock.json"][case.word] = run[case.word] = "live"
    run["device"] = {"platform": "gpu", "pid": 7, "kind": "live"}
    run["profile"] = "h200" if case.shape else "cpu"
    run["planned_steps"] = run["executed_steps"] = case.steps
    parts["metrics.jsonl"] = [{"step": step, "loss": 3.0, "wall_ms": 1.0} for step in range(case.steps)]
    parts["device.csv"] = HEADER + f"{exhibit.BEFORE},{7 if case.resident else 8},gpu:0,4096,90\n"
    parts["data.json"]["splits"]["train"]["tokens"] = 1000 * case.trained
    if case.process:
        row = {"claim": exhibit.LOSS, "law": "steady", "module": "exhibit", "began": True, "status": 0, "stopped": ""}
        parts["processes.jsonl"] = [row | {"case": number} for number in range(1, 61)]
    judged = exhibit.of(parts, text=LIVE)[exhibit.LOSS]
    ran = case.trained and case.steps > 0
    live = ran and case.resident and case.shape and case.steps >= exhibit.STEPS
    expected = "live" if live else "integration" if ran else "algorithm"
    return float(judged.level not in {expected, ""}) + float(judged.verdict == "DISCHARGED" and not live)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
