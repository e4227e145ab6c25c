"""The run was made with a fault planted in it.

What it hunts: runs that were made under a mutant.
Why: a planted fault is a test of the falsifier: it counts neither for nor against the claim.
How it looks: the mutant's name. A verdict of SUSPECT or FALSIFIED is what it is for; any other means that
the fault got past.
What to do: use the bundle as a receipt; for evidence about the claim, run without the mutant.
Blind spots: faults that were planted by hand and not declared.
Source: Mutation testing: DeMillo, Lipton and Sayward 1978, Computer 11(4).
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Name the planted fault; say so where the patch itself is missing."""
    if case.mutant is not None:
        patch = "" if case.bundle.patch else ", whose patch is missing"
        yield RULE.finding(f"the mutant {case.mutant[:80]} was planted{patch}", "raw/mutant.patch")


RULE = Rule(id="planted-fault-run", effect=Effect.CAPS, page=__doc__, check=check)
