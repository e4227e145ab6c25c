"""A control was not run.

What it hunts: controls of the claim's set without a reading.
Why: a check that was skipped is not a check that was passed.
How it looks: the control's name and what it lacks.
What to do: let the judges finish, or use a trainer that exposes what the control needs.
Blind spots: controls that no set lists.
Source: trainproof before 0.11.1 counted skipped checks as passed.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Report every control without a reading, and a control set that does not exist."""
    if case.claim.controls and not case.controls:
        yield RULE.finding(f"there is no control set {case.claim.controls}", "contract")
    for control in case.controls:
        if control.ok is None:
            yield RULE.finding(f"{control.name}: {control.detail}", control.name)


RULE = Rule(id="control-not-run", effect=Effect.CAPS, page=__doc__, check=check)
