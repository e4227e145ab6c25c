"""The training record is not whole.

What it hunts: a record of the training that does not hold every planned step once, in order, with a finite
loss.
Why: what is missing from a record is seldom missing by chance.
How it looks: counts of steps that disagree, steps twice or out of order, losses that are NaN or infinite.
What to do: look at where the gap is; a resume that repeats or skips steps is the usual cause. Then make the
run again.
Blind spots: rows that are complete, in order, and invented. Crashes and early stops have rules of their
own. Exempt are laws of functions, for which nothing is trained.
Source: verl issue 7401: an epoch skipped with exit status 0.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

PLACE = "raw/metrics.jsonl"


def check(case: Case) -> Iterator[Finding]:
    """Compare planned with recorded steps; a crash or an early stop is reported elsewhere."""
    if case.crashed or case.bundle.run.get("exit_reason") in ("early_stop", "diverged") or _without_steps(case):
        return
    planned, executed = case.value("planned_steps"), case.value("executed_steps")
    if planned is None or executed is None:
        yield RULE.finding("the planned or the executed steps are not recorded", PLACE)
    elif planned != executed:
        yield RULE.finding(f"{planned:g} steps planned, {executed:g} recorded", PLACE)
    if gaps := case.value("step_gaps"):
        yield RULE.finding(f"{gaps:g} steps missing, doubled or beyond the last", PLACE)
    if case.bundle.metrics and case.value("train_loss_last") is None:
        yield RULE.finding("the rows are out of order, or one of them is malformed", PLACE)
    if unsound := case.value("nonfinite_losses"):
        yield RULE.finding(f"{unsound:g} losses are not finite", PLACE)


def _without_steps(case: Case) -> bool:
    """Whether functions were attacked: the claim is about a law, and nothing says that anything was trained."""
    trained = case.bundle.metrics or "planned_steps" in case.bundle.run or "executed_steps" in case.bundle.run
    return case.series.startswith("attack/") and not trained


RULE = Rule(id="truncated-record", effect=Effect.INVALIDATES, page=__doc__, check=check)
