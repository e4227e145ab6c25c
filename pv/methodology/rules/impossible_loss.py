"""A loss is lower than any model can have.

What it hunts: losses below zero, and documents whose tokens cost exactly nothing together.
Why: a probability is at most 1, so the loss of a token is at least 0; a document that costs exactly 0 was not counted.
How it looks: the step or the document, with what was recorded of it.
What to do: look at what is summed: a sign, a normalisation, a mask that leaves nothing, a difference instead of a loss.
Blind spots: faults that leave a loss above zero; densities, whose losses may be negative, are not losses of tokens.
Source: -ln p >= 0 for any p <= 1; huggingface/trl issue 6668: the loss is 0.0, and the run "succeeds".
"""

from collections.abc import Iterator

from pv.evidence.quantities.training import loss_by_step
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

METRICS = "raw/metrics.jsonl"

ROUNDING = 1e-6
"""Nats per token by which float32 may take the loss of a certain token below zero."""


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Look at the loss of every step, and of every document in every reading."""
    if not case.of_a_loss:
        return
    steps = loss_by_step(case.bundle)
    readings = {name: loss.clusters for name, loss in case.quantities.items() if name.startswith("loss/")}
    if not steps and not readings:
        yield RULE.not_judged("neither the losses of steps nor those of documents are recorded")
    below = [step for step, loss in steps.items() if loss < -ROUNDING]
    if below:
        first = below[0]
        yield RULE.finding(f"step {first}: {steps[first]:.6g} nats/token, one of {len(below)} such steps", METRICS)
    for name, documents in readings.items():
        free = [one for one in documents if one[1] == 0 or one[1] < -ROUNDING * one[2]]
        if free:
            document, nats, tokens = free[0]
            message = f"{name}: {document[:16]} costs {nats:.6g} nats over {tokens} tokens, one of {len(free)} such"
            yield RULE.finding(message, "raw/evals.jsonl")


RULE = Rule(id="impossible-loss", effect=Effect.INVALIDATES, page=__doc__, check=check)
