"""The measured value is not believable.

What it hunts: readings outside the band that the claim itself calls believable.
Why: a loss that beats everything ever published is more often a fault of the measurement than a discovery.
How it looks: the reading and the band with its source.
What to do: run the controls in order. If all are right and the value stands, publish it, and widen the band
with that source.
Blind spots: faults whose readings are believable; bands that are too wide to mean anything.
Source: The claim's `plausible`; published figures raise suspicion and decide nothing.
"""

import math
from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Compare the value with the claim's plausible band; a diverged run is refuted, not implausible."""
    band, measured = case.claim.plausible, case.measured
    if band is None or measured is None or not math.isfinite(measured.value) or band.unit != measured.unit:
        return
    if not band.low <= measured.value <= band.high:
        believable = f"believable is {band.low:g} to {band.high:g} ({band.source})"
        yield RULE.finding(f"{measured.name} = {measured.value:.6g} {measured.unit}; {believable}", measured.source)


RULE = Rule(id="implausible-value", effect=Effect.INVALIDATES, page=__doc__, check=check)
