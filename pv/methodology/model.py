"""Findings about the method, and the readings of controls."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a finding does to the verdict of the claim it concerns."""

    INVALIDATES = "invalidates"
    CAPS = "caps"
    NOTES = "notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A methodology problem, met in one bundle or one claim."""

    rule: str
    """Rule id, kebab-case; `pv explain RULE` prints its page."""

    effect: Effect
    message: str
    place: str = ""
    """File or control it was found at."""

    @property
    def severity(self) -> str:
        """`error` where it invalidates, `warning` where it caps, else `note`."""
        return {Effect.INVALIDATES: "error", Effect.CAPS: "warning", Effect.NOTES: "note"}[self.effect]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """A rule that concerns a claim and could not be applied, because the bundle lacks what it looks at."""

    rule: str
    """Rule id."""

    reason: str
    """What is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlReading:
    """What an experiment with a known answer was expected to read, and what it read."""

    name: str
    control_set: str
    item: int
    """Number in the minimal set: 0 claim lint, 1 histogram, 2 evaluator standards, … 8 interval."""

    low: float | None
    """Inclusive lower end of the band; None where it has none."""

    high: float | None
    """Inclusive upper end of the band; None where it has none."""

    reading: float | None
    """None where the control was not run."""

    unit: str
    detail: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the reading lies in its band; None where the control was not run; NaN is never right."""
        if self.reading is None:
            return None
        above = self.low is None or self.reading >= self.low
        below = self.high is None or self.reading <= self.high
        return above and below

    @property
    def expected(self) -> str:
        """The band in words, e.g. `6.23832 to 6.23834 nats/token` or `>= 2 nats/token`."""
        match self.low, self.high:
            case None, None:
                return "anything"
            case low, None:
                return f">= {low:.6g} {self.unit}"
            case None, high:
                return f"<= {high:.6g} {self.unit}"
            case low, high if low == high:
                return f"= {low:.6g} {self.unit}"
            case low, high:
                return f"{low:.6g} to {high:.6g} {self.unit}"
