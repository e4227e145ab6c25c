"""A table of frequencies, the untouched init or a uniform guess would meet the bound.

What it hunts: bounds that a predictor without any learning would meet.
Why: "val_loss < 9.38" is met by a table of frequencies at 5.14; passing such a gate shows nothing.
How it looks: the baselines that meet the bound, with their values. It caps a claim without `below`; where
there are contrasts they decide, and the vacuity is noted.
What to do: lower the bound below the baselines, or name them in `below`.
Blind spots: baselines nobody recorded; bounds that a better table would meet.
Source: paiml/aprender pull request 1094: 9.38 was the best of 51 epochs of another model with another
tokenizer.
"""

import math
from collections.abc import Iterator

from pv.contract import evaluate
from pv.errors import ContractError
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.one_sided_bound import is_loss
from pv.methodology.rules.rule import Rule

TABLES = ("unigram_entropy", "bigram_loss", "untouched_init_loss")
"""Baselines of a held-out loss; any loss has the uniform guess besides."""

VOCABULARIES = (256, 4_096, 32_000, 151_936, 262_144)
"""From bytes to the largest in use; what is met for all of these is met by no merit of a model."""


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Name the baselines in nats per token that meet the bound of a loss."""
    measure, bound = case.claim.measure, case.bound
    if case.alone:
        yield from _whatever_the_vocabulary(case)
        return
    if measure is None or bound is None or measure.unit != "nats/token" or case.claim.op not in {"<", "<="}:
        return
    baselines = {name: case.value(name) for name in TABLES if measure.series == "eval/loss"}
    if vocabulary := case.value("vocab_size"):
        baselines["uniform guess"] = math.log(vocabulary)
    if is_loss(case.claim) and all(value is None for value in baselines.values()):
        yield RULE.not_judged("no baseline and no vocabulary is recorded")
    met = [
        f"{name} {value:.4g}"
        for name, value in baselines.items()
        if value is not None and (value < bound or (case.claim.op == "<=" and value == bound))
    ]
    if met:
        effect = Effect.NOTES if case.claim.below else Effect.CAPS
        yield RULE.finding(f"the bound {bound:.6g} is met by {', '.join(met)}", "contract", effect=effect)


def _whatever_the_vocabulary(case: Case) -> Iterator[Finding]:
    """Compare the bound of a loss with the uniform guess for small and large vocabularies, without any evidence."""
    claim, measure = case.claim, case.claim.measure
    if measure is None or claim.bound is None or measure.unit != "nats/token" or claim.op not in {"<", "<="}:
        return
    if not is_loss(claim):
        return
    for size in VOCABULARIES:
        try:
            bound, _ = evaluate(claim.bound, {"vocab_size": (float(size), "ids")}, unit=measure.unit)
        except ContractError:  # it reads other quantities: only evidence can tell
            return
        if bound < math.log(size) or (claim.op == "<" and bound == math.log(size)):
            return
    message = f"the bound {claim.bound} is met by a uniform guess, whatever the vocabulary"
    yield RULE.finding(message, "contract", effect=Effect.NOTES if claim.below else Effect.CAPS)


RULE = Rule(id="vacuous-bound", effect=Effect.CAPS, page=__doc__, check=check, lints=True)
