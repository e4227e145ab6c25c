"""An epoch is reported otherwise than its steps were recorded.

What it hunts: epochs whose training loss is neither the mean of their steps nor the loss of the last one, whose tokens
or held-out loss differ from the record of that step, or whose perplexity is not the exponential of its loss.
Why: what people read is the table of epochs. A mean over other steps, an older evaluation or a mean of exponentials
looks like any other number there.
How it looks: the epoch, what it says, and what its steps say.
What to do: derive the table from the record; a running mean over earlier epochs is the usual cause.
Blind spots: a training loss that is an honest mean beside a held-out loss of the last step: the two are of different
weights, however right each is, and no claim may compare them (states-compared).
Source: paiml/aprender pull request 1580: the mean over an epoch compared with the held-out loss at its end.
"""

import math
from collections.abc import Iterator, Mapping

from pv.evidence import Row
from pv.evidence.fields import count, number
from pv.evidence.quantities.training import loss_by_step
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

PLACE = "raw/epochs/"
AGREEMENT = 1e-5
"""Largest relative difference between two ways of adding up the same float32 losses."""


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Compare every epoch with the steps since the one before, and with the evaluation at its end."""
    if not case.of_a_loss:
        return
    losses = loss_by_step(case.bundle)
    if not case.bundle.epochs or not losses:
        yield RULE.not_judged("the epochs, or the losses of their steps, are not recorded")
        return
    begin = 0
    for row in sorted(case.bundle.epochs, key=lambda row: count(row.get("step")) or 0):
        end = count(row.get("step"))
        if end is None:
            yield RULE.not_judged(f"epoch {_name(row)} does not say after which step it ended")
            continue
        yield from _training(row, [losses[step] for step in range(begin, end) if step in losses])
        yield from _end(row, case, end)
        yield from _perplexities(row)
        begin = end


def _training(row: Row, losses: list[float]) -> Iterator[Finding]:
    said = number(row.get("train_loss"))
    if said is None or not losses or not all(map(math.isfinite, losses)):
        return
    mean = math.fsum(losses) / len(losses)
    if not any(_same(said, one) for one in (mean, losses[-1])):
        steps = f"the mean of its {len(losses)} steps is {mean:.6g}, the last is {losses[-1]:.6g}"
        yield RULE.finding(f"epoch {_name(row)}: train_loss {said:.6g}, {steps}", PLACE)


def _end(row: Row, case: Case, end: int) -> Iterator[Finding]:
    seen, last = count(row.get("tokens_seen")), _at(case.bundle.metrics, end - 1)
    fed = count(last.get("tokens"))
    if seen is not None and fed is not None and seen != fed:
        yield RULE.finding(f"epoch {_name(row)}: {seen} tokens, its last step counted {fed}", PLACE)
    said = number(row.get("val_loss"))
    looks = [number(look.get("loss")) for look in case.bundle.reported if look.get("step") == end]
    known = [look for look in looks if look is not None]
    if said is not None and known and not any(_same(said, look) for look in known):
        reported = ", ".join(f"{look:.6g}" for look in known)
        yield RULE.finding(f"epoch {_name(row)}: val_loss {said:.6g}, reported at step {end}: {reported}", PLACE)


def _perplexities(row: Row) -> Iterator[Finding]:
    for name in ("train", "val"):
        loss, perplexity = number(row.get(f"{name}_loss")), number(row.get(f"{name}_ppl"))
        if loss is not None and perplexity is not None and loss < 700 and not _same(perplexity, math.exp(loss)):
            found = f"{name}_ppl {perplexity:.6g}, the exponential of its loss is {math.exp(loss):.6g}"
            yield RULE.finding(f"epoch {_name(row)}: {found}", PLACE)


def _name(row: Row) -> str:
    return str(row.get("epoch"))[:40]


def _at(rows: tuple[Row, ...], step: int) -> Mapping[str, object]:
    return next((row for row in rows if row.get("step") == step), {})


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=AGREEMENT, abs_tol=AGREEMENT)


RULE = Rule(id="epoch-differs", effect=Effect.CAPS, page=__doc__, check=check)
