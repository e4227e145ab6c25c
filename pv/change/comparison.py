"""Two sides of contracts beside each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pv.change.contracts import contract_differences, paired
from pv.change.goalposts import MovedGoalpost, moved_goalposts
from pv.change.model import Difference
from pv.change.tree import Side
from pv.change.version import Bump, Mismatch, asked_bump, version_mismatches
from pv.contract import Loaded
from pv.evidence import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One contract on both sides."""

    contract: str
    """Its id; the newer one where it changed."""

    before: str | None
    """Older version; None where it was not there."""

    after: str | None
    """Newer version; None where it is not there any more."""

    differences: tuple[Difference, ...]
    asked: Bump
    mismatches: tuple[Mismatch, ...]
    goalposts: tuple[MovedGoalpost, ...]

    @property
    def same(self) -> bool:
        """Whether there is nothing to say about it."""
        return not (self.differences or self.mismatches or self.goalposts) and self.before == self.after


def compare(before: Side, after: Side) -> tuple[Comparison, ...]:
    """Return every contract of either side that could be read, in the order of the newer side."""
    bundles = {bundle.digest: bundle for bundle in (*before.bundles, *after.bundles)}.values()
    return tuple(_compared(paired(_readable(before), _readable(after)), tuple(bundles)))


def _readable(side: Side) -> list[Loaded]:
    return [loaded for loaded in side.files if loaded.contract]


def _compared(
    pairs: Iterable[tuple[Loaded | None, Loaded | None]], bundles: tuple[Bundle, ...]
) -> Iterator[Comparison]:
    for older, newer in pairs:
        before = older.contract if older else None
        after = newer.contract if newer else None
        there = after or before
        if there is None:
            continue
        differences = contract_differences(before, after)
        yield Comparison(
            contract=there.id,
            before=before.metadata.version if before else None,
            after=after.metadata.version if after else None,
            differences=differences,
            asked=asked_bump(differences) if before and after else Bump.NONE,
            mismatches=version_mismatches(before, after, differences) if before and after else (),
            goalposts=moved_goalposts(after, bundles) if after else (),
        )
