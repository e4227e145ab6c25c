"""A loss is one number without an interval.

What it hunts: claims on the last, mean, median, smallest or largest loss of a series whose sample is not
recorded, so that nothing says how far another look would be off.
Why: the loss of one batch moves by tenths of a nat from step to step; the smallest of many is too good by
about s sqrt(2 ln K). A number without an interval is taken as exact, and is clear of any bound it meets by chance.
How it looks: the quantity, and that no documents were sampled for it.
What to do: measure eval/loss on a held-out split, whose documents give the interval; or claim the first step,
which is a fact about that one batch.
Blind spots: samples that depend on each other; intervals over one seed only.
Source: Miller 2024, arXiv:2411.00640 (errors of evaluations); Dodge et al. 2019, arXiv:1909.03004 (best of K).
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.one_sided_bound import is_loss
from pv.methodology.rules.rule import Rule

SUMMARIES = frozenset({"last", "mean", "median", "min", "max"})
"""Reducers that stand for more than the one entry they take."""

UNSAMPLED = "train/loss"
"""The series of losses whose documents are never recorded."""


def check(case: Case) -> Iterator[Finding]:
    """Look for the sample of a loss that stands for more than itself; without evidence, for a series that has none."""
    measure, measured = case.claim.measure, case.measured
    if measure is None or not is_loss(case.claim) or measure.reduce not in SUMMARIES:
        return
    if case.alone and measure.series == UNSAMPLED:
        yield RULE.finding(f"{measure.series} {measure.reduce} is one number, without an interval", "contract")
    elif measured is not None and not measured.clusters:
        yield RULE.finding(f"{measured.name} is one number, without an interval", measured.source)


RULE = Rule(id="single-statistic", effect=Effect.CAPS, page=__doc__, check=check, lints=True)
