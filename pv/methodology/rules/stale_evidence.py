"""The evidence is older than what it is about.

What it hunts: evidence of a claim, falsifier or trainer that has changed since.
Why: a pass of yesterday's code says nothing certain about today's.
How it looks: what has changed: the claim's meaning, the falsifier, or a module of the trainer.
What to do: make the evidence again: pv discharge ID --run.
Blind spots: changes outside the digests: data, packages, hardware. They are recorded in run.json.
Source: Digests over syntax trees, so that comments and formatting do not count.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Pass on every reason for which the evidence is stale."""
    for reason in case.stale:
        yield RULE.finding(reason, "raw/claim.lock.json")


RULE = Rule(id="stale-evidence", effect=Effect.CAPS, page=__doc__, check=check)
