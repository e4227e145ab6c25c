"""Driving a law with Hypothesis: what comes back is a record, whatever the system does."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from falsifiers import process
from falsifiers.law import AnyLaw

Row: TypeAlias = dict[str, Any]

SHRINKING_READINGS: Final = 60
"""Readings spent on making a counterexample smaller."""

SHRINKING_PROCESSES: Final = 2
"""The same where each reading is a whole process."""


class _Broken(Exception):  # noqa: N818  - a signal to Hypothesis, seen by nobody else
    """The law does not hold for this case."""


@dataclass(slots=True)
class _Tally:
    """What was seen; every distinct case is read once, so a system with moods cannot confuse the search."""

    readings: dict[Any, float] = field(default_factory=dict)
    discards: int = 0
    crash: str = ""
    notes: list[tuple[int | None, process.Note]] = field(default_factory=list)
    """Number of a case, None where it has no reading, and a process that it ran."""
    smallest: Any = None

    @property
    def worst(self) -> float:
        """Largest reading; NaN above all."""
        values = self.readings.values()
        return math.nan if any(map(math.isnan, values)) else max(values, default=-math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacked:
    """What an attack leaves."""

    row: Row
    """Of an attack file."""
    notes: tuple[tuple[int | None, process.Note], ...]
    """Each process that ran, with the number of its case from 1; None for a case that has no reading."""


def attack(law: AnyLaw, subject: object, *, seed: int, cases: int, bf16: bool = False) -> Row:
    """A row of an attack file, as `attacked` makes it."""
    return attacked(law, subject, seed=seed, cases=cases, bf16=bf16).row


def attacked(law: AnyLaw, subject: object, *, seed: int, cases: int, bf16: bool = False) -> Attacked:
    """The law tried on up to `cases` distinct cases, fewer where it needs fewer, and what broke it made small."""
    tolerance = law.tolerance if law.tolerance_bf16 is None or not bf16 else law.tolerance_bf16
    own_seed = int(hashlib.sha256(f"{seed}:{law.name}".encode()).hexdigest()[:8], 16)
    tally = _Tally()
    try:
        _search(law, subject, tally, seed=own_seed, cases=law.most(cases), tolerance=tolerance)
    except _Broken:
        pass
    except Exception as fault:  # noqa: BLE001  - the system under test may fail in any way; that is an outcome
        tally.crash = tally.crash or one_line(fault)
    return Attacked(row=_row(law, tally, seed=own_seed, tolerance=tolerance), notes=tuple(tally.notes))


def untried(law: AnyLaw, *, seed: int, reason: str) -> Row:
    """The row of a law that could not be tried at all."""
    return {**_row(law, _Tally(), seed=seed, tolerance=law.tolerance), "reason": reason}


def one_line(fault: BaseException) -> str:
    """An exception in one line of at most 300 characters."""
    text = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {text}"[:300] if text else type(fault).__name__


def _search(law: AnyLaw, subject: object, tally: _Tally, *, seed: int, cases: int, tolerance: float) -> None:
    import hypothesis
    from hypothesis import HealthCheck, Phase

    def probe(case: object) -> None:
        value = _read(law, subject, tally, case, most=cases)
        if value is None:
            return
        if not value <= tolerance:
            tally.smallest = case
            raise _Broken
        if math.isfinite(value):
            hypothesis.target(value, label=law.name)

    settings = hypothesis.settings(
        max_examples=3 * cases,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    given = hypothesis.given(law.strategy(subject))
    hypothesis.seed(seed)(settings(given(probe)))()


def _read(law: AnyLaw, subject: object, tally: _Tally, case: object, *, most: int) -> float | None:
    """The reading of a case; None where there is none, or none is left to spend."""
    from hypothesis.errors import UnsatisfiedAssumption

    if case in tally.readings:
        return tally.readings[case]
    shrinking = SHRINKING_PROCESSES if law.of_processes else SHRINKING_READINGS
    budget = most + shrinking if tally.smallest is not None else most
    if tally.crash or len(tally.readings) >= budget:
        return None
    notes: list[process.Note] = []
    try:
        with process.noted(notes):
            tally.readings[case] = float(law.reading(subject, case))
    except UnsatisfiedAssumption:
        tally.discards += 1
        raise
    except (Exception, SystemExit) as fault:  # noqa: BLE001  - as above
        tally.crash = one_line(fault)
        return None
    finally:
        number = len(tally.readings) if case in tally.readings else None
        tally.notes += [(number, note) for note in notes]
    return tally.readings[case]


def _row(law: AnyLaw, tally: _Tally, *, seed: int, tolerance: float) -> Row:
    outcome, reason = _outcome(tally, law.fewest)
    found = tally.smallest
    worst = tally.worst if tally.readings else None
    return {
        "law": law.name,
        "role": law.role,
        "unit": law.unit,
        "tolerance": tolerance,
        "cases": len(tally.readings),
        "fewest": law.fewest,
        "discards": tally.discards,
        "seed": seed,
        "worst": worst,
        "nearest_margin": None if worst is None else worst - tolerance,
        "outcome": outcome,
        "reason": reason,
        "counterexample": None
        if found is None
        else {"case": dataclasses.asdict(found), "reading": tally.readings[found]},
    }


def _outcome(tally: _Tally, fewest: int) -> tuple[str, str]:
    if tally.smallest is not None:
        return "refuted", "a case breaks the law"
    if tally.crash:
        return "inconclusive", f"crashed: {tally.crash}"
    if len(tally.readings) < fewest:
        return "inconclusive", f"{len(tally.readings)} valid cases, at least {fewest} are needed"
    return "survived", ""
