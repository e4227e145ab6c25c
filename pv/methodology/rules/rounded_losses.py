"""The losses of the steps are round numbers.

What it hunts: training records in which every loss has four decimals or fewer.
Why: a mean over a thousand tokens is no round number: it was rounded for the eye, or typed. Nothing that was rounded
can be recomputed to the digits that a falsifier compares.
How it looks: how many losses there are, all of them round.
What to do: record the losses as they are computed.
Blind spots: invented losses with many digits. Losses of bfloat16 are coarse by nature, and exempt; fewer than 20
are not judged.
Source: transformers rounds the losses of its log to four decimals; one float32 between 4 and 8 in 200 is as round.
"""

import math
import struct
from collections.abc import Iterator

from pv.evidence.quantities.training import loss_by_step
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

FEWEST = 20
"""Losses below which nothing can be said of them all."""

DECIMALS = 4


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Look for a loss with more than four decimals."""
    if not case.of_a_loss:
        return
    losses = finite_losses(case)
    if len(losses) < FEWEST:
        yield RULE.not_judged(f"{len(losses)} losses of steps, at least {FEWEST} are needed")
    elif all(map(decimal, losses)) and not all(map(coarse, losses)):
        yield RULE.finding(f"all {len(losses)} losses have {DECIMALS} decimals or fewer", "raw/metrics.jsonl")


def finite_losses(case: Case) -> list[float]:
    """Return the finite losses of the steps, in order."""
    return [loss for loss in loss_by_step(case.bundle).values() if math.isfinite(loss)]


def decimal(loss: float) -> bool:
    """Whether a number has four decimals or fewer."""
    return round(loss, DECIMALS) == loss


def coarse(loss: float) -> bool:
    """Whether bfloat16, the upper half of a float32, holds a number exactly."""
    try:
        return struct.unpack("<f", struct.pack("<f", loss))[0] == loss and struct.pack("<f", loss)[:2] == b"\0\0"
    except OverflowError:
        return False


RULE = Rule(id="rounded-losses", effect=Effect.CAPS, page=__doc__, check=check)
