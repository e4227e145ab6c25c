"""The investigations of this repository, judged from the evidence that is kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pv.binding import mutants
from pv.cli import run
from pv.cli.casework import contract_files, library_of
from pv.cli.project import find_project
from pv.investigation import Library, Status, draft, judge, load
from tools import story

ROOT = Path(__file__).parents[2]
STORY = ROOT / "investigations" / "val-loss-0.0008.yaml"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict, str]]:
    """Judges the story's file, with texts of it replaced, beside where it lies."""
    monkeypatch.setenv("PV_ROOT", str(ROOT))

    def judge(path: Path) -> tuple[int, dict, str]:
        capsys.readouterr()
        status = run(["investigate", str(path), "--format", "json"])
        left = capsys.readouterr()
        return status, json.loads(left.out)["investigations"][0], " ".join(left.err.split())

    return judge


def named(found: dict) -> dict:
    listed = [child for one in found["hypotheses"] for child in (one, *one["hypotheses"])]
    return {one["id"]: one for one in listed}


def test_the_true_ending(judged: Callable[..., tuple[int, dict, str]]) -> None:
    """The corpus is the cause, the dropped biases are real and do not explain, and the evaluator is sound."""
    status, found, told = judged(STORY)
    assert (status, told) == (0, "")
    one = named(found)
    assert found["confirmed"] == ["H1C"]
    assert (one["H1C"]["status"], one["H1C"]["explains"]) == ("CONFIRMED", True)
    assert (one["H2"]["real"], one["H2"]["explains"]) == (True, False)
    assert one["H2"]["sentence"] == "real, does not explain"
    assert (one["H1D"]["status"], one["H1D"]["real"], one["H1D"]["explains"]) == ("REFUTED", False, False)
    assert one["H4C"]["sentence"] == "refuted at algorithm level, open at integration level"
    assert [why["opinion"] for why in found["whys"]] == [False, False, False, False, True]


def test_leaving_the_true_cause_out_confirms_none_of_the_others(
    judged: Callable[..., tuple[int, dict, str]], tmp_path: Path
) -> None:
    """Elimination: without the hypothesis that was called least likely, nothing is confirmed."""
    text = STORY.read_text()
    begin, end = text.index("      - id: H1C"), text.index("      - id: H1D")
    path = tmp_path / "without.yaml"
    path.write_text(text[:begin] + text[end:])
    status, found, _ = judged(path)
    assert (status, found["confirmed"], found["unlisted_cause"]) == (3, [], "OPEN")
    assert "CONFIRMED" not in {one["status"] for one in named(found).values()}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "        inject: eval-cached",
            "        status: CONFIRMED",
            "error[typed-status] a status is derived, never typed",
        ),
        (
            "{quantity: train/loss mean, reads: 0.32, unit: nats/token}",
            (
                "{quantity: train/loss mean, reads: 0.32, unit: nats/token}\n"
                "      - {quantity: eval/loss last val-b, reads: 0.0059, unit: nats/token}"
            ),
            "error[states-compared] train/loss mean is over all steps, eval/loss last val-b of one state",
        ),
        (
            "{quantity: bigram_loss, reads: 0.0060, unit: nats/token}",
            "{quantity: bigram_loss, reads: 17.21, unit: bits/token}",
            "17.21 bits/token are 11.9291 nats/token",
        ),
    ],
    ids=["confirmed, typed", "a mean beside a point", "bits for nats"],
)
def test_a_false_confirmation_of_the_story(
    judged: Callable[..., tuple[int, dict, str]], tmp_path: Path, old: str, new: str, told: str
) -> None:
    text = STORY.read_text()
    assert text.count(old) == 1
    path = tmp_path / "false.yaml"
    path.write_text(text.replace(old, new))
    status, _, said = judged(path)
    assert status == 2
    assert told in said


@pytest.fixture(scope="module")
def library() -> Library:
    """What is kept of every contract."""
    project = find_project([ROOT])
    files = contract_files(project)
    return library_of(project, files, [claim.id for file in files if file.contract for claim in file.contract.claims])


@pytest.mark.parametrize("row", story.ROWS, ids=lambda row: f"{row.when} {row.mutant}")
def test_a_fault_of_the_story_is_offered_where_another_run_showed_it(
    library: Library, tmp_path: Path, row: story.Row
) -> None:
    """From the kept bundle of the fault: a file that is valid, with the fault among its candidates and not refuted."""
    claim = next(one for name, one in library.tried.items() if name.endswith(row.claim))
    suspect = next(one for one in claim.bundles if one.mutant == row.mutant)
    twin = replace(suspect, bundle=suspect.bundle.with_name("another-run"))
    exhibit = library.at(suspect.bundle)
    assert exhibit is not None
    made = draft(replace(claim, bundles=(*claim.bundles, twin)), suspect, exhibit, mutants())
    path = tmp_path / "begun.yaml"
    path.write_text(made.text)
    found = judge(load(path), library)
    assert (found.problems, found.altered) == ((), ())
    assert found.report is not None
    listed = [one for top in found.report.findings for one in top.walk() if one.injection]
    (offered,) = [one for one in listed if one.injection and one.injection.mutant == row.mutant]
    assert offered.status is not Status.REFUTED
