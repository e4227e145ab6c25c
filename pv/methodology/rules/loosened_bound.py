"""The claim asks for less than when it was locked.

What it hunts: claims whose bound or required level was made easier after the run.
Why: a claim that is fitted to its evidence explains it, and predicts nothing.
How it looks: what the lock says and what the contract says now.
What to do: make the evidence again under the new bound, and say in the changelog why it moved.
Blind spots: expressions that are worded otherwise; baselines dropped from `below`. Either makes the
evidence stale.
Source: Kerr 1998, Personality and Social Psychology Review 2(3), on hypotheses made after the results are
known.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

ORDER = ("algorithm", "integration", "live")


def check(case: Case) -> Iterator[Finding]:
    """Compare operator, numeric bound and required level with those that were locked."""
    locked, claim = case.locked, case.claim
    before, now = locked.get("requires"), claim.requires
    if before in ORDER and now in ORDER and ORDER.index(now) < ORDER.index(before):
        yield RULE.finding(f"required level {before} when locked, {now} now", "contract")
    old, new = locked.get("bound"), claim.bound
    if locked.get("op") != claim.op or not isinstance(old, int | float) or not isinstance(new, int | float):
        return
    if (claim.op in {"<", "<="} and new > old) or (claim.op in {">", ">="} and new < old):
        yield RULE.finding(f"bound {old:g} when locked, {new:g} now", "contract")


RULE = Rule(id="loosened-bound", effect=Effect.CAPS, page=__doc__, check=check)
