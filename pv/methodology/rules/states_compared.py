"""A training loss and a held-out loss are compared, though they are of different weights and documents.

What it hunts: claims that measure a held-out loss against a training loss, or the reverse.
Why: a training loss is read on a batch before its update, a held-out loss on other documents at the end. Their
difference mixes what was learnt since with how hard the documents are; it is no gap of generalisation.
How it looks: the series of the claim, and the quantity that its bound reads.
What to do: evaluate training documents and held-out ones with the same evaluator and the same weights.
Blind spots: a number that was taken from the other series and written into the bound.
Source: paiml/aprender pull request 1580: val_loss below the mean training loss of its epoch was read as a triumph.
"""

import re
from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

TRAINING = frozenset({"train_loss_first", "train_loss_last"})
HELD_OUT = frozenset({"reported_val_a_last", "reported_val_b", "untouched_init_loss", "bigram_loss"})


def check(case: Case) -> Iterator[Finding]:
    """Look in the bound for quantities of the other kind."""
    others = {"eval/loss": TRAINING, "train/loss": HELD_OUT}.get(case.series, frozenset())
    read = others & set(re.findall(r"\w+", str(case.claim.bound)))
    for name in sorted(read):
        yield RULE.finding(f"{case.series} is compared with {name}: other weights, other documents", "contract")


RULE = Rule(id="states-compared", effect=Effect.CAPS, page=__doc__, check=check, lints=True)
