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
from pv.verdict import BundleVerdict, ClaimVerdict, Exhibit, Verdict, examine, judge_bundle

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


def claim_of(sample_contract: Any, *bundles: BundleVerdict) -> ClaimVerdict:
    return ClaimVerdict(
        claim=sample_contract.contract.claims[4],
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


def test_a_fault_of_another_profile_predicts_only_what_both_show(
    sample_contract: Any, verdict_of: Any, exhibits: Any
) -> None:
    """A control that is near its band may read otherwise where the run is of another size."""
    suspect = verdict_of(**UNKNOWN)
    elsewhere = verdict_of(mutant="unk-corpus", profile="micro", data=lambda d: LOSSY["data"](UNKNOWN["data"](d)))
    (child,) = yaml.safe_load(
        draft(claim_of(sample_contract, suspect, elsewhere), suspect, exhibits[suspect.bundle], FAULTS).text
    )["hypotheses"][0]["hypotheses"]
    assert {"control": "round-trip", "reads": "wrong"} not in child["predicts"]


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


def test_a_sound_bundle_has_no_symptom(sample_contract: Any, verdict_of: Any, exhibits: Any) -> None:
    sound = verdict_of()
    with pytest.raises(UsageError, match="no finite reading in it is wrong"):
        draft(claim_of(sample_contract, sound), sound, exhibits[sound.bundle], FAULTS)
