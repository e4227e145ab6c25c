"""A baseline of the claim could not be compared with.

What it hunts: baselines that the claim must be below and that were not measured on all of its documents.
Why: a contrast that was not made has not been won.
How it looks: the baseline's name, and how many of the claim's documents it shares.
What to do: let the judges finish: their logs say why a baseline is missing.
Blind spots: baselines that nobody asked for.
Source: Paired comparison: Miller 2024, arXiv:2411.00640.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Look for every baseline of `below`, with a row for each of the claim's documents."""
    if case.measured is None:
        return
    documents = {(name, tokens) for name, _, tokens in case.measured.clusters}
    for name in case.claim.below:
        baseline = case.quantities.get(name)
        if baseline is None:
            yield RULE.finding(f"{name} was not recorded", "raw/evals.jsonl")
        elif missing := documents - {(document, tokens) for document, _, tokens in baseline.clusters}:
            of = len(documents)
            yield RULE.finding(f"{name} lacks {len(missing)} of the claim's {of} documents", "raw/evals.jsonl")
        elif not documents:
            yield RULE.finding(f"the claim's quantity has no documents to compare with {name}", "raw/evals.jsonl")


RULE = Rule(id="below-missing", effect=Effect.CAPS, page=__doc__, check=check)
