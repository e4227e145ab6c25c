"""An attack had fewer than 50 valid cases, or than its law needs where each case is a whole process.

What it hunts: attacks that had too few valid cases to mean anything, or ended without an outcome.
Why: surviving three cases shows little: with n survived cases the rate of failure may still be 3/n.
How it looks: the law, the valid cases it had, and the reason it gave up.
What to do: raise --cases, or widen the law's strategy; if the system crashed, mend that first.
Blind spots: many cases that are all alike.
Source: Rule of three: Hanley and Lippman-Hand 1983, JAMA 249(13).
"""

from collections.abc import Iterator

from pv.evidence import Row, whole_processes
from pv.evidence.fields import count
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

FEWEST = 50
"""Valid cases of an attack that counts as survived."""

FEWEST_PROCESSES = 5
"""The same where every case ran a process of the program under test, and its law says so."""


def check(case: Case) -> Iterator[Finding]:
    """Look at every row of the claim's attack that was not refuted."""
    for row in case.attacks:
        if row.get("outcome") == "refuted":
            continue
        cases = row.get("cases")
        few = not isinstance(cases, int) or isinstance(cases, bool) or cases < fewest(case, row)
        if few or row.get("outcome") == "inconclusive":
            reason = str(row.get("reason") or "no reason given")[:200]
            place = f"raw/attacks/{case.claim.id}.jsonl"
            needed = f"{cases} valid cases of at least {fewest(case, row)}"
            yield RULE.finding(f"{row.get('law')}: {needed}, {row.get('outcome')}, {reason}", place)


def fewest(case: Case, row: Row) -> int:
    """Return how many valid cases an attack needs: what its law says counts only where each is a whole process."""
    said = count(row.get("fewest"))
    program = case.contract.system.program if case.contract.system else None
    if said is None or not whole_processes(case.bundle, case.claim.id, row, program):
        return FEWEST
    return min(FEWEST, max(FEWEST_PROCESSES, said))


RULE = Rule(id="case-starvation", effect=Effect.CAPS, page=__doc__, check=check)
