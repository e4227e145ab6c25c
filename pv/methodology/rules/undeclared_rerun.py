"""The same run was made before, read worse, and is not mentioned.

What it hunts: a run of the very set-up of an earlier one, down to the seed, that reads better and does not say that
it was made again.
Why: where nothing changed, only luck can have: clocks, races, a machine's mood. Of K tries the best is kept, and who
reads it takes it for the first.
How it looks: the earlier bundle, what it read, and what this one read.
What to do: say so, with pv discharge ID --run --redispatch-of BUNDLE; or find out why one set-up reads two things.
Blind spots: earlier runs whose bundle was not kept; another machine counts as the same set-up, another version of a
package does not. Tries that differ in their seed share out the confidence (verdicts).
Source: Dodge et al. 2019, arXiv:1909.03004; Kerr 1998, Personality and Social Psychology Review 2(3).
"""

from collections.abc import Iterator

from pv.evidence import stated
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Compare the reading with those of earlier runs of the same set-up, none of which is declared."""
    redispatch = stated(case.bundle)
    if case.measured is None or (redispatch and redispatch.bundle in case.reruns):
        return
    for name, value in case.reruns.items():
        if _better(case, case.measured.value, value):
            told = f"{name[:80]} is the same run and read {value:.6g}; this one reads {case.measured.value:.6g}"
            yield RULE.finding(told, "raw/run.json")


def _better(case: Case, value: float, other: float) -> bool:
    match case.claim.op:
        case "<" | "<=":
            return value < other
        case ">" | ">=":
            return value > other
        case _:
            return case.bound is not None and abs(value - case.bound) < abs(other - case.bound)


RULE = Rule(id="undeclared-rerun", effect=Effect.CAPS, page=__doc__, check=check)
