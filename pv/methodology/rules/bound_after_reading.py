"""The bound is a reading that was known before the claim was locked.

What it hunts: bounds that lie within rounding of what an earlier run had read, where that run was locked under another
bound or under none.
Why: a bound that is fitted to a reading is met by that reading whatever it means; the next run meets it by inheritance.
How it looks: the bound, and the earlier bundle with its reading.
What to do: derive the bound from what the claim is for: a baseline, a law, a figure with its source.
Blind spots: readings of which no bundle is kept; bounds of fewer than three digits, which agree by chance; bounds that
are set a safe distance above the reading.
Source: paiml/aprender pull request 1094: 9.38, from a best loss of 9.3837; Kerr 1998, Personality and Social Psychology
Review 2(3).
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

FEWEST_DIGITS = 3


def check(case: Case) -> Iterator[Finding]:
    """Compare the digits of the bound with the earlier readings."""
    bound, unit = case.claim.bound, last_place(case.claim.bound)
    if unit is None:
        return
    for name, value in case.earlier.items():
        if abs(value - float(bound or 0.0)) <= unit:
            yield RULE.finding(f"the bound {bound} is the {value:.6g} that {name} had read before", "contract")


def last_place(bound: float | str | None) -> float | None:
    """Return the unit of the last digit of a written number, e.g. 0.01 of 9.38; None for fewer than three digits."""
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        return None
    text = repr(abs(bound))
    digits = text.replace(".", "").strip("0")
    if not digits.isdigit() or len(digits) < FEWEST_DIGITS:
        return None
    return 10.0 ** -len(text.partition(".")[2])


RULE = Rule(id="bound-after-reading", effect=Effect.CAPS, page=__doc__, check=check)
