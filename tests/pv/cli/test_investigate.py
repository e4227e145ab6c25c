"""`pv investigate`: statuses derived from bundles, and everything that is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEXT = """\
investigation: "1"
id: low-loss
title: The loss is too low.
symptom:
  claim: FALSIFY-005
  bundle: NAME
  quantity: train/loss last
  expected: {low: 0.3, high: 6.0, unit: nats/token}
hypotheses:
  - id: H1
    says: The scored tokens are no text.
    predicts:
      - {control: scored-unk-share, reads: wrong}
    inject: unk-corpus
  - id: H2
    says: The evaluator is degenerate.
    predicts:
      - {control: constant-logits, reads: wrong}
whys:
  - why: Why is it so low?
    because: Nearly every token is the same.
    cites: [{quantity: train/loss last, reads: 0.0008, unit: nats/token}]
  - why: Why is that?
    because: Somebody hurried.
not_covered: [what the model is good for]
"""
BEFORE = {"aprtrain.train": "0" * 64}
"""The trainer's source when the symptom was met."""


def low(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "loss": 0.0008} for row in rows]


def unknown(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "scored": {**data["scored"], "histogram": {"0": 32830, "1": 2}}}


class Case:
    """A project in which the symptom was met."""

    def __init__(self, site: Any, pv: Callable[..., Any]) -> None:
        self.site, self.pv = site, pv
        self.symptom = site.build(
            root=site.root / "evidence", metrics=low, data=unknown, modules=BEFORE, claims=self._claims()
        )
        self.path = site.root / "investigations" / "low-loss.yaml"
        self.path.parent.mkdir()
        self.text = TEXT.replace("NAME", self.symptom.name)

    def _claims(self) -> list[dict[str, Any]]:
        from pv.binding import lock_rows
        from pv.contract import load

        loaded = load(self.site.contract)
        assert loaded.contract
        return list(lock_rows(loaded.contract))

    def planted(self, folder: str = "evidence", **spoilt: Any) -> Path:
        return self.site.bundle(folder, mutant="unk-corpus", **{"metrics": low, "data": unknown, **spoilt})

    def judged(self, *replacements: tuple[str, str]) -> Any:
        text = self.text
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.path.write_text(text)
        ran = self.pv("investigate", self.path, "--format", "json")
        (found,) = json.loads(ran.out)["investigations"]
        return ran, found, {one["id"]: one for one in found["hypotheses"]}


@pytest.fixture
def case(site: Any, pv: Callable[..., Any]) -> Case:
    return Case(site, pv)


def test_supported_and_refuted_but_nothing_confirmed(case: Case) -> None:
    """Refuting the only rival leaves a cause that nobody listed."""
    ran, found, named = case.judged()
    assert ran.status == 3
    assert (named["H1"]["status"], named["H1"]["level"]) == ("SUPPORTED", "integration")
    assert (named["H2"]["status"], named["H2"]["real"]) == ("REFUTED", False)
    assert (found["unlisted_cause"], found["confirmed"]) == ("OPEN", [])
    assert [one["opinion"] for one in found["whys"]] == [False, True]
    assert [one["command"].split("--run")[1] for one in found["next"]] == [
        " --profile cpu --mutant unk-corpus",
        " --profile cpu",
    ]


def test_a_cause_is_confirmed_where_planting_brings_the_symptom_and_removing_takes_it(case: Case) -> None:
    planted, honest = case.planted(), case.site.bundle(".pv/runs")
    ran, found, named = case.judged()
    assert (ran.status, ran.err) == (0, "")
    assert (named["H1"]["status"], named["H1"]["explains"]) == ("CONFIRMED", True)
    assert (found["confirmed"], found["unlisted_cause"], found["next"]) == (["H1"], None, [])
    trials = named["H1"]["injection"]
    assert Path(trials["planted"]["bundle"]).name == planted.name
    assert Path(trials["without"]["bundle"]).name == honest.name


def test_a_defect_that_is_real_and_does_not_explain(case: Case) -> None:
    """Every listed cause is refuted, and that confirms nothing."""
    case.planted(metrics=None)
    case.site.bundle()
    ran, found, named = case.judged()
    assert ran.status == 3
    assert (named["H1"]["status"], named["H1"]["real"], named["H1"]["explains"]) == ("REFUTED", True, False)
    assert named["H1"]["sentence"] == "real, does not explain"
    assert {one["status"] for one in named.values()} == {"REFUTED"}
    assert (found["unlisted_cause"], found["confirmed"]) == ("OPEN", [])


def test_a_symptom_that_stays_without_the_cause(case: Case) -> None:
    case.planted()
    case.site.bundle(metrics=low)
    assert case.judged()[2]["H1"]["sentence"] == "real, does not explain"


def test_a_run_made_just_as_the_symptom_was_takes_no_cause_away(case: Case) -> None:
    case.site.bundle(metrics=low, modules=BEFORE)
    _, _, named = case.judged()
    trial = named["H1"]["injection"]["without"]
    assert (trial["as_wanted"], trial["note"]) == (None, "made just as the symptom was: no cause was taken away")
    assert named["H1"]["status"] == "SUPPORTED"


def test_a_run_that_has_the_defect_takes_no_cause_away(case: Case) -> None:
    """The source changed, and the corpus is as broken as it was: that the symptom stays refutes nothing."""
    case.planted()
    case.site.bundle(metrics=low, data=unknown)
    _, _, named = case.judged()
    trial = named["H1"]["injection"]["without"]
    assert (trial["as_wanted"], trial["note"]) == (None, "the defect is there too: no cause was taken away")
    assert named["H1"]["status"] == "SUPPORTED"


@pytest.mark.parametrize(
    ("spoilt", "note"),
    [
        ({"run": {"seed": 7}}, "no such run yet"),
        ({"profile": "micro"}, "no such run yet"),
        ({"run": {"dataset": {"name": "other", "digest": "0" * 64}}}, "no such run yet"),
        ({"run": {"recipe": {"steps": 1}}}, "not comparable: other recipe"),
        ({"run": {"device": {"platform": "gpu"}}}, "not comparable: other platform"),
        ({"metrics": lambda rows: []}, "it holds no train/loss last"),
    ],
)
def test_only_like_is_compared_with_like(case: Case, spoilt: dict[str, Any], note: str) -> None:
    case.planted(**spoilt)
    case.site.bundle()
    ran, _, named = case.judged()
    assert ran.status == 3
    assert named["H1"]["injection"]["planted"]["note"] == note
    assert named["H1"]["explains"] is None


def test_the_run_without_the_cause_has_the_source_of_the_run_with_it(case: Case) -> None:
    case.planted(modules={"aprtrain.train": "1" * 64})
    case.site.bundle()
    trial = case.judged()[2]["H1"]["injection"]["without"]
    assert trial["note"] == "not comparable: other source of the trainer"


def test_the_bundle_of_the_symptom_is_not_its_own_injection(case: Case) -> None:
    again = case.planted()
    case.site.bundle()
    _, _, named = case.judged((case.symptom.name, again.name))
    assert named["H1"]["injection"]["planted"]["note"] == "no such run yet"
    assert named["H1"]["status"] == "SUPPORTED"


def test_a_kept_copy_of_the_symptom_is_not_its_injection(case: Case) -> None:
    again = case.planted()
    case.site.bundle()
    copy = case.site.root / ".pv" / "runs" / again.parent.name / again.name
    shutil.copytree(again, copy)
    _, _, named = case.judged((case.symptom.name, again.name))
    assert named["H1"]["injection"]["planted"]["note"] == "no such run yet"


def test_altered_evidence_breaks_trust(case: Case) -> None:
    planted = case.planted()
    case.site.bundle()
    with (planted / "raw" / "run.json").open("a") as file:
        file.write(" ")
    ran, found, named = case.judged()
    assert ran.status == 4
    assert "altered evidence" in ran.err
    assert planted.name in found["altered"][0]
    assert named["H1"]["explains"] is None


CITE = "{quantity: train/loss last, reads: 0.0008, unit: nats/token}"
REFUSED = {
    "a claim that nobody made": (("claim: FALSIFY-005", "claim: FALSIFY-999"), "unknown-claim", "FALSIFY-999"),
    "a bundle that is not there": (("  bundle: ", "  bundle: x"), "unknown-bundle", "no bundle"),
    "a quantity that is not recorded": (("quantity: train/loss last\n", "quantity: train_los\n"), "unknown-series", ""),
    "a symptom in another unit": (("high: 6.0, unit: nats/token", "high: 6.0, unit: bits/token"), "unit-mismatch", ""),
    "a symptom that was expected": (("{low: 0.3", "{low: 0.0"), "no-symptom", "as expected"),
    "a control that is none": (("control: scored-unk-share", "control: scored-unk"), "unknown-value", "scored-unk"),
    "a fault that is none": (("inject: unk-corpus", "inject: unk-corpse"), "unknown-mutant", "unk-corpus"),
    "a reading that is not the recomputed one": (("reads: 0.0008", "reads: 0.0009"), "reading-differs", "0.0008"),
    "a verdict that is not the derived one": (
        (CITE, "{claim: FALSIFY-005, verdict: DISCHARGED}"),
        "reading-differs",
        "not DISCHARGED",
    ),
    "bits for nats, as in the post-mortem": (
        (CITE, "{quantity: vocab_size_ln, reads: 17.21, unit: bits/token}"),
        "unknown-series",
        "",
    ),
    "a mean beside a point, as in the false confirmation": (
        (CITE, f"{{quantity: train/loss mean, reads: 0.0008, unit: nats/token}}, {CITE}"),
        "states-compared",
        "train/loss last",
    ),
}


@pytest.mark.parametrize(("change", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_evidence_speaks_against(case: Case, change: tuple[str, str], code: str, said: str) -> None:
    ran, found, _ = case.judged(change)
    assert ran.status == 2
    assert [one["code"] for one in found["problems"]] == [code]
    assert said in " ".join(ran.err.split())
    assert f"low-loss.yaml:{found['problems'][0]['line']}:" in ran.err


def test_bits_are_told_in_nats(case: Case) -> None:
    """The unit error of the post-mortem: 17.21 are bits, and log2 of the vocabulary."""
    ran, _, _ = case.judged((CITE, "{quantity: train/loss last, reads: 17.21, unit: bits/token}"))
    assert ran.status == 2
    assert "17.21 bits/token are 11.9291 nats/token" in " ".join(ran.err.split())


def test_a_status_that_was_typed(case: Case) -> None:
    case.path.write_text(case.text.replace("    inject: unk-corpus", "    status: CONFIRMED"))
    ran = case.pv("investigate", case.path)
    assert ran.status == 2
    assert "error[typed-status] a status is derived, never typed" in ran.err


def test_the_tree_for_people(case: Case) -> None:
    case.planted()
    case.site.bundle()
    case.path.write_text(case.text)
    ran = case.pv("investigate", case.path)
    lines = ran.out.splitlines()
    assert ran.status == 0
    assert "symptom    train/loss last read 0.0008 nats/token, expected 0.3 to 6 nats/token" in lines
    assert lines[-1] == "confirmed: H1 (unk-corpus)"
    assert "  Somebody hurried. (opinion: it cites nothing)" in lines


def test_the_tree_as_a_drawing(case: Case) -> None:
    case.path.write_text(case.text)
    ran = case.pv("investigate", case.path, "--format", "mermaid")
    assert ran.out.splitlines()[:2] == ["flowchart TD", '  s0(["train/loss last read 0.0008 nats/token"])']
    assert '  s0 --> u0["unlisted: OPEN"]' in ran.out


def test_several_files_are_judged_together(case: Case) -> None:
    case.path.write_text(case.text)
    other = case.path.with_name("other.yaml")
    other.write_text("{}\n")
    ran = case.pv("investigate", case.path, other, "--format", "json")
    assert ran.status == 2
    assert [one["id"] for one in json.loads(ran.out)["investigations"]] == ["low-loss", None]


@pytest.mark.parametrize("arguments", [(), ("gone.yaml",)])
def test_no_file(case: Case, arguments: tuple[str, ...]) -> None:
    assert case.pv("investigate", *arguments).status == 2


def test_started_from_a_verdict(case: Case) -> None:
    """The symptom, its findings and planted faults that read alike; the file is valid, and derives what it can."""
    case.planted("evidence", run={"seed": 3})
    ran = case.pv("new", "investigation", "FALSIFY-005", "--bundle", case.symptom)
    assert (ran.status, ran.err) == (0, "")
    written = ran.out.splitlines()[0].removeprefix("wrote ")
    assert ran.out.splitlines()[1] == "wrote investigations/schema.json"
    text = Path(written).read_text()
    assert "# control-misread: scored-unk-share read" in text
    assert "inject: unk-corpus" in text
    assert "status:" not in text
    judged = case.pv("investigate", written, "--format", "json")
    assert (judged.status, judged.err) == (3, "")
    (found,) = json.loads(judged.out)["investigations"]
    assert {one["status"] for one in found["hypotheses"]} == {"SUPPORTED"}
    again = case.pv("new", "investigation", "FALSIFY-005", "--bundle", case.symptom)
    assert (again.status, "there already" in again.err) == (2, True)


def test_nothing_to_investigate(site: Any, pv: Callable[..., Any]) -> None:
    """A sound run has no symptom, and a claim without runs neither."""
    ran = pv("new", "investigation", "FALSIFY-005")
    assert (ran.status, "run the claim first" in ran.err) == (2, True)
    honest = site.bundle()
    ran = pv("new", "investigation", "FALSIFY-005", "--bundle", honest)
    assert (ran.status, "there is nothing to explain" in ran.err) == (2, True)
