"""What a contract says, as frozen models: the same for our own schema and for files of the older tool.

Files with the top-level key `pv: "1"` are validated against these models; older files fill in what can be
read, so where `Contract.legacy` holds, an empty text means "not said".
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import ConfigDict, Field

from pv.contract.canonical import canonical
from pv.contract.claim import Claim, Id, Model, Program, Text, Version

ObligationType = Literal[
    "invariant", "equivalence", "bound", "monotonicity", "idempotency", "linearity", "symmetry",
    "associativity", "conservation", "ordering", "completeness", "soundness", "involution", "determinism",
    "roundtrip", "state_machine", "classification", "independence", "termination", "precondition",
    "postcondition", "frame", "loop_invariant", "loop_variant", "old_state", "subcontract",
]  # fmt: skip
_MEANING = frozenset(
    {
        "measure",
        "op",
        "bound",
        "below",
        "plausible",
        "confidence",
        "controls",
        "requires",
        "counter_example_classes",
    }
)


class Change(Model):
    """One entry of the record of changes."""

    version: Version
    """Version that the change made."""

    date: Text
    """Day of the change, `YYYY-MM-DD`."""

    change: Text
    """What changed, and why."""


class Metadata(Model):
    """What the contract is."""

    id: Id = Field(examples=["C-APR-PRETRAIN-INIT-FINETUNE"])
    """Name of the contract, unique among all contracts."""

    version: Version
    """Semantic version, in quotes: `1.10` without them is the number 1.1."""

    kind: Text = Field(default="contract", examples=["training-run", "kernel"])
    """What sort of thing is claimed about."""

    description: Text
    """One paragraph for a reader who knows nothing of it."""

    references: tuple[Text, ...] = ()
    """Papers, issues and pages it rests on."""

    depends_on: tuple[Text, ...] = ()
    """Contracts, by id or by file name without suffix, whose failure caps this one's stamp."""

    author: str = ""
    """Who answers for it."""

    created: str = ""
    """Day of the first version, `YYYY-MM-DD`."""

    changelog: tuple[Change, ...] = ()
    """Record of changes, newest first."""

    status: str = ""
    """A status somebody typed; it decides nothing, and one that claims more than the evidence is an error."""


class Full(Model):
    """What `live` means for this contract: its full shape and length."""

    profile: Text
    """Profile that runs the full shape; one of `profiles`."""

    steps: int = Field(ge=1)
    """Optimiser steps of a full run."""


class System(Model):
    """The system under test: a trainer whose runs are judged, a program whose processes are, or both."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["trainer", "profiles"]}, {"required": ["program"]}]}
    )

    trainer: Text | None = Field(default=None, examples=["aprtrain"])
    """Name of the trainer plugin."""

    profiles: dict[Text, Text] = Field(default_factory=dict, examples=[{"cpu": "finetune-tiny"}])
    """Profile to the trainer's recipe that it runs."""

    program: Program | tuple[Program, ...] | None = Field(default=None, examples=["pv", ["mytool", "pv"]])
    """Modules that `python -m` runs: real processes of them, and of modules in them, are evidence of integration."""

    full: Full | None = None
    """The run that counts as live; without it no evidence reaches that level."""

    @property
    def programs(self) -> tuple[str, ...]:
        """Every program under test."""
        return (self.program,) if isinstance(self.program, str) else self.program or ()


class Equation(Model):
    """A definition the claims refer to; prose, never evaluated."""

    formula: Text
    """The equation."""

    domain: str = ""
    """What it is defined over."""

    codomain: str = ""
    """What it yields."""

    invariants: tuple[Text, ...] = ()
    """What always holds of it."""


class Obligation(Model):
    """Something that must hold, and the claims that test it."""

    id: Id
    """Name of the obligation, unique in the contract."""

    type: ObligationType
    """What sort of property it is."""

    property: Text
    """The property, in words."""

    formal: str = ""
    """The property, in symbols."""

    applies_to: str = ""
    """What it is about, e.g. the name of an equation."""

    tolerance: float | None = Field(default=None, ge=0)
    """Largest accepted deviation."""

    tested_by: tuple[Text, ...] = Field(min_length=1)
    """Ids of the claims of this contract that test it."""


class Gate(Model):
    """A named group of claims."""

    id: Id = Field(examples=["GATE-SHIP-001"])
    """Name of the gate, unique in the contract."""

    rule: str = ""
    """What the gate stands for."""

    claims: tuple[Text, ...] = Field(min_length=1)
    """Claims it rests on."""

    verdict: str = ""
    """A verdict somebody typed; it decides nothing."""

    discharge_status: str = ""
    """A status somebody typed; it decides nothing."""


class Contract(Model):
    """A versioned set of equations, obligations and claims."""

    pv: Literal["1"] | None = None
    """Generation of this schema; the key that asks for strict checks."""

    metadata: Metadata
    """What the contract is."""

    system: System | None = None
    """The system under test; needed where a claim is to be measured on a run."""

    equations: dict[Text, Equation] = Field(default_factory=dict)
    """Definitions, by name."""

    proof_obligations: tuple[Obligation, ...] = ()
    """What must hold."""

    falsification_tests: tuple[Claim, ...] = ()
    """The claims."""

    gates: tuple[Gate, ...] = ()
    """Named groups of claims."""

    status: str = ""
    """A status somebody typed; it decides nothing."""

    @property
    def legacy(self) -> bool:
        """Whether the file is of the older tool, read leniently."""
        return self.pv is None

    @property
    def id(self) -> str:
        """Name of the contract."""
        return self.metadata.id

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims, in the order of the file."""
        return self.falsification_tests

    def claim(self, claim_id: str) -> Claim | None:
        """The claim with exactly this id."""
        return next((claim for claim in self.claims if claim.id == claim_id), None)


def digest(value: Any) -> str:
    """SHA-256, hex, over the canonical JSON of a value.

    Source: RFC 8785.
    """
    return hashlib.sha256(canonical(value)).hexdigest()


def meaning_digest(claim: Claim, contract: Contract) -> str:
    """SHA-256, hex, over what decides the claim: not its prose, names, status or whereabouts.

    Nor which program is under test: evidence is compared with today's whenever its level is derived.
    """
    meaning = claim.model_dump(mode="json", include=set(_MEANING))
    if claim.seeds is not None:
        meaning["seeds"] = claim.seeds
    system = contract.system.model_dump(mode="json", exclude={"program"}) if contract.system else None
    return digest({"claim": meaning, "system": system})
