"""The claim was not fixed before the run.

What it hunts: claims that were fixed after the run had begun, or never.
Why: a bound that is chosen after the loss was seen cannot fail.
How it looks: locked_at is later than started_at, or the lock lacks the contract's digest, the claim's
meaning or a readable time.
What to do: make the run again; the lock is written before step 0 by itself.
Blind spots: clocks that were set; a run that was done before, by hand, and repeated once its result was
known.
Source: Preregistration: Nosek et al. 2018, PNAS 115(11).
"""

from collections.abc import Iterator

from pv.evidence.fields import moment
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

PLACE = "raw/claim.lock.json"


def check(case: Case) -> Iterator[Finding]:
    """Compare the times of lock and run, and look for what a lock must hold."""
    locked, started = moment(case.bundle.lock.get("locked_at")), moment(case.bundle.run.get("started_at"))
    if locked is None or started is None:
        yield RULE.finding("the time of the lock or of the run's start is missing or unreadable", PLACE)
    elif locked > started:
        yield RULE.finding(f"locked at {locked.isoformat()}, after the start at {started.isoformat()}", PLACE)
    contract = case.bundle.lock.get("contract")
    if not isinstance(contract, dict) or not contract.get("digest"):
        yield RULE.finding("the lock does not hold the contract's digest", PLACE)
    if case.locked and not case.locked.get("meaning_digest"):
        yield RULE.finding("the lock does not hold the claim's meaning", PLACE)


RULE = Rule(id="post-hoc-lock", effect=Effect.INVALIDATES, page=__doc__, check=check)
