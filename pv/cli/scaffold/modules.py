"""Templates of laws, falsifiers, mutants and rules; each passes the formatter, the linter and the type checker."""

from pv.cli.scaffold.names import Name

LAW = '''\
"""Every logit is finite: say here in one sentence what every sound run obeys.

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

import numpy as np

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
    logits = subject.system.logits(subject.tokens(case.seed)[:, :-1])[:, case.place]
    return float(np.count_nonzero(~np.isfinite(logits)))


LAW = Law(
    name="%(kebab)s",
    role="claim",
    evidence="system",
    unit="entries",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
'''
LAW_TEST = '''\
"""The law %(kebab)s: a sound system is spared, a faulty one refuted."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from %(package)s.%(snake)s import LAW, Case


def subject(logit: float) -> Any:
    """A system of one place whose logits are all the same."""
    system = SimpleNamespace(logits=lambda ids: np.full((*ids.shape, 3), logit))
    return SimpleNamespace(system=system, tokens=lambda _seed: np.zeros((1, 2), np.int32), length=1)


def test_a_sound_system_is_spared() -> None:
    """Every case of a sound system reads at most the tolerance."""
    assert LAW.reading(subject(0.5), Case(seed=0, place=0)) <= LAW.tolerance


def test_a_planted_fault_is_refuted() -> None:
    """The smallest system with the fault reads above the tolerance."""
    assert LAW.reading(subject(np.nan), Case(seed=0, place=0)) > LAW.tolerance
'''
OWN_LAW = '''\
"""A sum does not depend on the order: say here in one sentence what the function obeys.

Hunts for: the fault that breaks it.
Why it matters: what a reader would wrongly believe if it went unseen.
How it looks: the number that betrays it.
If it strikes, suspect: the parts of the function to look at, the likeliest first.
Blind spots: what this law cannot see.
Sources: where the law, or the fault, is described.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from falsifiers.law import Falsifier, Law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FUNCTION = fsum
"""The function under test: import yours from where it lies, so that its changes make the evidence stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt: numbers, names and tuples of them."""

    values: tuple[float, ...]


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    return st.builds(Case, values=st.lists(st.floats(-1e6, 1e6), max_size=20).map(tuple))


def reading(_subject: None, case: Case) -> float:
    """How far a case strays, in the law's unit; above the bound of the claim, and NaN, break the law."""
    return abs(FUNCTION(case.values) - FUNCTION(case.values[::-1]))


LAW = Law(
    name="%(kebab)s",
    role="claim",
    evidence="system",
    unit="nats/token",
    tolerance=1e-9,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
FALSIFIER = Falsifier(name="%(kebab)s", hunts="the fault that refutes the claim", laws=(LAW,))
'''
OWN_LAW_TEST = '''\
"""The law %(kebab)s: a sound function is spared, a faulty one refuted."""

import pytest

from %(package)s import %(snake)s
from %(package)s.%(snake)s import LAW, Case


def test_a_sound_function_is_spared() -> None:
    """A case of a sound function reads at most the tolerance."""
    assert LAW.reading(None, Case(values=(1.0, 2.0))) <= LAW.tolerance


def test_a_planted_fault_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function with the fault reads above it."""
    monkeypatch.setattr(%(snake)s, "FUNCTION", lambda values: values[0])
    assert LAW.reading(None, Case(values=(1.0, 2.0))) > LAW.tolerance
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
"""A result has the other sign: say here in one sentence what the fault is.

Say where it was met, and why a measured number alone does not show it.
"""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="%(kebab)s",
    group="data",
    summary="a result has the other sign",
    edits=(
        Edit(
            module="%(module)s",
            old=%(old)s,
            new=%(new)s,
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

from types import SimpleNamespace
from typing import Any

from pv.methodology.rules.%(snake)s import RULE


def found(**run: Any) -> list[Any]:
    """What the rule finds in a run that recorded this."""
    case: Any = SimpleNamespace(bundle=SimpleNamespace(run=run))
    assert RULE.check
    return list(RULE.check(case))


def test_it_fires() -> None:
    """A case that has the flaw is found."""
    assert len(found(%(snake)s="flawed")) == 1


def test_it_spares() -> None:
    """A case without the flaw is not."""
    assert found() == []
'''


def filled(template: str, name: Name, package: str = "", **more: str) -> str:
    """A template with the name in all its forms."""
    return template % {"kebab": name.kebab, "snake": name.snake, "package": package, **more}
