"""Nothing says how low a loss may be and still be believed.

What it hunts: claims that a loss is below something, where no reading is too good: no plausible band, and no
control that can read wrong on both sides.
Why: a fault that lowers a loss meets every upper bound. Targets that are all one token, a leak of the answer or
an evaluator that counts nothing read as a triumph.
How it looks: the operator and bound of the claim, and what it lacks.
What to do: give the claim `plausible` with its source, or a set of controls such as lm-loss.
Blind spots: bands that are too wide to mean anything; losses in a unit or series of their own.
Source: paiml/aprender pull request 1580: val_loss = 0.0008 against the one-sided bound 9.38.
"""

from collections.abc import Iterator

from pv.contract import Claim
from pv.methodology.case import Case
from pv.methodology.controls import control_set
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

LOSSES = ("eval/", "train/", "step0/")
"""Series of a model's losses; readings of controls and attacks are deviations, for which 0 is best."""


def is_loss(claim: Claim) -> bool:
    """Whether a claim measures the loss of a model for each token or byte."""
    measure = claim.measure
    return measure is not None and measure.unit.startswith(("nats/", "bits/")) and measure.series.startswith(LOSSES)


def check(case: Case) -> Iterator[Finding]:
    """Look for a lower end of what is believed, in the claim and in its controls."""
    claim = case.claim
    if not is_loss(claim) or claim.op not in {"<", "<="} or claim.plausible:
        return
    controls = control_set(claim.controls) if case.alone else case.controls
    if any(control.low is not None and control.high is not None for control in controls):
        return
    lacking = "no plausible band and no two-sided control"
    yield RULE.finding(f"a loss {claim.op} {claim.bound}, with {lacking}: no value is too good", "contract")


RULE = Rule(id="one-sided-bound", effect=Effect.CAPS, page=__doc__, check=check, lints=True)
