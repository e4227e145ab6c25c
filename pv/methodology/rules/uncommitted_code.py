"""The run's code was not committed.

What it hunts: runs of a working copy with changes that no commit holds.
Why: what no commit holds cannot be checked out again.
How it looks: the digest of the changes.
What to do: commit, and make the run again, before the evidence is kept.
Blind spots: files that git ignores.
Source: git status when the run was recorded.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Report the digest of uncommitted changes."""
    if "dirty_digest" not in case.bundle.run:
        yield RULE.not_judged("whether the code was committed is not recorded")
    elif dirty := case.bundle.run["dirty_digest"]:
        yield RULE.finding(f"uncommitted changes, digest {str(dirty)[:16]}", "raw/run.json")


RULE = Rule(id="uncommitted-code", effect=Effect.NOTES, page=__doc__, check=check)
