"""Hand-made verdicts: an honest run, the run on a corpus of unknown tokens, and a stranger's."""

from dataclasses import replace
from pathlib import Path

import pytest

from pv.contract import Claim, Contract, Metadata, Problem
from pv.evidence import Bundle, Fault, Opened
from pv.methodology import ControlReading, Effect, Finding
from pv.verdict import (
    BundleVerdict,
    ClaimVerdict,
    ContractVerdict,
    Contrast,
    Level,
    Measurement,
    Reason,
    Verdict,
)
from pv.view.dossier import Dossier

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
HOSTILE = "<script>alert('x')</script>\x1b[31m|`*_[x](javascript:alert(1))"


def _control(name: str, item: int, reading: float | None, low: float | None, high: float | None) -> ControlReading:
    unit = "nats/token" if item != 1 else "ratio"
    detail = "no scored sequence" if reading is None else ""
    return ControlReading(
        name=name,
        control_set="lm-loss",
        item=item,
        low=low,
        high=high,
        reading=reading,
        unit=unit,
        detail=detail,
    )


@pytest.fixture
def honest() -> BundleVerdict:
    """A run that survived, at integration level."""
    return BundleVerdict(
        claim_id=f"{PREFIX}005",
        bundle=Path("evidence/apr-pretrain-init-finetune-v1/2026-11-20-micro-0123456789ab"),
        digest="0123456789ab" + "0" * 52,
        profile="micro",
        mutant=None,
        verdict=Verdict.PARTIAL,
        level=Level.INTEGRATION,
        fresh=True,
        measurement=Measurement(
            quantity="eval/loss last val-b",
            value=4.5321987,
            unit="nats/token",
            lower=4.41,
            upper=4.66,
            op="<",
            bound="9.38",
            bound_value=9.38,
        ),
        contrasts=(
            Contrast(
                baseline="unigram_entropy",
                baseline_value=5.61,
                difference=-1.078,
                lower=-1.2,
                upper=-0.95,
                unit="nats/token",
            ),
        ),
        numerically_passed=True,
        controls=(
            _control("top-share", 1, 0.08, None, 0.5),
            _control("constant-logits", 2, 6.23833, 6.23832, 6.23834),
        ),
        findings=(Finding(rule="vacuous-bound", effect=Effect.NOTES, message="a table of frequencies meets 9.38"),),
        reasons=(Reason(code="level-below-required", message="integration, and live is required"),),
        counterexample=None,
    )


@pytest.fixture
def suspect(honest: BundleVerdict) -> BundleVerdict:
    """The story's run: it passes by its number, and nothing in it can be believed."""
    assert honest.measurement
    return replace(
        honest,
        bundle=Path(".pv/runs/apr-pretrain-init-finetune-v1/2026-11-20-micro-ba9876543210"),
        digest="ba9876543210" + "0" * 52,
        mutant="unk-corpus",
        verdict=Verdict.SUSPECT,
        measurement=replace(honest.measurement, value=0.0008, lower=0.0007, upper=0.0009),
        contrasts=(
            replace(honest.contrasts[0], baseline_value=0.00065, difference=0.00015, lower=0.0001, upper=0.0002),
        ),
        controls=(
            _control("top-share", 1, 0.9999, None, 0.5),
            _control("constant-logits", 2, 6.23833, 6.23832, 6.23834),
            _control("causality", 5, None, None, 1e-5),
        ),
        findings=(
            Finding(
                rule="degenerate-targets",
                effect=Effect.INVALIDATES,
                message="one id is 99.99 % of the scored targets",
                place="raw/data.json",
            ),
        ),
        reasons=(Reason(code="control-misread", message="top-share read 0.9999, expected <= 0.5"),),
    )


@pytest.fixture
def hostile(honest: BundleVerdict) -> BundleVerdict:
    """A stranger's bundle: every string in it tries to be more than a string."""
    assert honest.measurement
    return replace(
        honest,
        claim_id=HOSTILE,
        bundle=Path(f"evidence/{HOSTILE.replace('/', '')}"),
        digest=HOSTILE,
        profile=HOSTILE,
        mutant=HOSTILE,
        measurement=replace(honest.measurement, quantity=HOSTILE, op=HOSTILE, bound=HOSTILE),
        contrasts=(replace(honest.contrasts[0], baseline=HOSTILE),),
        controls=(
            ControlReading(
                name=HOSTILE,
                control_set=HOSTILE,
                item=1,
                low=0,
                high=1,
                reading=2,
                unit=HOSTILE,
                detail=HOSTILE,
            ),
        ),
        findings=(Finding(rule=HOSTILE, effect=Effect.INVALIDATES, message=HOSTILE, place=HOSTILE),),
        reasons=(Reason(code=HOSTILE, message=HOSTILE),),
        counterexample={HOSTILE: HOSTILE},
    )


def _claim(number: str, **changed: object) -> Claim:
    return Claim.model_validate(
        {
            "id": f"{PREFIX}{number}",
            "aliases": (f"FALSIFY-{number}",),
            "rule": "Fine-tuning beats the ceiling on held-out code.",
            "prediction": "The upper bound of the loss is below every baseline.",
            "if_fails": "Run the controls in order.",
            "ship_blocking": True,
            "requires": "live",
            **changed,
        }
    )


@pytest.fixture
def contract_verdicts(honest: BundleVerdict, suspect: BundleVerdict) -> tuple[ContractVerdict, ...]:
    """A contract with a claim that survived, one refuted and one untested, and a file that cannot be read."""
    bound = {
        "measure": {"series": "eval/loss", "reduce": "last", "unit": "nats/token", "split": "val-b"},
        "op": "<",
        "bound": 9.38,
        "below": ("unigram_entropy",),
        "plausible": {"low": 0.3, "high": 6.0, "unit": "nats/token", "source": "published models"},
        "controls": "lm-loss",
        "counter_example_classes": ("unk-corpus",),
    }
    claims = (_claim("005", **bound), _claim("001"), _claim("002", aliases=()))
    contract = Contract(
        pv="1",
        metadata=Metadata(id="C-APR-PRETRAIN-INIT-FINETUNE", version="1.0.0", description="A fine-tune."),
        falsification_tests=claims,
    )
    survived = ClaimVerdict(
        claim=claims[0],
        verdict=Verdict.PARTIAL,
        level=Level.INTEGRATION,
        reasons=(*honest.reasons, Reason(code="mutant-without-receipt", message="unk-corpus was not killed")),
        findings=honest.findings,
        bundles=(honest, suspect),
    )
    refuted = ClaimVerdict(
        claim=claims[1],
        verdict=Verdict.FALSIFIED,
        level=Level.INTEGRATION,
        reasons=(Reason(code="bound-violated", message="exit status 139, expected 0"),),
        findings=(),
        bundles=(),
    )
    untested = ClaimVerdict(
        claim=claims[2],
        verdict=Verdict.UNTESTED,
        level=None,
        reasons=(Reason(code="no-evidence", message="no bundle speaks about it"),),
        findings=(),
        bundles=(),
    )
    warning = Problem(
        code="unknown-key",
        severity="warning",
        path="contracts/a.yaml",
        line=7,
        column=3,
        message="`rul`",
        hint="did you mean `rule`?",
    )
    error = Problem(code="yaml-syntax", severity="error", path="contracts/b.yaml", line=2, column=1, message="a tab")
    return (
        ContractVerdict(
            path=Path("contracts/b.yaml"), contract=None, stamp=Verdict.UNTESTED, claims=(), problems=(error,)
        ),
        ContractVerdict(
            path=Path("contracts/a.yaml"),
            contract=contract,
            stamp=Verdict.FALSIFIED,
            claims=(survived, refuted, untested),
            problems=(warning,),
            reasons=(Reason(code="dependency-caps", message="apr-arch-v1 is SUSPECT"),),
        ),
    )


def _bundle(path: Path, text: str = "micro") -> Bundle:
    steps = [{"step": step, "loss": 6.2 - 0.03 * step, "wall_ms": 12.0} for step in range(60)]
    return Bundle(
        path=path,
        digest="0123456789ab" + "0" * 52,
        lock={"contract": {"id": text, "version": text}},
        run={
            "profile": text,
            "mutant": {"name": text},
            "dataset": {"name": text},
            "seed": 7,
            "device": {"kind": text},
        },
        data={
            "tokenizer": {"vocab_size": 512},
            "scored": {"documents": 24, "tokens": 6000, "histogram": {"1": 30, "2": 10, text: 5}},
        },
        tensors={},
        summary={},
        metrics=tuple(steps),
        epochs=(),
        reported=(),
        evals=(),
        controls=(),
        attacks={},
        log=text,
        patch=text,
    )


@pytest.fixture
def dossiers(honest: BundleVerdict, suspect: BundleVerdict, tmp_path: Path) -> tuple[Dossier, ...]:
    """The two runs, and a folder that holds no bundle."""
    names = {f"{PREFIX}005": "FALSIFY-005"}
    return (
        Dossier(
            opened=Opened(path=tmp_path / "a", bundle=_bundle(tmp_path / "a"), faults=()),
            verdicts=(honest,),
            names=names,
        ),
        Dossier(
            opened=Opened(path=tmp_path / "b", bundle=_bundle(tmp_path / "b"), faults=()),
            verdicts=(suspect,),
            names=names,
        ),
        Dossier(
            opened=Opened(
                path=tmp_path / "c",
                bundle=None,
                faults=(Fault(rule="unreadable-evidence", file="manifest.json", message="no JSON"),),
            ),
            verdicts=(),
        ),
    )


@pytest.fixture
def hostile_dossier(hostile: BundleVerdict, tmp_path: Path) -> Dossier:
    """The stranger's bundle."""
    return Dossier(
        opened=Opened(
            path=tmp_path / HOSTILE.replace("/", ""),
            bundle=_bundle(tmp_path / "d", HOSTILE),
            faults=(Fault(rule=HOSTILE, file=HOSTILE, message=HOSTILE),),
        ),
        verdicts=(hostile,),
        names={HOSTILE: HOSTILE},
    )
