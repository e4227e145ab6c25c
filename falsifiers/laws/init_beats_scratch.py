"""On every part of the step-0 batch the init does better than freshly drawn weights.

Hunts for: an init that brings nothing.
Why it matters: if random weights do as well, what was loaded is noise, or was loaded into the wrong places.
How it looks: two step-0 losses that are close to each other, both near ln V.
If it strikes, suspect: the load; then the tokenizer: ids that mean something else than they did to the init.
Blind spots: an init that is better than nothing and still not the one that was named.
Sources: paiml/aprender pull request 1600 (a loaded init at 19.80 nats, above ln V = 11.93).
"""

from __future__ import annotations

from falsifiers.law import Law
from falsifiers.laws.init_flow import Case, cases, part
from falsifiers.subject import StepZeroSubject


def reading(subject: StepZeroSubject, case: Case) -> float:
    """Nats/token by which the init is worse than scratch on that part of the batch."""
    return part(subject.init, case) - part(subject.scratch, case)


LAW = Law(
    name="init-beats-scratch",
    role="claim",
    evidence="step-0",
    unit="nats/token",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
