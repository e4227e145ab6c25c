"""A reading does not cover the documents it must cover.

What it hunts: documents that were scored in one reading and left out of another.
Why: leaving out the hardest documents is the simplest way to a better mean, and contrasts are only as
paired as their rows.
How it looks: a reading covers fewer documents or tokens than data.json says were scored; damaged weights
were read on other documents than their fellows.
What to do: make the run again; if a judge failed half-way, its log says why.
Blind spots: documents that were left out everywhere alike, before anything was counted.
Source: Every mean is recounted against the histogram of the scored tokens.
"""

from collections.abc import Iterator

from pv.evidence import Quantity
from pv.evidence.fields import count, part
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

PLACE = "raw/evals.jsonl"

WHOLE = (
    "loss/final/oracle/val-b",
    "loss/final/system/val-b",
    "loss/init/system/val-b",
    "loss/shuffled-targets/system/val-b",
    "loss/uniform-targets/system/val-b",
    "loss/unigram/table/val-b",
    "loss/bigram/table/val-b",
)
"""Readings of every scored document."""

SUBSET = tuple(
    f"loss/{reading}/system/val-b" for reading in ("zero", "random", "dose-0.01", "dose-0.05", "dose-0.25", "dose-1")
)
"""Readings under weights made to be wrong: all of the same documents, which may be some of those scored."""


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Count documents and tokens of every reading on the scored split and of the batch of step 0."""
    if not case.series.startswith(("eval/", "step0/", "train/", "checkpoint/")):
        return
    scored = count(part(case.bundle.data, "scored").get("documents"))
    tokens = case.value("scored_tokens")
    if not case.quantities.keys() & {*WHOLE, *SUBSET}:
        yield RULE.not_judged("no reading of documents is recorded")
    for name in WHOLE:
        if (loss := case.quantities.get(name)) is not None:
            yield from _whole(name, loss, scored, tokens)
    covered = {name: _documents(case.quantities[name]) for name in SUBSET if name in case.quantities}
    if len(set(covered.values())) > 1:
        sizes = ", ".join(f"{name} {len(documents)}" for name, documents in covered.items())
        yield RULE.finding(f"damaged weights were read on different documents: {sizes}", PLACE)
    yield from _step_0(case)


def _whole(name: str, loss: Quantity, scored: int | None, tokens: float | None) -> Iterator[Finding]:
    read = sum(amount for _, _, amount in loss.clusters)
    if len(loss.clusters) != scored or read != tokens:
        found = f"{len(loss.clusters)} documents, {read} tokens"
        yield RULE.finding(f"{name} covers {found}; scored were {scored} documents, {tokens} tokens", PLACE)


def _documents(loss: Quantity) -> frozenset[str]:
    return frozenset(name for name, _, _ in loss.clusters)


def _step_0(case: Case) -> Iterator[Finding]:
    windows = count(part(case.bundle.data, "batch").get("windows"))
    for reading in ("step0-init", "step0-scratch"):
        loss = case.quantities.get(f"loss/{reading}/oracle/step-0")
        if loss is not None and len(loss.clusters) != windows:
            yield RULE.finding(f"{reading} covers {len(loss.clusters)} sequences of {windows}", PLACE)


RULE = Rule(id="incomplete-evaluation", effect=Effect.INVALIDATES, page=__doc__, check=check)
