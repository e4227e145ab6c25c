"""A control read wrong.

What it hunts: experiments with a known answer that gave another one.
Why: an instrument that misreads a standard says nothing about a sample, whatever number it shows.
How it looks: the control's name with its reading and the band that its law implies.
What to do: start with the control of the lowest item: it is the earliest stage that can be at fault. Its
law says what is broken.
Blind spots: faults that leave every control right; the controls are a list, and lists have ends.
Source: The law and the source stand beside each control.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.controls import control_set
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Report every wrong reading, and every refuted law that no control of the set covers."""
    for control in case.controls:
        if control.ok is False:
            read = f"{control.name} read {control.reading:.6g} {control.unit}, expected {control.expected}"
            yield RULE.finding(f"{read}: {control.detail}" if control.detail else read, control.name)
    covered = {control.quantity for control in control_set(case.claim.controls)}
    for row in case.attacks:
        refuted = row.get("role") == "control" and row.get("outcome") == "refuted"
        if refuted and f"attack/{row.get('law')}" not in covered:
            yield RULE.finding(f"the law {str(row.get('law'))[:80]} was refuted", f"raw/attacks/{case.claim.id}.jsonl")


RULE = Rule(id="control-misread", effect=Effect.INVALIDATES, page=__doc__, check=check)
