"""The claim asks less of its falsifier than when it was locked.

What it hunts: mutants that the claim declared, and laws that its falsifier tried, that are gone now.
Why: a check that is taken away takes with it the faults that it alone would have shown, and nothing turns red.
How it looks: the mutants whose kill is no longer asked for, and the laws that nothing tries any more.
What to do: put them back, or say in the changelog why they are not needed; `pv power` shows who else kills them.
Blind spots: what was dropped before the evidence that is kept was made; `pv diff` and `pv gate --base` look at history.
Source: DeMillo et al. 1978, on the power of a test as the mutants that it kills.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Compare what was declared and tried with what is now; runs under a mutant are receipts themselves."""
    if case.mutant is not None or not case.locked:
        return
    declared = case.locked.get("mutants")
    for name in declared if isinstance(declared, list) else ():
        if name not in case.claim.counter_example_classes:
            yield RULE.finding(f"{name}: its kill was asked for when locked, and is not now", "contract")
    laws = dict.fromkeys(str(row.get("law")) for row in case.attacks)
    for law in laws if case.laws else ():
        if law not in case.laws:
            yield RULE.finding(f"{law}: this law was tried, and the falsifier has it no more", "falsifier")


RULE = Rule(id="lost-power", effect=Effect.CAPS, page=__doc__, check=check)
