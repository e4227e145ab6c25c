"""The run stopped early, and the claim does not say so.

What it hunts: runs that stopped of their own accord before the planned steps were done.
Why: a run of 500 steps that stopped at 300 is another experiment, and the moment of the stop was chosen by
the loss.
How it looks: the exit reason is early_stop or diverged, with fewer steps than planned and exit status 0.
What to do: plan the steps that are meant, or switch the guard off, and make the run again.
Blind spots: a schedule that was shortened in the plan itself.
Source: paiml/aprender pull request 1578: a run of 500 steps that stopped at step 300.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Look for an exit reason that names a stop before the plan was done."""
    reason = case.bundle.run.get("exit_reason")
    if case.of_a_run and reason is None:
        yield RULE.not_judged("the exit reason is not recorded")
    planned, executed = case.value("planned_steps"), case.value("executed_steps")
    if case.crashed or reason in ("completed", None) or planned is None or executed is None:
        return
    if executed < planned:
        yield RULE.finding(f"{executed:g} of {planned:g} steps, exit reason {str(reason)[:80]}", "raw/run.json")


RULE = Rule(id="undeclared-early-stop", effect=Effect.INVALIDATES, page=__doc__, check=check)
