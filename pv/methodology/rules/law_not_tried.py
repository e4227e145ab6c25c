"""A law of the claim's falsifier was never tried.

What it hunts: laws of the claim's falsifier that left no row.
Why: an attack that was not made has not been survived.
How it looks: the law's name.
What to do: let the judges finish: their logs say why a law is missing.
Blind spots: laws that the falsifier does not have.
Source: The index of the falsifiers lists the laws of each.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Compare the laws of the falsifier with the rows of its attack."""
    tried = [row.get("law") for row in case.attacks]
    for law in case.laws:
        if law not in tried:
            yield RULE.finding(f"{law} was never tried", f"raw/attacks/{case.claim.id}.jsonl")


RULE = Rule(id="law-not-tried", effect=Effect.CAPS, page=__doc__, check=check)
