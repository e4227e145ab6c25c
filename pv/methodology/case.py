"""What a rule looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pv.contract import Claim, Contract
from pv.evidence import Bundle, Fault, Opened, Quantity, Row, locked_claims
from pv.methodology.interval import shared_out
from pv.methodology.model import ControlReading

NOTHING: Final = Bundle(
    path=Path(),
    digest="",
    lock={},
    run={},
    data={},
    tensors={},
    summary={},
    metrics=(),
    epochs=(),
    reported=(),
    evals=(),
    controls=(),
    attacks={},
    log="",
    patch="",
)
"""Stands for the evidence of a claim that was never measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claim in one bundle, with everything recomputed; or a claim alone, with `NOTHING` for its evidence."""

    contract: Contract
    claim: Claim
    bundle: Bundle
    faults: tuple[Fault, ...] = ()
    """What spoke against the bundle when it was opened."""

    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    controls: tuple[ControlReading, ...] = ()
    """Readings of the claim's control set; empty where it names none."""

    measured: Quantity | None = None
    """The claim's quantity; None where the bundle does not hold it."""

    bound: float | None = None
    """Value of the claim's bound; None where it cannot be evaluated."""

    stale: tuple[str, ...] = ()
    """Why the bundle no longer speaks about the claim as it stands."""

    receipts: Mapping[str, str] = field(default_factory=dict)
    """Mutant to `killed`, `survived`, `crashed` or `missing`."""

    earlier: Mapping[str, float] = field(default_factory=dict)
    """Bundle to what it read of the claim's quantity, under another bound, before this one was locked."""

    reruns: Mapping[str, float] = field(default_factory=dict)
    """Bundle to what it read of the claim's quantity, for earlier honest runs of the very same set-up."""

    former: Opened | None = None
    """The bundle that this one says it was made again of; None where it is not among the evidence."""

    looks: int = 1
    """How often the claim was put to a sample: each further chance asks for more confidence."""

    laws: tuple[str, ...] = ()
    """Laws of the claim's falsifier as it is bound now."""

    @property
    def alone(self) -> bool:
        """Whether there is no evidence, so that only what the contract says can be looked at."""
        return self.bundle is NOTHING

    @property
    def series(self) -> str:
        """Name of what the claim measures; empty where it measures nothing."""
        return self.claim.measure.series if self.claim.measure else ""

    @property
    def of_a_run(self) -> bool:
        """Whether the claim measures a training run: not a law, and not the data alone."""
        return self.series.startswith(("eval/", "train/", "step0/", "run/", "device/", "checkpoint/"))

    @property
    def of_a_loss(self) -> bool:
        """Whether the claim measures a loss of a training run."""
        return self.series.startswith(("eval/", "train/", "step0/"))

    @property
    def attacks(self) -> tuple[Row, ...]:
        """What the claim's own falsifier left."""
        return self.bundle.attacks.get(self.claim.id, ())

    @property
    def locked(self) -> Row:
        """What was fixed about the claim before step 0; empty where the lock does not name it."""
        return locked_claims(self.bundle).get(self.claim.id, {})

    @property
    def mutant(self) -> str | None:
        """The fault that was planted; None for an honest run."""
        planted = self.bundle.run.get("mutant")
        return str(planted["name"]) if planted else None

    @property
    def confidence(self) -> float:
        """The claim's confidence, shared out over its looks."""
        return shared_out(self.claim.confidence, self.looks)

    @property
    def crashed(self) -> bool:
        """Whether the process that trained did not end by itself with status 0."""
        status = self.value("exit_status")
        return status is not None and status != 0

    def value(self, name: str) -> float | None:
        """Value of a quantity; None where it was not recorded."""
        quantity = self.quantities.get(name)
        return None if quantity is None else quantity.value
