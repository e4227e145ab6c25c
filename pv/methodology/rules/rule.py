"""What a rule is."""

from collections.abc import Callable, Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that makes a number worth less, and how to find it."""

    id: str
    """Kebab-case; findings carry it, and `pv explain` prints its page."""

    effect: Effect
    """The strongest effect that a finding of this rule has."""

    page: str | None
    """Manual page: the docstring of the rule's module."""

    check: Callable[[Case], Iterator[Finding]] | None = None
    """Yields what is found in a case; None where opening the bundle or deriving the verdict finds it."""

    def finding(self, message: str, place: str = "", *, effect: Effect | None = None) -> Finding:
        """Return a finding of this rule, with a weaker effect where one is given."""
        return Finding(rule=self.id, effect=effect or self.effect, message=message, place=place)
