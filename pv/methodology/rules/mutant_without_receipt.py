"""A declared mutant has not been killed by this falsifier.

What it hunts: planted faults that the claim names and that its falsifier has not killed in this pipeline.
Why: a falsifier that never struck may be unable to: both checks of the story passed with the bug present.
How it looks: the mutant and whether it survived, crashed or was never run. A crash is no kill.
What to do: pv discharge ID --run --mutant NAME; if the mutant survives, the falsifier is dull and needs
work.
Blind spots: faults that nobody plants.
Source: paiml/aprender pull request 1579; DeMillo et al. 1978.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

STATES = {
    "missing": "no run under it",
    "survived": "it survived",
    "crashed": "the run under it crashed, which is no kill",
}


def check(case: Case) -> Iterator[Finding]:
    """Ask for a kill of every counter-example class; runs under a mutant are receipts themselves."""
    if case.mutant is not None:
        return
    for name in case.claim.counter_example_classes:
        state = case.receipts.get(name, "missing")
        if state != "killed":
            yield RULE.finding(f"{name}: {STATES.get(state, state)}", "receipts")


RULE = Rule(id="mutant-without-receipt", effect=Effect.CAPS, page=__doc__, check=check)
