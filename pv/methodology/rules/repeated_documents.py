"""Documents that count as different read alike to the last bit.

What it hunts: scored documents with the same number of tokens and the very same sum of losses.
Why: copies pass for further observations and make the interval too narrow; an evaluator that repeats its last answer
looks the same.
How it looks: how many documents repeat the reading of another.
What to do: drop copies by content before the split is drawn; if the texts differ, look for a cache in the evaluator.
Blind spots: copies that differ in one token; documents shorter than 16 tokens, which may agree by chance.
Source: Lee et al. 2022, arXiv:2107.06499, on duplicates in held-out sets.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

SHORTEST = 16
"""Tokens below which two different documents may well read alike."""


def check(case: Case) -> Iterator[Finding]:
    """Count the documents of the claim's sample that have the reading of another."""
    if case.series != "eval/loss" or case.measured is None:
        return
    long = [(nats, tokens) for _, nats, tokens in case.measured.clusters if tokens >= SHORTEST]
    if copies := len(long) - len(set(long)):
        yield RULE.finding(f"{copies} of {len(long)} documents repeat the reading of another", "raw/evals.jsonl")


RULE = Rule(id="repeated-documents", effect=Effect.CAPS, page=__doc__, check=check)
