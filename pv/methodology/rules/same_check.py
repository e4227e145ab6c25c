"""Two claims of a contract ask the same of the same falsifier: they are one claim.

What it hunts: claims that no evidence can tell apart.
Why: one check that stands for ten claims makes ten passes of one.
How it looks: the other claim; measure, operator, bound, baselines, band and controls are the same.
What to do: give each its own measure, bound or law, or merge them.
Blind spots: claims of different contracts; laws that read the same under two names.
Source: Jia and Harman 2011, IEEE TSE 37(5), on tests that are equivalent under every mutant.
"""

from collections.abc import Iterator
from typing import Final

from pv.contract import Claim
from pv.evidence import locked_claims
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

DEMANDS: Final = ("measure", "op", "bound", "below", "plausible", "controls")
"""What decides which evidence refutes a claim."""


def check(case: Case) -> Iterator[Finding]:
    """Look for claims with the same demands; those that were locked with another falsifier are others."""
    locked = locked_claims(case.bundle)
    for other in case.contract.claims:
        falsifier = locked.get(other.id, case.locked).get("falsifier")
        if other.id == case.claim.id or other.planned or falsifier != case.locked.get("falsifier"):
            continue
        if _demands(other) == _demands(case.claim):
            yield RULE.finding(f"nothing can refute this claim and spare {other.id}: they are one", "contract")


def _demands(claim: Claim) -> tuple[object, ...]:
    return tuple(getattr(claim, name) for name in DEMANDS)


RULE = Rule(id="same-check", effect=Effect.CAPS, page=__doc__, check=check)
