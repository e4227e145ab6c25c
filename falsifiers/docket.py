"""The laws of a job, each tried once, its row written for every claim that rests on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from falsifiers.attack import Row, attack, untried
from falsifiers.job import Job, Notebook, Step
from falsifiers.law import AnyLaw, Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """What laws of one kind are tried on, or why there is nothing to try them on."""

    subject: Callable[[], Any]
    """Called before each attack; None where there is no subject."""
    reason: Callable[[], str]
    """Why there is none."""
    bf16: bool = False


def law_steps(job: Job, notebook: Notebook, exhibits: dict[Evidence, Exhibit]) -> list[Step]:
    """One step for each distinct law about these kinds of evidence."""
    _keep_hypothesis_in(job.work_dir)
    bound = [(claim, law) for claim, laws in job.laws(exhibits).items() for law in laws]
    laws = {law.name: law for _, law in bound}

    def step(law: AnyLaw) -> Step:
        def act() -> None:
            row = _try(job, law, exhibits[law.evidence])
            for claim, of_claim in bound:
                if of_claim.name == law.name:
                    notebook.append(f"attacks/{claim}.jsonl", [{**row, "role": of_claim.role}])

        return f"law {law.name}", act

    return [step(law) for law in laws.values()]


def _keep_hypothesis_in(folder: Path) -> None:
    """Hypothesis keeps tables of characters beside its caller; they belong into the work folder."""
    from hypothesis.configuration import set_hypothesis_home_dir

    set_hypothesis_home_dir(folder / "hypothesis")


def _try(job: Job, law: AnyLaw, exhibit: Exhibit) -> Row:
    subject = exhibit.subject()
    if subject is None:
        return untried(law, seed=job.seed, reason=exhibit.reason())
    return attack(law, subject, seed=job.seed, cases=job.cases, bf16=exhibit.bf16)
