"""Verdicts, and what they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pv.contract import Claim, Contract, Problem
from pv.evidence import Redispatch
from pv.methodology import ControlReading, Finding, NotJudged


class Verdict(StrEnum):
    """What may be concluded about a claim, worst first."""

    FALSIFIED = "FALSIFIED"
    SUSPECT = "SUSPECT"
    PARTIAL = "PARTIAL"
    DISCHARGED = "DISCHARGED"
    UNTESTED = "UNTESTED"


class Level(StrEnum):
    """How real the evidence is, weakest first."""

    ALGORITHM = "algorithm"
    INTEGRATION = "integration"
    LIVE = "live"

    @property
    def rank(self) -> int:
        """Position in the order `algorithm` < `integration` < `live`."""
        return tuple(Level).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a verdict is not higher, or why it is what it is."""

    code: str
    """Stable kebab-case code, e.g. `level-below-required`, `control-misread`, `mutant-without-receipt`."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What the interval of a measurement rests on."""

    documents: int
    tokens: int
    confidence: float
    """One-sided, after it was shared out over the looks."""

    looks: int
    """How often the claim was put to a sample."""

    design_effect: float | None
    """By how much dependence inside documents inflates the variance of a mean over the scored tokens.

    That of the unigram table on the same documents: of the model no single token's loss is recorded.
    """

    needed: int | None
    """Documents like these, in all, for a clear interval; None where it is clear, or where no number would do."""

    @property
    def effective_tokens(self) -> float | None:
        """Independent tokens that the scored ones are worth."""
        return self.tokens / self.design_effect if self.design_effect else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The claim's quantity as recomputed, beside its bound."""

    quantity: str
    """Series, reducer and split in one phrase, e.g. `eval/loss last val-b`."""

    value: float
    unit: str
    lower: float
    """One-sided lower bound at the claim's confidence; equals `value` where there is no sample."""

    upper: float
    op: str
    bound: str
    """The bound as the contract writes it."""

    bound_value: float
    precision: Precision | None = None
    """None where there is no sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The paired difference between the claim's quantity and a baseline on the same documents."""

    baseline: str
    baseline_value: float
    difference: float
    """Quantity minus baseline; negative where the claim is better."""

    lower: float
    upper: float
    unit: str
    needed: int | None = None
    """As `Precision.needed`, for this difference."""

    @property
    def outcome(self) -> str:
        """`clear` wholly below zero, `wrong` wholly above, `straddles` otherwise."""
        if self.upper < 0:
            return "clear"
        return "wrong" if self.lower > 0 else "straddles"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleVerdict:
    """What one bundle says about one claim."""

    claim_id: str
    bundle: Path
    digest: str
    profile: str
    mutant: str | None
    verdict: Verdict
    level: Level | None
    fresh: bool
    measurement: Measurement | None
    contrasts: tuple[Contrast, ...]
    numerically_passed: bool | None
    controls: tuple[ControlReading, ...]
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    counterexample: Mapping[str, Any] | None
    not_judged: tuple[NotJudged, ...] = ()
    """Rules that the bundle lacks the facts for."""

    seed: int | None = None
    """Seed of the run; None where it is not recorded."""

    redispatch: Redispatch | None = None
    """The earlier run that it was made again of, and what changed since, as the bundle states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict:
    """The verdict of a claim over all its bundles."""

    claim: Claim
    verdict: Verdict
    level: Level | None
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    bundles: tuple[BundleVerdict, ...]
    rests_on: tuple[Path, ...] = ()
    """Folders of the bundles that decide it; empty where none does."""

    not_judged: tuple[NotJudged, ...] = ()
    """Rules that the evidence it rests on lacks the facts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVerdict:
    """The stamp of a contract: the worst over its claims, with its denominator."""

    path: Path
    contract: Contract | None
    """None where the file could not be read as a contract; the problems say why."""

    stamp: Verdict
    claims: tuple[ClaimVerdict, ...]
    problems: tuple[Problem, ...]
    reasons: tuple[Reason, ...] = ()
    """Why the stamp is below its claims' worst, e.g. a capped dependency."""
