"""Claims about a recipe: an interval over runs from several seeds."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pv.contract import Claim, Loaded, meaning_digest
from pv.evidence import Bundle, Opened
from pv.verdict import BundleVerdict, ClaimVerdict, Level, Measurement, Sources, Verdict, judge_contract
from pv.verdict.seeds import over_seeds

ID = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"


def run(
    value: float, seed: int | None, *, op: str = "<", bound: float = 3.0, profile: str = "cpu", **change: Any
) -> BundleVerdict:
    """A survivor by itself that read a value."""
    measurement = Measurement(
        quantity="eval/loss last val-b",
        value=value,
        unit="nats/token",
        lower=value - 0.01,
        upper=value + 0.01,
        op=op,
        bound=str(bound),
        bound_value=bound,
    )
    fields: dict[str, Any] = {
        "claim_id": ID,
        "bundle": Path(f"evidence/x/{seed}"),
        "digest": f"{seed}-{value}",
        "profile": profile,
        "mutant": None,
        "verdict": Verdict.DISCHARGED,
        "level": Level.INTEGRATION,
        "fresh": True,
        "measurement": measurement,
        "contrasts": (),
        "numerically_passed": True,
        "controls": (),
        "findings": (),
        "reasons": (),
        "counterexample": None,
        "seed": seed,
    }
    return BundleVerdict(**(fields | change))


def judged(*runs: BundleVerdict, wanted: int = 3) -> tuple[Verdict, list[str]]:
    verdict, _, reasons = over_seeds(wanted, 0.95, runs)
    return verdict, [reason.code for reason in reasons]


def test_one_lucky_seed_that_speaks_for_a_recipe() -> None:
    assert judged(run(2.0, 0)) == (Verdict.PARTIAL, ["too-few-seeds"])
    assert judged(run(2.0, 0), run(2.01, 0), run(1.99, 0)) == (Verdict.PARTIAL, ["too-few-seeds"])
    assert judged(run(2.0, 0), run(2.01, 1), run(1.99, 2)) == (Verdict.DISCHARGED, [])
    assert judged(run(2.0, None), run(2.01, None), run(1.99, None)) == (Verdict.PARTIAL, ["too-few-seeds"])
    assert judged(run(2.0, 0), run(2.01, 1), run(1.99, 2, profile="h200")) == (Verdict.PARTIAL, ["too-few-seeds"])


@pytest.mark.parametrize(("op", "sign"), [("<", 1), ("<=", 1), (">", -1), (">=", -1)])
def test_seeds_that_scatter_over_the_bound(op: str, sign: int) -> None:
    """The mean is on the right side, and the interval is not; how many more seeds would do is said."""
    values = [3.0 - sign * 0.2, 3.0 + sign * 0.1, 3.0 - sign * 0.05]
    _, _, reasons = over_seeds(3, 0.95, [run(value, seed, op=op) for seed, value in enumerate(values)])
    assert [reason.code for reason in reasons] == ["seeds-straddle"]
    deviation = stats.tstd([value - 3.0 for value in values])
    needed = next(n for n in range(2, 999) if stats.t.ppf(0.95, n - 1) * deviation / math.sqrt(n) < 0.05)
    assert f"{needed - 3} more seeds would do as often as not" in reasons[0].message
    _, _, hopeless = over_seeds(3, 0.95, [run(6.0 - value, seed, op=op) for seed, value in enumerate(values)])
    assert hopeless[0].message.endswith("more would not help")


def test_a_mean_beyond_the_bound() -> None:
    """Each run survived its own interval over documents, and together they refute the claim."""
    verdict, runs, reasons = over_seeds(3, 0.95, [run(3.001, 0), run(3.0011, 1), run(3.0012, 2)])
    assert (verdict, len(runs), [reason.code for reason in reasons]) == (Verdict.FALSIFIED, 3, ["bound-violated"])
    assert "mean over 3 seeds = 0.0011" in reasons[0].message


def test_the_better_of_two_runs_of_one_seed() -> None:
    _, runs, _ = over_seeds(2, 0.95, [run(2.0, 0), run(2.5, 0), run(2.1, 1)])
    assert [one.measurement.value for one in runs if one.measurement] == [2.5, 2.1]
    _, runs, _ = over_seeds(2, 0.95, [run(4.0, 0, op=">"), run(3.5, 0, op=">"), run(4.1, 1, op=">")])
    assert [one.measurement.value for one in runs if one.measurement] == [3.5, 4.1]
    _, runs, _ = over_seeds(2, 0.95, [run(3.0, 0, op="=="), run(2.5, 0, op="=="), run(3.0, 1, op="==")])
    assert [one.measurement.value for one in runs if one.measurement] == [2.5, 3.0]


def test_a_shortfall_of_one_run_that_the_others_hide() -> None:
    """What keeps one run at PARTIAL keeps the claim there, however many others are without a reason."""
    from pv.verdict import Reason

    weak = run(2.0, 2, verdict=Verdict.PARTIAL, reasons=(Reason(code="stale-evidence", message="x"),))
    assert judged(run(2.0, 0), run(2.01, 1), weak) == (Verdict.PARTIAL, ["stale-evidence"])
    unmeasured = run(2.0, 3, measurement=None)
    assert judged(run(2.0, 0), run(2.01, 1), unmeasured) == (Verdict.PARTIAL, ["too-few-seeds"])


def test_the_profile_that_is_most_real() -> None:
    live = [run(2.0 + seed / 100, seed, profile="h200", level=Level.LIVE) for seed in range(3)]
    _, runs, _ = over_seeds(3, 0.95, [*(run(2.0 + seed / 100, seed) for seed in range(9)), *live])
    assert [one.profile for one in runs] == ["h200"] * 3


@given(st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=8))
@settings(max_examples=60)
def test_a_verdict_off_the_t_test(margins: list[float]) -> None:
    """The verdict is that of SciPy's one-sided t interval over seeds."""
    verdict, _ = judged(*(run(3.0 + margin, seed) for seed, margin in enumerate(margins)))
    mean, error = sum(margins) / len(margins), stats.sem(margins)
    reach = stats.t.ppf(0.95, len(margins) - 1) * error
    if min(abs(mean - reach), abs(mean + reach)) > 1e-9:
        right = Verdict.DISCHARGED if mean + reach < 0 else Verdict.FALSIFIED if mean - reach > 0 else Verdict.PARTIAL
        assert verdict is right


@pytest.fixture
def over(sample_contract: Loaded, fresh: Sources, honest_bundle: Bundle) -> Callable[..., ClaimVerdict]:
    """The verdict of the sample claim, asking for seeds, over runs that differ in theirs and in their loss."""

    def verdict(wanted: int | None, *losses: float) -> ClaimVerdict:
        contract = sample_contract.contract
        assert contract is not None
        claims = tuple(
            claim.model_copy(update={"seeds": wanted}) if claim.id == ID else claim for claim in contract.claims
        )
        loaded = replace(sample_contract, contract=contract.model_copy(update={"falsification_tests": claims}))
        openeds = []
        for seed, factor in enumerate(losses):
            rows = tuple(
                {**row, "sum_nats": row["sum_nats"] * factor} if row["reading"] == "final" else row
                for row in honest_bundle.evals
            )
            name, bundle = f"seed-{seed}", replace(honest_bundle, evals=rows, run={**honest_bundle.run, "seed": seed})
            openeds.append(Opened(path=Path(name), bundle=replace(bundle, path=Path(name), digest=name), faults=()))
        found = judge_contract(loaded, openeds, fresh).claims
        return next(one for one in found if one.claim.id == ID)

    return verdict


def test_seeds_from_bundles_to_the_verdict(over: Callable[..., ClaimVerdict]) -> None:
    """Runs from several seeds are a sample, and no further tries: the confidence is not shared out among them."""
    few = over(3, 1.0, 1.00005)
    assert (few.verdict, [reason.code for reason in few.reasons]) == (Verdict.PARTIAL, ["too-few-seeds"])
    enough = over(3, 1.0, 1.00005, 0.99995)
    assert (enough.verdict, enough.reasons, enough.level) == (Verdict.DISCHARGED, (), Level.INTEGRATION)
    samples = [one.measurement.precision for one in enough.bundles if one.measurement and one.measurement.precision]
    assert [sample.looks for sample in samples] == [1, 1, 1]
    assert over(None, 1.0).verdict is Verdict.DISCHARGED


def test_evidence_that_went_stale_for_a_key_nobody_used(sample_contract: Loaded) -> None:
    """A claim without seeds means what it meant before there were any; one that asks for them means something else."""
    contract = sample_contract.contract
    assert contract is not None
    claim: Claim | None = contract.claim(ID)
    assert claim is not None
    digests = {meaning_digest(claim.model_copy(update={"seeds": seeds}), contract) for seeds in (None, 2, 3)}
    assert len(digests) == 3
