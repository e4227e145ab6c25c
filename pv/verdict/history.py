"""What other runs say of a claim: how often it was tried, and what was known before it was locked."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pv.contract import Claim
from pv.evidence import Opened, locked_claims, same_setup, stated
from pv.evidence.fields import moment
from pv.methodology import last_place
from pv.verdict.judge import Exhibit, History
from pv.verdict.measuring import looks_of, measured

SAMPLED: Final = "eval/"
"""Begins the series that rest on a sample, so that chance may bring them below a bound."""


def history(claim: Claim, run: Exhibit, runs: Sequence[Exhibit], counting: Sequence[Exhibit]) -> History:
    """Return what the other runs say of a claim that is judged in one of them.

    Args:
        claim: The claim.
        run: The run in which it is judged.
        runs: Every run that speaks about the claim.
        counting: Those of them that may count for it: honest and fresh. They are no further tries of a claim that asks
            for several seeds.
    """
    return History(
        earlier=dict(_earlier(claim, run, runs)),
        reruns=dict(_reruns(claim, run, runs)),
        former=_former(run, runs),
        looks=_looks(claim, run, counting),
    )


def _looks(claim: Claim, run: Exhibit, counting: Iterable[Exhibit]) -> int:
    if claim.measure is None or not claim.measure.series.startswith(SAMPLED) or claim.seeds:
        return 0
    others = [(one.opened.bundle, one.quantities) for one in counting if one is not run]
    return sum(looks_of(claim, bundle) for bundle, known in others if bundle and measured(claim, bundle, known)[0])


def _earlier(claim: Claim, run: Exhibit, runs: Iterable[Exhibit]) -> Iterator[tuple[str, float]]:
    """Yield what honest runs had read before a run's claims were locked.

    One that was locked under the same bound is left out: the bound was there before its reading.
    """
    locked_at = moment(run.opened.bundle.lock.get("locked_at")) if run.opened.bundle else None
    if locked_at is None or last_place(claim.bound) is None:
        return
    for other in runs:
        bundle = other.opened.bundle
        if bundle is None or other is run or bundle.run.get("mutant"):
            continue
        ended = moment(bundle.run.get("finished_at"))
        if ended is None or ended > locked_at or locked_claims(bundle).get(claim.id, {}).get("bound") == claim.bound:
            continue
        quantity, _ = measured(claim, bundle, other.quantities)
        if quantity is not None:
            yield bundle.path.name, quantity.value


def _reruns(claim: Claim, run: Exhibit, runs: Iterable[Exhibit]) -> Iterator[tuple[str, float]]:
    """Yield what honest runs of the same set-up had read before a run began."""
    own = run.opened.bundle
    began = moment(own.run.get("started_at")) if own else None
    if own is None or began is None or own.run.get("mutant"):
        return
    for other in runs:
        bundle = other.opened.bundle
        if bundle is None or other is run or bundle.run.get("mutant"):
            continue
        ended = moment(bundle.run.get("finished_at"))
        if ended is None or ended > began or not same_setup(bundle, own):
            continue
        quantity, _ = measured(claim, bundle, other.quantities)
        if quantity is not None:
            yield bundle.path.name, quantity.value


def _former(run: Exhibit, runs: Iterable[Exhibit]) -> Opened | None:
    """Return the bundle that a run says it was made again of: by its name, whatever its digest is now."""
    said = stated(run.opened.bundle) if run.opened.bundle else None
    named = [one.opened for one in runs if said and one.opened.path.name == said.bundle]
    return next(iter(named), None)
