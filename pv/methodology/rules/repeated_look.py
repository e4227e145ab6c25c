"""The reporting split was looked at more than once.

What it hunts: losses on the reporting split that the run looked at more than once.
Why: the best of K looks is too good by about s sqrt(2 ln K), s being the spread between looks.
How it looks: how often the run reported the loss on val-b.
What to do: select on val-a; look at val-b once, at the very end.
Blind spots: looks that were not recorded, and earlier runs.
Source: paiml/aprender pull request 1094: the minimum of 51 epochs as a bound; Dodge et al. 2019,
arXiv:1909.03004.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Count the looks at val-b of a run whose held-out loss is claimed."""
    looks = case.value("reported_val_b_looks")
    if case.series == "eval/loss" and looks is None:
        yield RULE.not_judged("how often the run looked at val-b is not recorded")
    elif case.series == "eval/loss" and looks is not None and looks > 1:
        yield RULE.finding(f"the loss on val-b was reported {looks:g} times", "raw/reported.jsonl")


RULE = Rule(id="repeated-look", effect=Effect.CAPS, page=__doc__, check=check)
