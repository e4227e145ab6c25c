"""The loss that the run reported is not of its last weights.

What it hunts: held-out losses that the run reported after fewer steps, or more, than it made.
Why: a number and the weights it is told of must belong together; the loss of an earlier state, or of an average kept
beside the weights, looks like any other.
How it looks: the step that was reported last, and the steps that were made.
What to do: evaluate the weights that are saved, after the last step.
Blind spots: a step that is written beside a number of other weights; the control reported-loss compares the numbers.
Source: fairchem issue 289 and aframe issue 178: another state was evaluated than was saved.
"""

from collections.abc import Iterator

from pv.evidence.fields import count
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

PLACE = "raw/reported.jsonl"


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Compare the step of the last look at the claim's split with the steps that were made; either may count from 0."""
    measure, made = case.claim.measure, case.value("executed_steps")
    if case.series != "eval/loss" or measure is None:
        return
    steps = [count(row.get("step")) for row in case.bundle.reported if row.get("split") == (measure.split or "val-b")]
    if not steps or steps[-1] is None or made is None:
        yield RULE.not_judged("the step of the last look, or how many steps were made, is not recorded")
    elif steps[-1] not in (made, made - 1):
        yield RULE.finding(f"the last look was after step {steps[-1]}, {made:g} steps were made", PLACE)


RULE = Rule(id="other-state", effect=Effect.CAPS, page=__doc__, check=check)
