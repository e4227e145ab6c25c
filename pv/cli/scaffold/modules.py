"""Templates of laws, falsifiers, mutants and rules; each passes the formatter, the linter and the type checker."""

from pv.cli.scaffold.names import Name

LAW = '''\
"""Say in one sentence what every sound run obeys.

Hunts for: the fault that breaks it.
Why it matters: what a reader would wrongly believe if it went unseen.
How it looks: the number or the curve that betrays it.
If it strikes, suspect: the parts of the trainer to look at, the likeliest first.
Blind spots: what this law cannot see.
Sources: where the law, or the fault, is described.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt: numbers, names and tuples of them."""

    seed: int
    place: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 2**32 - 1), place=st.integers(0, subject.length - 1))


def reading(subject: SystemSubject, case: Case) -> float:
    """How far a case strays, in the law's unit; above the tolerance, and NaN, break the law."""
    raise NotImplementedError(f"%(kebab)s: read {type(subject).__name__} at {case}")


LAW = Law(
    name="%(kebab)s",
    role="claim",
    evidence="system",
    unit="nats/token",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
'''
LAW_TEST = '''\
"""The law %(kebab)s: a sound system is spared, a faulty one refuted."""

import pytest

from %(package)s.%(snake)s import LAW


def test_a_sound_system_is_spared() -> None:
    """Every case of a sound system reads at most the tolerance."""
    pytest.fail(f"{LAW.name}: build a sound subject and look at a case: LAW.reading(subject, Case(...))")


def test_a_planted_fault_is_refuted() -> None:
    """The smallest system with the fault reads above the tolerance."""
    pytest.fail(f"{LAW.name}: plant the fault that it hunts, and look at the case that shows it")
'''
FALSIFIER = '''\
"""Say in one sentence what refutes the claim."""

from falsifiers.law import Falsifier
from falsifiers.laws import %(snake)s

FALSIFIER = Falsifier(
    name="%(kebab)s",
    hunts="the fault that refutes the claim",
    laws=(%(snake)s.LAW,),
)
'''
MUTANT = '''\
"""Say in one sentence what the fault is.

Say where it was met, and why a measured number alone does not show it.
"""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="%(kebab)s",
    group="data",
    summary="what is wrong under it, in one line",
    edits=(
        Edit(
            module="aprtrain.train",
            old="the passage to replace; it must occur exactly once",
            new="the faulty passage",
        ),
    ),
    expect="which control or law reads wrong under it",
)
'''
RULE = '''\
"""Say in one sentence what was found.

What it hunts: what makes the number worth less than it looks.
Why: what a reader would wrongly believe.
How it looks: the reading, and what it is compared with.
What to do: the first thing to try, then the next.
Blind spots: what this rule cannot see.
Source: where this is described.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Say what is looked at."""
    found = case.bundle.run.get("%(snake)s")
    if found is not None:
        yield RULE.finding(f"say what was found: {found!r}", "raw/run.json")


RULE = Rule(id="%(kebab)s", effect=Effect.NOTES, page=__doc__, check=check)
'''
RULE_TEST = '''\
"""The rule %(kebab)s: it fires where it must, and nowhere else."""

import pytest

from pv.methodology.rules.%(snake)s import RULE


def test_it_fires() -> None:
    """A case that has the flaw is found."""
    pytest.fail(f"{RULE.id}: spoil a case so that it must fire, and look at list(check(case))")


def test_it_spares() -> None:
    """A case without the flaw is not."""
    pytest.fail(f"{RULE.id}: take the honest case, and look at list(check(case))")
'''


def filled(template: str, name: Name, package: str = "") -> str:
    """A template with the name in all its forms."""
    return template % {"kebab": name.kebab, "snake": name.snake, "package": package}
