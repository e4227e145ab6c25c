"""What an investigation says, as frozen models: a symptom, hypotheses about its cause, and what each predicts."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from pv.contract.claim import Id, Model, Text


class Band(Model):
    """Where a reading lies."""

    low: float | None = None
    """Inclusive lower end; none where it has none."""

    high: float | None = None
    """Inclusive upper end; none where it has none."""

    unit: Text = Field(examples=["nats/token", "tensors"])
    """Unit of both ends, the one that the quantity is recorded in."""

    source: str = ""
    """Where the band comes from."""

    def holds(self, value: float) -> bool:
        """Whether a reading lies in the band; NaN never does."""
        above = self.low is None or value >= self.low
        below = self.high is None or value <= self.high
        return above and below and not math.isnan(value)


class Made(Model):
    """How a run was made: it stands for the newest bundle of the symptom's claim that was made so."""

    mutant: str = ""
    """Fault that was planted; empty for none."""

    profile: str = ""
    """Profile it ran under; that of the symptom where empty."""

    seed: int | None = Field(default=None, ge=0)
    """Seed of the run; that of the symptom where left out."""


class Symptom(Model):
    """A reading that nobody expected."""

    claim: Text = Field(examples=["FALSIFY-005"])
    """Claim it was met with: id, alias, or end of an id."""

    bundle: str = ""
    """Name of the bundle that shows it; or say in `run` how it was made."""

    run: Made | None = None
    """How the run was made that shows it, where no bundle is named."""

    quantity: str = Field(default="", examples=["scored_unk_share", "train/loss last"])
    """What reads wrong: a quantity by name, or a series with its reducer; what the claim measures where empty."""

    expected: Band
    """Where the reading was expected before the run."""

    tolerance: Band | None = None
    """Where a reading has the symptom's magnitude; a quarter of the way to what was expected where left out."""


class Prediction(Model):
    """What a hypothesis says of a reading, where its rivals say otherwise; exactly one thing is read."""

    control: str = Field(default="", examples=["scored-unk-share"])
    """Control whose reading is predicted."""

    claim: str = Field(default="", examples=["FALSIFY-TOKENIZER-AND-CORPUS-008"])
    """Claim whose falsifier's outcome is predicted."""

    quantity: str = Field(default="", examples=["train_loss_last"])
    """Quantity, or series with its reducer, whose reading is predicted."""

    reads: Literal["right", "wrong", "refuted", "survived"] | None = None
    """What a control (right, wrong) or a claim (refuted, survived) reads; its rivals predict the opposite."""

    within: Band | None = None
    """Where a quantity lies under the hypothesis."""

    rivals: Band | None = None
    """Where it lies under every rival; it shares nothing with `within`."""

    bundle: str = ""
    """Bundle that is read, where it is not the symptom's."""

    run: Made | None = None
    """How the run was made that is read, where it is not the symptom's."""


class Hypothesis(Model):
    """A cause that somebody thought of; its status is derived."""

    id: Id = Field(examples=["H1", "H1A"])
    """Name of the hypothesis, unique in the tree."""

    says: Text
    """What would have caused the symptom."""

    predicts: tuple[Prediction, ...] = ()
    """What shows that the defect is there, or that it is not."""

    inject: str = Field(default="", examples=["unk-corpus"])
    """Planted fault that is this cause."""

    without: Made | None = None
    """How a run is made that lacks this cause and nothing else of the symptom's; an honest run where left out."""

    hypotheses: tuple[Hypothesis, ...] = ()
    """Finer causes, each enough for this one."""


class Cite(Model):
    """Something measured: a claim's verdict, or a quantity of a bundle."""

    claim: str = Field(default="", examples=["FALSIFY-005"])
    """Claim whose verdict is cited."""

    verdict: Literal["FALSIFIED", "SUSPECT", "PARTIAL", "DISCHARGED", "UNTESTED"] | None = None
    """Its verdict."""

    bundle: str = ""
    """Bundle of the quantity, where it is not the symptom's."""

    run: Made | None = None
    """How the run of the quantity was made, where it is not the symptom's."""

    quantity: str = ""
    """Quantity by name, or series with its reducer."""

    reads: float | None = None
    """What it reads, to the digits that are written."""

    unit: str = ""
    """Unit of the reading."""


class Why(Model):
    """A question, and an answer that cites what was measured."""

    why: Text
    """The question."""

    because: Text
    """The answer; the next question is asked of it."""

    cites: tuple[Cite, ...] = ()
    """What it rests on; an answer that cites nothing is an opinion."""


class Investigation(Model):
    """From a symptom to its cause."""

    investigation: Literal["1"]
    """Version of this format."""

    id: Id
    """Name of the investigation."""

    title: Text
    """One sentence for a reader who knows nothing of it."""

    symptom: Symptom
    """What reads wrong."""

    hypotheses: tuple[Hypothesis, ...] = ()
    """Causes that were thought of. One that nobody listed is always open beside them."""

    whys: tuple[Why, ...] = ()
    """Questions and answers, each about the one before."""

    not_covered: tuple[Text, ...] = ()
    """What this does not look at."""
