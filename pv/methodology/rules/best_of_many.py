"""The measured weights are those of the luckiest look, not of the last.

What it hunts: held-out losses that are the lowest of several looks at the same split, where the last look was higher.
Why: the lowest of K looks is too good by about s sqrt(2 ln K), s being the spread between looks, and the split that
chose the weights cannot judge them.
How it looks: the step of the look that was taken, out of how many, and what the last one read.
What to do: choose on val-a and report on val-b; or take the last weights.
Blind spots: looks that were not recorded; choices among runs, for which the confidence is shared out (verdicts).
Source: paiml/aprender pull request 1094: 9.3837, the minimum of 51 epochs; Dodge et al. 2019, arXiv:1909.03004.
"""

from collections.abc import Iterator

from pv.evidence.fields import number
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Find out which look at the claim's split the measured loss is."""
    measure, measured = case.claim.measure, case.measured
    if case.series != "eval/loss" or measure is None or measured is None:
        return
    split = measure.split or "val-b"
    rows = [row for row in case.bundle.reported if row.get("split") == split]
    looks = [(loss, str(row.get("step"))[:40]) for row in rows if (loss := number(row.get("loss"))) is not None]
    if not looks:
        yield RULE.not_judged(f"no look at {split} is recorded")
        return
    lowest, last = min(looks, key=lambda look: look[0]), looks[-1]
    nearer = abs(measured.value - lowest[0]) < abs(measured.value - last[0])
    if lowest[0] < last[0] and nearer:
        taken = f"the loss is that of step {lowest[1]}, the lowest of {len(looks)} looks at {split}"
        yield RULE.finding(f"{taken}; the last, at step {last[1]}, read {last[0]:.6g}", "raw/reported.jsonl")


RULE = Rule(id="best-of-many", effect=Effect.CAPS, page=__doc__, check=check)
