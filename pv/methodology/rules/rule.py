"""What a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that makes a number worth less, and how to find it."""

    id: str
    """Kebab-case; findings carry it, and `pv explain` prints its page."""

    effect: Effect
    """The strongest effect that a finding of this rule has."""

    page: str | None
    """Manual page: the docstring of the rule's module."""

    check: Callable[[Case], Iterator[Finding | NotJudged]] | None = None
    """Yields what is found in a case, or why the rule cannot judge it; what does not concern the claim is neither.

    None where opening the bundle or deriving the verdict finds it.
    """

    lints: bool = False
    """Whether it says something of a claim that was never measured, too: of what its contract alone decides."""

    def finding(self, message: str, place: str = "", *, effect: Effect | None = None) -> Finding:
        """Return a finding of this rule, with a weaker effect where one is given."""
        return Finding(rule=self.id, effect=effect or self.effect, message=message, place=place)

    def not_judged(self, reason: str) -> NotJudged:
        """Return that this rule concerns the claim and cannot be applied."""
        return NotJudged(rule=self.id, reason=reason)
