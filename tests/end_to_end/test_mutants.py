"""Each planted fault ends refused, and the verdict names what fired."""

import json

import pytest

pytestmark = pytest.mark.slow

MUTANTS = (
    "unk-corpus",
    "dropped-bias",
    "untied-head",
    "targets-unshifted",
    "no-causal-mask",
    "eval-cached",
    "val-is-train",
    "shuffled-labels",
)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_fault_is_refused(project, honest, mutant: str) -> None:
    done = project.discharge("--mutant", mutant, "--keep")
    payload = done.json
    assert payload["mutant"] == mutant
    assert payload["verdict"] in {"SUSPECT", "FALSIFIED"}
    assert done.status == {"SUSPECT": 4, "FALSIFIED": 1}[payload["verdict"]]
    wrong = [control["name"] for control in payload["controls"] if control["ok"] is False]
    assert wrong, "no control fired"
    assert any(name in json.dumps(payload["findings"]) for name in wrong)
    assert "crashed-run" not in {finding["rule"] for finding in payload["findings"]}
    patch = (project.root / payload["bundle"] / "raw" / "mutant.patch").read_text()
    assert patch.startswith("--- ")


def test_the_broken_corpus_passes_numerically_and_is_suspect(project) -> None:
    payload = project.discharge("--mutant", "unk-corpus", "--keep").json
    assert payload["verdict"] == "SUSPECT"
    assert payload["numerically_passed"] is True
    assert payload["measurement"]["value"] < 0.01
    wrong = {control["name"] for control in payload["controls"] if control["ok"] is False}
    assert {"scored-unk-share", "round-trip"} & wrong


def test_with_a_receipt_for_each_mutant_only_the_level_is_missing(project, honest) -> None:
    for mutant in MUTANTS:
        project.discharge("--mutant", mutant, "--keep")
    done = project.pv("validate", "contracts", "--format", "json")
    [contract] = json.loads(done.stdout)["contracts"]
    [claim] = [claim for claim in contract["claims"] if claim["id"].endswith("-005")]
    assert claim["verdict"] == "PARTIAL"
    assert [reason["code"] for reason in claim["reasons"]] == ["level-below-required"]
    assert done.status == 0


def test_an_unknown_mutant_is_a_usage_error(project) -> None:
    done = project.pv("discharge", "FALSIFY-005", "--run", "--mutant", "no-such-fault")
    assert done.status == 2
    assert "unk-corpus" in done.stderr


def test_a_degenerate_folder_is_refused_before_a_step_is_spent(project) -> None:
    folder = project.root / "degenerate"
    folder.mkdir(exist_ok=True)
    for index in range(400):
        (folder / f"{index}.py").write_text("x" * (600 + index))
    done = project.discharge("--dataset", "degenerate")
    assert (done.status, done.stdout) == (3, "")
    assert "is no text to train on" in done.stderr
    assert "nats" in done.stderr
