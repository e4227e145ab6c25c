"""The mean rests on fewer than 30 documents.

What it hunts: held-out means over so few documents that their interval cannot be trusted.
Why: tokens of one document depend on each other: 299,000 tokens of 11 files were worth 1,400 independent
ones.
How it looks: the number of documents; at least 30 are needed.
What to do: score more documents; shorter pieces of the same ones do not help.
Blind spots: documents that depend on each other, such as files of one project. Claims about the batch of
step 0 are exempt: they speak of that very batch, and no further one.
Source: Cameron and Miller 2015, Journal of Human Resources 50(2), on few clusters.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

FEWEST = 30
"""Documents below which the standard error itself is too uncertain."""


def check(case: Case) -> Iterator[Finding]:
    """Count the documents behind a held-out mean."""
    if case.measured is None or not case.series.startswith("eval/"):
        return
    found = len(case.measured.clusters)
    if found < FEWEST:
        message = f"{case.measured.name} rests on {found} documents, at least {FEWEST} are needed"
        yield RULE.finding(message, "raw/evals.jsonl")


RULE = Rule(id="too-few-clusters", effect=Effect.CAPS, page=__doc__, check=check)
