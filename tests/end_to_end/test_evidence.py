"""Kept evidence decides, scratch does not, and an altered byte is named."""

import json
import shutil
from pathlib import Path

import pytest

from pv.evidence import reseal

pytestmark = pytest.mark.slow


def verdicts(done) -> dict[str, str]:
    [contract] = done.json["contracts"]
    return {claim["id"]: claim["verdict"] for claim in contract["claims"]}


@pytest.fixture
def copy(project, honest, tmp_path: Path):
    """The project with its evidence, free to be spoilt; only the honest bundle is in it."""
    fresh = project.copy(tmp_path / "copy")
    kept = Path(honest.json["bundle"]).name
    for bundle in (fresh.root / "evidence").glob("*/*"):
        if bundle.name != kept:
            shutil.rmtree(bundle)
    return fresh


def only_bundle(project) -> Path:
    [bundle] = (project.root / "evidence").glob("*/*")
    return bundle


def test_deleting_scratch_and_derived_changes_no_verdict(copy) -> None:
    before = copy.pv("validate", "contracts", "--format", "json")
    tried = {name: verdict for name, verdict in verdicts(before).items() if verdict != "UNTESTED"}
    assert tried == {"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005": "PARTIAL"}
    shutil.rmtree(copy.root / ".pv", ignore_errors=True)
    shutil.rmtree(only_bundle(copy) / "derived", ignore_errors=True)
    after = copy.pv("validate", "contracts", "--format", "json")
    assert (after.status, verdicts(after)) == (before.status, verdicts(before)) == (0, verdicts(before))


@pytest.mark.parametrize("name", ["metrics.jsonl", "evals.jsonl", "log.txt", "data.json", "claim.lock.json"])
def test_an_altered_byte_is_named_and_breaks_trust(copy, name: str) -> None:
    path = only_bundle(copy) / "raw" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    verified = copy.pv("verify", str(only_bundle(copy)))
    validated = copy.pv("validate", "contracts")
    assert (verified.status, validated.status) == (4, 4)
    assert f"raw/{name}" in verified.stdout
    assert f"raw/{name}" in validated.stdout


def test_an_edited_derived_verdict_is_a_finding_and_nothing_else(copy) -> None:
    before = verdicts(copy.pv("validate", "contracts", "--format", "json"))
    derived = only_bundle(copy) / "derived"
    derived.mkdir(exist_ok=True)
    (derived / "verdict.json").write_text(json.dumps({"verdict": "DISCHARGED"}))
    done = copy.pv("validate", "contracts", "--format", "json")
    assert (done.status, verdicts(done)) == (0, before)
    assert "derived-verdict-differs" in done.stdout


def test_a_reading_out_of_its_band_stored_as_right_is_suspect(copy) -> None:
    path = only_bundle(copy) / "raw" / "controls.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[0] |= {"reading": 1e9, "ok": True}
    path.write_text("".join(json.dumps(row, sort_keys=True) + "\n" for row in rows))
    reseal(only_bundle(copy))
    done = copy.pv("validate", "contracts", "--format", "json")
    assert done.status == 4
    assert verdicts(done)["FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"] == "SUSPECT"


def test_a_status_typed_by_hand_is_an_over_claim(copy) -> None:
    before = verdicts(copy.pv("validate", "contracts", "--format", "json"))
    [contract] = (copy.root / "contracts").glob("*.yaml")
    text = contract.read_text()
    contract.write_text(
        text.replace("    aliases: [FALSIFY-005]\n", "    aliases: [FALSIFY-005]\n    status: DISCHARGED\n")
    )
    done = copy.pv("validate", "contracts", "--format", "json")
    assert done.status == 4
    assert verdicts(done) == before
    [problem] = done.json["contracts"][0]["problems"]
    assert problem["code"] == "over-claim"
    assert text.splitlines()[problem["line"] - 2].strip() == "aliases: [FALSIFY-005]"


def test_nothing_to_measure_is_never_green(copy, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, status in ((tmp_path / "empty", 3), (tmp_path / "missing.yaml", 2), (tmp_path / "*.yaml", 2)):
        done = copy.pv("validate", str(path))
        assert done.status == status, path
        assert done.stdout + done.stderr
    assert "nothing" in copy.pv("validate", str(tmp_path / "empty")).stderr
