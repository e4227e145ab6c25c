"""The losses of the steps repeat bit for bit.

What it hunts: training records in which more than one step in twenty has the very loss of another step.
Why: in float32 two batches have the same mean loss by chance once in a million; a record that repeats itself was
written by a script, or nothing moved.
How it looks: how many steps repeat the loss of an earlier one.
What to do: find out where the losses come from; if they were measured, why neither weights nor batches change.
Blind spots: a script that draws its losses. Not judged are fewer than 20 steps, and losses that carry too few digits
to tell: rounded ones, or ones of bfloat16.
Source: paiml/aprender pull request 1070: a step function that returned constants.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rounded_losses import FEWEST, coarse, decimal, finite_losses
from pv.methodology.rules.rule import Rule

TOLERATED = 0.05
"""Share of the steps that may repeat an earlier loss."""


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Count the steps whose loss an earlier one had."""
    if not case.of_a_loss:
        return
    losses = finite_losses(case)
    repeats = len(losses) - len(set(losses))
    if len(losses) < FEWEST:
        yield RULE.not_judged(f"{len(losses)} losses of steps, at least {FEWEST} are needed")
    elif all(map(coarse, losses)) or all(map(decimal, losses)):
        yield RULE.not_judged("the losses carry too few digits")
    elif repeats > TOLERATED * len(losses):
        message = f"{repeats} of {len(losses)} steps have the very loss of an earlier one"
        yield RULE.finding(message, "raw/metrics.jsonl")


RULE = Rule(id="repeated-losses", effect=Effect.INVALIDATES, page=__doc__, check=check)
