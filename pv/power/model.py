"""The kill matrix as data: rows are claims with their falsifiers, columns are mutants."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from statistics import NormalDist
from typing import Final

GROUPS: Final = (
    "data",
    "split",
    "loading",
    "architecture",
    "loss",
    "optimizer",
    "precision",
    "evaluation",
    "device",
    "checkpoint",
    "reporting",
    "engine",
)
"""Kinds of faults, in the order of a run; those of the judge itself come last."""


FUNCTIONS: Final = "functions"
"""Profile of attacks on functions, for which nothing is trained."""


class State(StrEnum):
    """What came of a falsifier under a mutant, worst first."""

    SURVIVED = "survived"
    CRASHED = "crashed"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLIED = "not applied"
    NOT_RUN = "not run"
    EQUIVALENT = "equivalent"
    KILLED = "killed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with its Wilson interval.

    Source: Wilson 1927, JASA 22(158); Brown, Cai and DasGupta 2001, Statistical Science 16(2).
    """

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """The share itself; None of nothing."""
        return self.hits / self.of if self.of else None

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the two-sided interval; 0 to 1 of nothing."""
        if not self.of:
            return 0.0, 1.0
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        p, n = self.hits / self.of, self.of
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        low = 0.0 if self.hits == 0 else middle - reach
        return low, 1.0 if self.hits == self.of else middle + reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What came of one claim's falsifier under one mutant."""

    claim: str
    mutant: str
    state: State
    declared: bool
    """Whether the claim asks for this kill; the run of a contract also shows what its other claims asked for."""

    by: tuple[str, ...] = ()
    """Laws and controls that struck."""

    note: str = ""
    """Why it was not run, or what crashed."""

    bundle: str = ""
    """Name of the bundle's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A claim with the falsifier that is bound to it."""

    claim: str
    contract: str
    falsifier: str
    laws: tuple[str, ...]
    about: str
    """`run` or `functions`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A mutant, over all rows."""

    name: str
    group: str
    summary: str
    modules: tuple[str, ...]
    """Modules that it changes."""

    state: State
    killers: tuple[str, ...]
    """Names of the falsifiers that killed it, sorted."""

    note: str = ""
    """Why it stands as it does, where it was not killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A falsifier that struck on a clean run."""

    claim: str
    bundle: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Honest bundles, and what struck in them."""

    bundles: int
    training_runs: int
    judgements: int
    """Pairs of a claim and an honest bundle that it was judged from."""

    seeds: tuple[int, ...]
    recipes: tuple[str, ...]
    corpora: tuple[str, ...]
    alarmed: int
    """Bundles with at least one alarm."""

    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """What the gate `val_loss < bound` alone says of a training run with a planted fault."""

    mutant: str
    bundle: str
    loss: float | None
    """Held-out loss that the trainer reported last, nats/token; None where it reported none."""

    bound: float
    passes: bool | None
    """None where there is no loss to compare."""


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The whole kill matrix; what follows from its cells is derived, never stored."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    cells: tuple[Cell, ...]
    clean: Clean
    naive: tuple[Naive, ...]
    path: tuple[str, ...]
    """Modules that honest bundles say they imported, sorted."""

    @cached_property
    def counts(self) -> Mapping[State, int]:
        """Mutants in each state."""
        found = Counter(fault.state for fault in self.faults)
        return {state: found[state] for state in State}

    @property
    def kill_rate(self) -> Rate:
        """Killed mutants among those that are not equivalent; one that was not run counts as not killed."""
        return Rate(hits=self.counts[State.KILLED], of=len(self.faults) - self.counts[State.EQUIVALENT])

    @property
    def alarm_rate(self) -> Rate:
        """Clean bundles in which anything struck."""
        return Rate(hits=self.clean.alarmed, of=self.clean.bundles)

    @property
    def tried(self) -> tuple[Cell, ...]:
        """Cells with fresh evidence."""
        return tuple(cell for cell in self.cells if cell.state not in {State.NOT_RUN, State.NOT_APPLIED})

    @property
    def escapes(self) -> tuple[Cell, ...]:
        """Cells that a claim declares and its own falsifier did not kill, worst first."""
        order = tuple(State)
        left = (cell for cell in self.cells if cell.declared and cell.state is not State.KILLED)
        return tuple(sorted(left, key=lambda cell: (order.index(cell.state), cell.mutant, cell.claim)))

    @property
    def sole_killers(self) -> Mapping[str, tuple[str, ...]]:
        """Falsifier to the mutants that it alone killed: without it they survive."""
        found: dict[str, tuple[str, ...]] = {}
        for fault in self.faults:
            if len(fault.killers) == 1:
                found[fault.killers[0]] = (*found.get(fault.killers[0], ()), fault.name)
        return dict(sorted(found.items()))

    @property
    def redundant(self) -> tuple[str, ...]:
        """Falsifiers that kill, and of which others kill every mutant too."""
        killers = {name for fault in self.faults for name in fault.killers}
        return tuple(sorted(killers - self.sole_killers.keys()))

    @property
    def dull(self) -> tuple[Row, ...]:
        """Rows that declare mutants and killed none of them: their claims are PARTIAL at best."""
        sharp = {cell.claim for cell in self.cells if cell.declared and cell.state is State.KILLED}
        asked = {cell.claim for cell in self.cells if cell.declared}
        return tuple(row for row in self.rows if row.claim in asked - sharp)

    @property
    def undefended(self) -> tuple[str, ...]:
        """Modules on the path of the runs in which no mutant was killed."""
        defended = {module for fault in self.faults if fault.state is State.KILLED for module in fault.modules}
        return tuple(module for module in self.path if module not in defended)

    @property
    def groups(self) -> Mapping[str, Rate]:
        """Group to its killed mutants among those not equivalent, in the order of `GROUPS`, then others."""
        names = [*GROUPS, *sorted({fault.group for fault in self.faults} - {*GROUPS})]
        return {name: self._rate_of(name) for name in names}

    def _rate_of(self, group: str) -> Rate:
        states = [fault.state for fault in self.faults if fault.group == group]
        return Rate(hits=states.count(State.KILLED), of=len(states) - states.count(State.EQUIVALENT))
