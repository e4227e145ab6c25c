"""What is derived of an investigation."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pv.contract import Problem
from pv.investigation.model import Band, Investigation, Made, Prediction, Why
from pv.verdict import Level


class Status(StrEnum):
    """What may be concluded about a hypothesis."""

    CONFIRMED = "CONFIRMED"
    SUPPORTED = "SUPPORTED"
    OPEN = "OPEN"
    REFUTED = "REFUTED"


class Outcome(StrEnum):
    """What came of a prediction."""

    HELD = "held"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A prediction beside what was read."""

    prediction: Prediction
    outcome: Outcome
    level: Level | None
    """How real the evidence is; None where there is none."""

    said: str
    """What was predicted and what was read, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A run that was wanted with a cause, or without it, and what it read of the symptom's quantity."""

    how: Made
    bundle: Path | None
    """None where there is none yet."""

    value: float | None
    """None where the bundle has no such reading, or is not to be compared."""

    passed: bool | None
    """Whether the symptom was there with the cause, or was gone without it; None where that is not known."""

    note: str = ""
    """Why it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """What came of planting a cause, and of a run that lacks it."""

    mutant: str
    planted: Trial
    removed: Trial

    @property
    def explains(self) -> bool | None:
        """Whether the cause brings the symptom and takes it away; None while neither was shown to fail."""
        passed = (self.planted.passed, self.removed.passed)
        return False if False in passed else None if None in passed else True


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A hypothesis with what was derived of it."""

    id: str
    says: str
    status: Status
    level: Level | None
    """Level that the status holds at; None while nothing was read."""

    real: Status
    """Whether the defect is there: SUPPORTED, REFUTED or OPEN."""

    sentence: str
    """The status in words, with every level that something was shown at."""

    tested: tuple[Tested, ...]
    injection: Injection | None
    children: tuple["Finding", ...] = ()
    tied: bool = False
    """Whether another listed cause explains the symptom as well."""

    def walk(self) -> Iterator["Finding"]:
        """The hypothesis and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A why with whether its answer rests on anything."""

    why: Why

    @property
    def opinion(self) -> bool:
        """Whether the answer cites nothing."""
        return not self.why.cites


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An investigation, judged."""

    path: Path
    investigation: Investigation
    claim_id: str
    quantity: str
    """Name of the symptom's quantity."""

    bundle: Path
    """The bundle that shows it."""

    value: float
    level: Level
    band: Band
    """Readings that have its magnitude."""

    findings: tuple[Finding, ...]
    whys: tuple[Answered, ...]

    @property
    def confirmed(self) -> tuple[Finding, ...]:
        """The causes that were confirmed, each where it was shown itself."""
        return tuple(one for one in self._every() if one.injection and one.status is Status.CONFIRMED)

    @property
    def tied(self) -> tuple[Finding, ...]:
        """The causes that explain the symptom alike."""
        return tuple(one for one in self._every() if one.tied)

    def _every(self) -> Iterator[Finding]:
        return (one for finding in self.findings for one in finding.walk())


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What judging a file gave: a report, or what is wrong."""

    report: Report | None
    """None where the symptom could not be read."""

    problems: tuple[Problem, ...] = ()
    altered: tuple[str, ...] = ()
    """What it rests on and cannot be trusted, a line each."""
