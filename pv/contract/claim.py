"""What a claim says, as frozen models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pv.contract.bounds import UNITS

Level = Literal["algorithm", "integration", "live"]
Operator = Literal["<", "<=", ">", ">=", "=="]
Reducer = Literal["first", "last", "min", "max", "mean", "median", "sum", "at"]

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=120)]
Program = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", max_length=120)]
Version = Annotated[
    str, Field(pattern=r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}([-+][0-9A-Za-z.+-]+)?$", examples=["1.0.0"])
]
Unit = Annotated[str, Field(json_schema_extra={"enum": sorted(UNITS)})]


class Model(BaseModel):
    """Base of every part: immutable, closed, without conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Measure(Model):
    """The quantity a claim is about."""

    series: Text = Field(examples=["eval/loss", "train/loss"])
    """Name of what is recorded."""

    reduce: Reducer
    """How the series becomes one number; `at` takes the entry that `index` names."""

    unit: Unit
    """Unit of the quantity, of the bound and of the plausible band."""

    split: str = ""
    """Split of the data it is measured on, where it has one."""

    index: int | None = Field(default=None, ge=0)
    """0-based entry of the series, with `reduce: at` only."""


class Plausible(Model):
    """Where a believable reading lies; one outside raises suspicion and decides nothing."""

    low: float
    """Lowest believable reading, inclusive."""

    high: float
    """Highest believable reading, inclusive."""

    unit: Unit
    """Unit of both ends, the same as the measure's."""

    source: Text
    """Where the band comes from."""


class Claim(Model):
    """One entry of `falsification_tests`: a prediction, and what would refute it."""

    id: Id = Field(examples=["FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"])
    """Name of the claim, unique among all contracts."""

    aliases: tuple[Id, ...] = ()
    """Shorter names, unique among all contracts."""

    rule: Text
    """What is claimed."""

    prediction: Text
    """What will be observed if it is true."""

    if_fails: Text
    """What to do when it is refuted."""

    ship_blocking: bool = False
    """Whether a release waits for it."""

    requires: Level | None = None
    """How real the evidence must be: functions, a real small run, or the full run on its hardware."""

    measure: Measure | None = None
    """The quantity that decides."""

    op: Operator | None = None
    """How the quantity must compare with the bound."""

    bound: float | str | None = Field(default=None, examples=[9.38, "0.7 * ln(vocab_size)"])
    """A number in the measure's unit, or an expression over recorded quantities."""

    below: tuple[Text, ...] = Field(default=(), examples=[["unigram_entropy", "untouched_init_loss"]])
    """Baselines that the quantity must be below on the same documents."""

    plausible: Plausible | None = None
    """Where a believable reading lies."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    """One-sided confidence of every interval."""

    seeds: int | None = Field(default=None, ge=2, le=1000, examples=[3])
    """Fewest seeds it must hold for, on average: it is then about the recipe, and not about the weights of one run."""

    controls: str = Field(default="", examples=["lm-loss"])
    """Name of the set of controls that must read right; empty for none."""

    counter_example_classes: tuple[Text, ...] = ()
    """Planted faults that the falsifier must have killed."""

    tracked_by: str = ""
    """Where the open question of a SUSPECT or PARTIAL is worked on."""

    planned: bool = False
    """Not measured yet: needs no measure, and is UNTESTED."""

    discharged_by: str = ""
    """Claim of another contract, `contract/REF`, that this one rests on."""

    status: str = ""
    """A status somebody typed; it decides nothing, and one that claims more than the evidence is an error."""
