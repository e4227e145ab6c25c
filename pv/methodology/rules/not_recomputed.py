"""The held-out loss was not recomputed independently.

What it hunts: held-out losses that only the trainer's own evaluator read.
Why: a number that a system computes about itself is a statement, not a measurement.
How it looks: there is no loss of the final weights by the oracle on that split.
What to do: let the oracle finish: its log says why it did not.
Blind spots: an oracle that shares the system's fault.
Source: paiml/aprender pull request 2252: even the oracle was not causal; hence one written from the
definition.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Look for the oracle's reading beside a held-out loss."""
    if case.measured is None or case.series != "eval/loss" or case.claim.measure is None:
        return
    split = case.claim.measure.split or "val-b"
    if f"loss/final/oracle/{split}" not in case.quantities:
        yield RULE.finding(f"no oracle read the loss on {split}", "raw/evals.jsonl")


RULE = Rule(id="not-recomputed", effect=Effect.CAPS, page=__doc__, check=check)
