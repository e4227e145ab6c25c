"""What a ship ledger says, as frozen models: what is to be shown, and what is to be done for it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pv.contract.claim import Id, Model, Text

Claims = Annotated[tuple[Text, ...], Field(min_length=1, examples=[["FALSIFY-005"]])]


class Criterion(Model):
    """One thing that must be shown before a model ships."""

    id: Id = Field(examples=["AC-1"])
    """Name of the criterion, unique in its model."""

    says: Text
    """What will have been shown."""

    weight: int = Field(ge=1, le=100)
    """Percent of the model that it stands for; the weights of a model sum to 100."""

    claims: Claims
    """Claims that show it, by id, alias or CONTRACT/REF; it is met where all of them are DISCHARGED."""


class Step(Model):
    """A piece of work."""

    id: Id = Field(examples=["STEP-1"])
    """Name of the step, unique in its model."""

    says: Text
    """What is done."""

    estimate_days: float = Field(gt=0, le=1000)
    """Working days that it is thought to take, in all."""

    claims: Claims
    """Claims that show that it is done; its state is derived from them."""


class ShippedModel(Model):
    """A model that is to ship, with what decides that it may."""

    id: Id = Field(examples=["MODEL-1"])
    """Name of the model, unique in the ledger."""

    says: Text
    """What the model is."""

    claimed: float | None = Field(default=None, ge=0, le=100)
    """A percentage that somebody typed; it decides nothing, and one above the derived percentage is an error."""

    criteria: tuple[Criterion, ...] = Field(min_length=1)
    """What must be shown."""

    steps: tuple[Step, ...] = ()
    """What is to be done; a step moves no percentage."""

    @property
    def parts(self) -> dict[str, tuple[Criterion | Step, ...]]:
        """Criteria and steps, by the key that they stand under."""
        return {"criteria": self.criteria, "steps": self.steps}


class Ledger(Model):
    """How far models are from shipping, by what was shown."""

    ship: Literal["1"]
    """Generation of this schema."""

    models: tuple[ShippedModel, ...] = Field(min_length=1)
    """The models."""
