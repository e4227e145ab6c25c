"""More tokens were counted than there were.

What it hunts: runs that count more tokens than their batches hold, or than their corpus holds in the passes that the
configuration names; counts that do not grow.
Why: "trained on a billion tokens" is read as a billion different ones, and throughput is that count over time.
How it looks: the tokens that were counted, and those that there were. More passes than one, where the configuration
names none, are noted.
What to do: count on the host, in whole numbers, the tokens that were fed.
Blind spots: batches that repeat, which the laws windows-once and window-from-corpus look at; masked tokens.
Source: a float32 counter stops at 2**24 and an int32 one wraps at 2**31; paiml/aprender issue 1744: an iterator that
wrapped into what it had held out.
"""

from collections.abc import Iterator
from itertools import pairwise

from pv.evidence.fields import count, number, part
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

PLACE = "raw/metrics.jsonl"


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Compare the tokens counted with steps times batch times length, and with the corpus."""
    if not case.of_a_run:
        return
    counted = [count(row.get("tokens")) for row in case.bundle.metrics]
    known = [tokens for tokens in counted if tokens is not None]
    if not known or len(known) < len(counted):
        yield RULE.not_judged("the tokens of the steps are not recorded")
        return
    if (stuck := next((at for at, (one, other) in enumerate(pairwise(known), 1) if other <= one), None)) is not None:
        yield RULE.finding(f"row {stuck}: {known[stuck]} tokens after {known[stuck - 1]}", PLACE)
    yield from _beyond_the_batches(case, max(known), len(known))
    yield from _beyond_the_corpus(case, max(known))


def _beyond_the_batches(case: Case, tokens: int, steps: int) -> Iterator[Finding | NotJudged]:
    train = part(case.bundle.run, "config", "train")
    batch, length, accumulate = (count(train.get(key)) for key in ("batch_size", "seq_length", "accumulate"))
    if not batch or not length:
        yield RULE.not_judged("the size and the length of a batch are not recorded")
    elif tokens > (held := steps * batch * length * (accumulate or 1)):
        yield RULE.finding(f"{tokens} tokens counted, {steps} steps of such batches hold {held}", PLACE)


def _beyond_the_corpus(case: Case, tokens: int) -> Iterator[Finding | NotJudged]:
    corpus = count(part(case.bundle.data, "splits", "train").get("tokens"))
    epochs = number(part(case.bundle.run, "config", "train").get("epochs"))
    if not corpus:
        yield RULE.not_judged("the tokens of the train split are not recorded")
    elif epochs is None and tokens > corpus:
        message = f"{tokens} tokens counted, {tokens / corpus:.3g} passes over the {corpus} of the train split"
        yield RULE.finding(message, PLACE, effect=Effect.NOTES)
    elif epochs is not None and tokens > epochs * corpus:
        held = f"{epochs:g} passes over the train split hold {epochs * corpus:g}"
        yield RULE.finding(f"{tokens} tokens counted, {held}", PLACE)


RULE = Rule(id="tokens-beyond-corpus", effect=Effect.CAPS, page=__doc__, check=check)
