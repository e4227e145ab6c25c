"""The claim and its quantity have different units.

What it hunts: a claim in one unit that is compared with a quantity in another.
Why: a loss in bits looks 1.44 times worse than in nats, a loss per byte several times better than per
token.
How it looks: the claim's unit and the unit of what was measured.
What to do: write the claim in the unit of the series, or measure the series that the claim means.
Blind spots: numbers that carry the right unit and were computed in another; the control constant-logits is
for those.
Source: paiml/aprender pull request 1600: log2(151,643) = 17.21 bits read as ln V, which is 11.93 nats.
"""

from collections.abc import Iterator

from pv.evidence import SERIES
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Compare the unit of the claim with the unit of what was measured, or of what its series is recorded in."""
    if case.alone:
        yield from _by_the_series(case)
        return
    if case.measured is None or case.claim.measure is None:
        return
    wanted, found = case.claim.measure.unit, case.measured.unit
    if wanted != found:
        yield RULE.finding(f"the claim is in {wanted}, {case.series} is in {found}", case.measured.source)


def _by_the_series(case: Case) -> Iterator[Finding]:
    """Look at the contract alone; a series that does not exist is a problem of the contract."""
    known = SERIES.get(case.series)
    if known is not None and case.claim.measure is not None and case.claim.measure.unit != known.unit:
        wanted = case.claim.measure.unit
        yield RULE.finding(f"the claim is in {wanted}, {case.series} is in {known.unit}", "contract")


RULE = Rule(id="units-mixed", effect=Effect.INVALIDATES, page=__doc__, check=check, lints=True)
