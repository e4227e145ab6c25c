"""An investigation that is started from a verdict."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pv.binding import PlantedFault
from pv.errors import UsageError
from pv.evidence import open_bundle
from pv.investigation import draft
from pv.investigation.draft import STAGES
from pv.methodology import control_set
from pv.verdict import BundleVerdict, ClaimVerdict, Exhibit, Verdict, examine, judge_bundle
from tests.pv.conftest import attacks

FAULTS = {
    name: PlantedFault(name=name, module="m", path=Path("m.py"), summary=f"what {name} does", edits=("m",))
    for name in ("unk-corpus", "eval-cached")
}
UNKNOWN = {"data": lambda d: {**d, "scored": {**d["scored"], "histogram": {"0": 32830, "1": 2}}}}
LOSSY = {"data": lambda d: {**d, "round_trip": {"documents": 40, "equal": 39}}}


@pytest.fixture
def exhibits() -> dict[Path, Exhibit]:
    """Folder of each bundle that was judged to its content."""
    return {}


@pytest.fixture
def verdict_of(sample_contract: Any, sealed: Any, exhibits: dict[Path, Exhibit]) -> Any:
    contract = sample_contract.contract

    def judge(**spoilt: Any) -> BundleVerdict:
        exhibit = examine(open_bundle(sealed(**spoilt)), contract)
        exhibits[exhibit.opened.path] = exhibit
        return judge_bundle(contract.claims[4], contract, exhibit)

    return judge


def claim_of(sample_contract: Any, *bundles: BundleVerdict, names: tuple[str, ...] = ()) -> ClaimVerdict:
    return ClaimVerdict(
        claim=sample_contract.contract.claims[4].model_copy(update={"counter_example_classes": names}),
        verdict=Verdict.SUSPECT,
        level=None,
        reasons=(),
        findings=(),
        bundles=bundles,
    )


def test_the_first_control_that_reads_wrong_is_the_symptom(
    sample_contract: Any, verdict_of: Any, exhibits: Any
) -> None:
    suspect, alike, other = (
        verdict_of(**UNKNOWN),
        verdict_of(mutant="unk-corpus", **UNKNOWN),
        verdict_of(mutant="eval-cached", **LOSSY),
    )
    made = draft(claim_of(sample_contract, suspect, alike, other), suspect, exhibits[suspect.bundle], FAULTS)
    found = yaml.safe_load(made.text)
    assert found["symptom"]["quantity"] == "scored_top_share"
    assert made.id == f"falsify-005-{suspect.bundle.name[-12:]}"
    (first, *_) = found["hypotheses"]
    assert first["says"] == "The fault lies in the data that is trained on or scored."
    (child,) = first["hypotheses"]
    assert (child["inject"], child["says"]) == ("unk-corpus", "What unk-corpus does.")
    assert {"control": "scored-unk-share", "reads": "wrong"} in child["predicts"]
    assert "eval-cached" not in made.text


def test_a_fault_of_another_profile_predicts_what_both_show_or_it_shows_plainly(
    sample_contract: Any, verdict_of: Any, exhibits: Any
) -> None:
    """A control that is near its band may read otherwise where the run is of another size."""
    suspect = verdict_of(**UNKNOWN)
    elsewhere = verdict_of(mutant="unk-corpus", profile="micro", data=lambda d: LOSSY["data"](UNKNOWN["data"](d)))
    (child,) = yaml.safe_load(
        draft(claim_of(sample_contract, suspect, elsewhere), suspect, exhibits[suspect.bundle], FAULTS).text
    )["hypotheses"][0]["hypotheses"]
    assert {"control": "round-trip", "reads": "wrong"} not in child["predicts"]
    plainly = verdict_of(
        mutant="unk-corpus",
        profile="micro",
        data=lambda d: {**UNKNOWN["data"](d), "round_trip": {"documents": 40, "equal": 0}},
    )
    (child,) = yaml.safe_load(
        draft(claim_of(sample_contract, suspect, plainly), suspect, exhibits[suspect.bundle], FAULTS).text
    )["hypotheses"][0]["hypotheses"]
    assert {"control": "round-trip", "reads": "wrong"} in child["predicts"]


def test_what_was_planted_in_the_bundle_is_not_looked_at(sample_contract: Any, verdict_of: Any, exhibits: Any) -> None:
    suspect = verdict_of(mutant="unk-corpus", **UNKNOWN)
    told = draft(claim_of(sample_contract, suspect), suspect, exhibits[suspect.bundle], FAULTS).text
    assert (
        told
        == draft(
            claim_of(sample_contract, suspect), replace(suspect, mutant=None), exhibits[suspect.bundle], FAULTS
        ).text
    )
    assert "unk-corpus" not in told


def test_a_fault_that_the_claim_names_is_offered_though_nothing_is_recorded_of_it(
    sample_contract: Any, verdict_of: Any, exhibits: Any
) -> None:
    """It is offered whether or not it is what was planted in the bundle."""
    suspect, spared = verdict_of(mutant="unk-corpus", **UNKNOWN), verdict_of(mutant="eval-cached")
    names = ("unk-corpus", "eval-cached", "no-fault-of-ours")
    told = [
        draft(claim_of(sample_contract, one, spared, names=names), one, exhibits[suspect.bundle], FAULTS).text
        for one in (suspect, replace(suspect, mutant="eval-cached"), replace(suspect, mutant=None))
    ]
    assert told[0] == told[1] == told[2]
    *_, last = yaml.safe_load(told[0])["hypotheses"]
    assert last["says"] == "It is a fault that the claim names, and that is recorded nowhere else."
    (child,) = last["hypotheses"]
    assert (child["inject"], child["predicts"][0]["quantity"]) == ("unk-corpus", "scored_top_share")


def test_a_reading_that_is_barely_wrong_is_no_symptom_where_another_is_plainly_so(
    sample_contract: Any, verdict_of: Any, exhibits: Any
) -> None:
    """What lies within twice its tolerance is near the noise, and so would its return be."""

    def quantity(**worst: float) -> str:
        rows = {
            claim: [{**row, "worst": worst.get(row["law"].replace("-", "_"), row["worst"])} for row in laws]
            for claim, laws in attacks().items()
        }
        found = verdict_of(attacks=lambda _: rows)
        told = draft(claim_of(sample_contract, found), found, exhibits[found.bundle], FAULTS).text
        return str(yaml.safe_load(told)["symptom"]["quantity"])

    assert quantity(padding_invariance=1.7e-4) == "attack/padding-invariance"
    assert quantity(padding_invariance=1.7e-4, causality=5.0) == "attack/causality"
    assert quantity(padding_invariance=2.8e-3, causality=5.0) == "attack/padding-invariance"


def test_a_sound_bundle_has_no_symptom(sample_contract: Any, verdict_of: Any, exhibits: Any) -> None:
    sound = verdict_of()
    with pytest.raises(UsageError, match="no finite reading in it is wrong"):
        draft(claim_of(sample_contract, sound), sound, exhibits[sound.bundle], FAULTS)


def test_every_control_belongs_to_a_stage() -> None:
    """A draft sorts its candidates by the stage of the controls that read wrong."""
    assert {control.item for control in control_set("lm-loss")} == set(STAGES)
