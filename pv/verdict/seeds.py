"""A claim about a recipe: its quantity over runs that differ in their seed."""

from collections.abc import Sequence

from pv.methodology import Estimate, clustered
from pv.verdict.measuring import outcome
from pv.verdict.model import BundleVerdict, Measurement, Reason, Verdict


def over_seeds(
    wanted: int, confidence: float, survivors: Sequence[BundleVerdict]
) -> tuple[Verdict, tuple[BundleVerdict, ...], tuple[Reason, ...]]:
    """Return the verdict over the runs of one profile, those runs, and every reason.

    The sample is the quantity less its bound, once a seed; where a seed was run twice the worse reading counts. Its
    one-sided interval is that of Student's t on one degree of freedom less than there are seeds.

    Args:
        wanted: Fewest seeds.
        confidence: One-sided confidence of the interval.
        survivors: Runs that survived, each by itself.

    Source: a claim of a mean over runs at p < 0.01 by a t-test, as KellerJordan/modded-nanogpt asks of its records.
    """
    runs = _one_a_seed(survivors)
    reasons = [reason for run in runs for reason in run.reasons]
    if len(runs) < wanted:
        few = f"{len(runs)} seeds, the claim asks for {wanted}: {wanted - len(runs)} more are needed"
        reasons.append(Reason(code="too-few-seeds", message=few))
    found = _mean(runs, confidence)
    if found is not None:
        measurement, estimate = found
        state = outcome(measurement)
        if state == "wrong":
            return Verdict.FALSIFIED, runs, (Reason(code="bound-violated", message=_told(measurement)),)
        if state == "straddles":
            reasons.append(Reason(code="seeds-straddle", message=_lacking(measurement, estimate, confidence)))
    return (Verdict.PARTIAL if reasons else Verdict.DISCHARGED), runs, tuple(dict.fromkeys(reasons))


def _one_a_seed(survivors: Sequence[BundleVerdict]) -> tuple[BundleVerdict, ...]:
    """Return the runs of the profile with the highest level, and of those with most seeds; the worse of one seed."""
    groups: dict[str, dict[int, BundleVerdict]] = {}
    for run in sorted(survivors, key=lambda one: (_distance(one), one.digest)):
        if run.seed is not None and run.measurement is not None:
            groups.setdefault(run.profile, {})[run.seed] = run
    best = max(groups.values(), key=lambda group: (_level(group), len(group)), default={})
    return tuple(run for _, run in sorted(best.items()))


def _level(group: dict[int, BundleVerdict]) -> int:
    return min(run.level.rank if run.level else -1 for run in group.values())


def _distance(run: BundleVerdict) -> float:
    """Return how far a reading is beyond its bound, on the side that speaks against the claim."""
    if run.measurement is None:
        return 0.0
    beyond = run.measurement.value - run.measurement.bound_value
    match run.measurement.op:
        case "<" | "<=":
            return beyond
        case ">" | ">=":
            return -beyond
        case _:
            return abs(beyond)


def _mean(runs: Sequence[BundleVerdict], confidence: float) -> tuple[Measurement, Estimate] | None:
    """Return the mean of the quantity less its bound, and its interval; None for fewer than two seeds."""
    found = [(run.seed, run.measurement) for run in runs if run.measurement]
    if len(found) < 2:
        return None
    estimate = clustered([(str(seed), one.value - one.bound_value, 1) for seed, one in found])
    first = found[0][1]
    measurement = Measurement(
        quantity=f"{first.quantity} less its bound, mean over {len(found)} seeds",
        value=estimate.mean,
        unit=first.unit,
        lower=estimate.lower(confidence),
        upper=estimate.upper(confidence),
        op=first.op,
        bound="0",
        bound_value=0.0,
    )
    return measurement, estimate


def _told(measurement: Measurement) -> str:
    value = f"{measurement.quantity} = {measurement.value:.6g} {measurement.unit}"
    return f"{value}, interval {measurement.lower:.6g} to {measurement.upper:.6g}, against {measurement.op} 0"


def _lacking(measurement: Measurement, estimate: Estimate, confidence: float) -> str:
    favour = -1 if measurement.op in {"<", "<="} else 1
    needed = estimate.needed(favour * measurement.value, confidence)
    more = f"{needed - estimate.clusters} more seeds would do as often as not" if needed else "more would not help"
    return f"{_told(measurement)}; {more}"
