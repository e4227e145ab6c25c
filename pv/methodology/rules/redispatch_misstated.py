"""The run says it was made again of another, and what it says of that one cannot be shown, or is not so.

What it hunts: a re-dispatch of a bundle that is not there or was altered, and stated changes that are not those
between the two records.
Why: "run again after the fix" is worth something where the fix is all that changed. A changed seed, bound or corpus
that is not named beside it makes another experiment of it.
How it looks: the bundle that is named; or the change that is stated and is none, or is one and is not stated.
What to do: keep the earlier bundle beside this one; make the run again with
pv discharge ID --run --redispatch-of BUNDLE.
Blind spots: what neither record holds, such as the weather of a shared machine; a re-dispatch that was never declared.
Source: paiml/aprender pull requests 1578 to 1600: runs made again after each fix, with the changes in prose.
"""

from collections.abc import Iterator

from pv.evidence import Change, changes, stated
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

PLACE = "raw/run.json"


def check(case: Case) -> Iterator[Finding]:
    """Compare what is stated with the two records; without the earlier one nothing is known, which caps."""
    redispatch = stated(case.bundle)
    if redispatch is None:
        return
    former = case.former
    if former is None:
        missing = f"{redispatch.bundle[:80]}, of which it was made again, is not among the evidence"
        yield RULE.finding(missing, PLACE, effect=Effect.CAPS)
        return
    if former.bundle is None or former.faults or former.bundle.digest != redispatch.digest:
        what = former.faults[0].message if former.faults else "its digest is another"
        yield RULE.finding(f"{redispatch.bundle[:80]} was altered: {what}", PLACE, effect=Effect.CAPS)
        return
    said, found = set(redispatch.changed), set(changes(former.bundle, case.bundle))
    if unsaid := sorted(map(_told, found - said)):
        yield RULE.finding(f"not stated: {unsaid[0]}{_more(unsaid)}", PLACE)
    if untrue := sorted(map(_told, said - found)):
        yield RULE.finding(f"stated, and not so: {untrue[0]}{_more(untrue)}", PLACE)


def _told(change: Change) -> str:
    return f"{change.part[:20]} {change.name[:60]} was {change.before[:40]}, is {change.after[:40]}"


def _more(told: list[str]) -> str:
    return f" (and {len(told) - 1} more)" if len(told) > 1 else ""


RULE = Rule(id="redispatch-misstated", effect=Effect.INVALIDATES, page=__doc__, check=check)
