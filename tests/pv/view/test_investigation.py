"""An investigation for people, as a drawing and for programs."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pv.investigation import Experiment, Finding, Injection, Judged, Outcome, Parting, Report, Status, Trial, load
from pv.investigation import Tested as Read
from pv.investigation.model import Band, Made, Prediction
from pv.verdict import Level
from pv.view.investigation import Shown, investigation_json, investigation_mermaid, investigation_text
from pv.view.layout import Screen

WIDE = Screen(width=160)


def trial(passed: bool | None, value: float | None = 2.5, note: str = "") -> Trial:
    return Trial(how=Made(), bundle=Path("evidence/b"), value=value, passed=passed, note=note)


def finding(name: str, status: Status, injection: Injection | None = None, *children: Finding) -> Finding:
    tested = tuple(
        Read(prediction=Prediction(), outcome=Outcome.HELD, level=Level.INTEGRATION, said=f"reading {number}")
        for number in range(5)
    )
    return Finding(
        id=name,
        says=f"What {name} says.",
        status=status,
        level=None,
        real=Status.OPEN,
        sentence="in words",
        tested=tested,
        injection=injection,
        children=children,
    )


TEXT = """\
investigation: "1"
id: low-loss
title: The loss is too low.
symptom: {claim: FALSIFY-005, bundle: b, expected: {low: 0.3, unit: nats/token}}
"""


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., list[Shown]]:
    """A file with these findings and experiments."""

    def make(*findings: Finding, wanted: tuple[Experiment, ...] = (), apart: tuple[Parting, ...] = ()) -> list[Shown]:
        path = tmp_path / "low-loss.yaml"
        path.write_text(TEXT)
        loaded = load(path)
        assert loaded.investigation is not None
        report = Report(
            path=Path("low-loss.yaml"),
            investigation=loaded.investigation,
            claim_id="FALSIFY-005",
            quantity="train/loss last",
            bundle=Path("evidence/b"),
            value=0.0008,
            level=Level.INTEGRATION,
            band=Band(low=0.0005, high=0.001, unit="nats/token"),
            findings=findings,
            whys=(),
        )
        return [(loaded, Judged(report=report), wanted, apart)]

    return make


def experiment(number: int, seconds: float | None) -> Experiment:
    return Experiment(
        claim_id="FALSIFY-005",
        how=Made(),
        splits=("H1", "H2"),
        seconds=seconds,
        command=f"pv discharge {number}",
    )


def test_a_tree_shows_what_lies_below_what(shown: Callable[..., list[Shown]]) -> None:
    inner = finding("H1B", Status.OPEN, None, finding("H1B1", Status.OPEN))
    text = investigation_text(shown(finding("H1", Status.OPEN, None, finding("H1A", Status.OPEN), inner)), WIDE)
    starts = [line.partition(" OPEN ")[0].rstrip() for line in text.splitlines() if " OPEN " in line]
    assert starts == ["H1", "├ H1A", "└ H1B", "· └ H1B1", "unlisted"]


@pytest.mark.parametrize(
    ("injection", "told"),
    [
        (Injection(mutant="m", planted=trial(True), removed=trial(True)), ("2.5: back", "2.5: gone")),
        (Injection(mutant="m", planted=trial(False), removed=trial(False)), ("2.5: not back", "2.5: stays")),
        (
            Injection(mutant="m", planted=trial(None, None, "no such run yet"), removed=trial(None, None, "void")),
            ("no such run yet", "void"),
        ),
    ],
)
def test_what_planting_read(shown: Callable[..., list[Shown]], injection: Injection, told: tuple[str, str]) -> None:
    text = investigation_text(shown(finding("H1", Status.OPEN, injection)), WIDE)
    assert all(word in text for word in told)


def test_predictions_that_held_are_counted_from_the_fourth(shown: Callable[..., list[Shown]]) -> None:
    text = investigation_text(shown(finding("H1", Status.SUPPORTED)), WIDE)
    assert "reading 2" in text
    assert "reading 3" not in text
    assert "and 2 predictions more" in text


def test_what_to_try_next(shown: Callable[..., list[Shown]]) -> None:
    wanted = (experiment(1, 24.4), *(experiment(number, None) for number in range(2, 6)))
    lines = investigation_text(shown(finding("H1", Status.OPEN), wanted=wanted), WIDE).splitlines()
    assert "next: pv discharge 1 (about 24 s; decides on H1, H2)" in lines
    assert "then: pv discharge 3 (never timed; decides on H1, H2)" in lines
    assert lines[-1] == "and 2 more experiments"


def test_nothing_is_left_to_try(shown: Callable[..., list[Shown]]) -> None:
    text = investigation_text(shown(finding("H1", Status.REFUTED)), WIDE)
    assert "A cause that nobody thought of." in text
    assert text.splitlines()[-1].startswith("next: nothing listed is left to try; list another cause")


def test_what_parts_causes_that_explain_alike(shown: Callable[..., list[Shown]]) -> None:
    parting = Parting(
        claim_id="FALSIFY-A-001",
        quantity="round_trip_share",
        unit="ratio",
        causes=("H1", "H2"),
        mutants=("unk-corpus", "eval-cached"),
        values=(1.0, 0.075),
        symptom=None,
    )
    tied = shown(finding("H1", Status.SUPPORTED), finding("H2", Status.SUPPORTED), apart=(parting,))
    assert investigation_text(tied, WIDE).splitlines()[-1] == (
        "next: FALSIFY-A-001, tried where the symptom is: "
        "round_trip_share reads 1 ratio under unk-corpus (H1) and 0.075 ratio under eval-cached (H2)"
    )
    (found,) = json.loads(investigation_json(tied, WIDE))["investigations"]
    assert found["parted_by"] == [
        {
            "claim": "FALSIFY-A-001",
            "quantity": "round_trip_share",
            "unit": "ratio",
            "reads": {"H1": 1.0, "H2": 0.075},
            "symptom": None,
        }
    ]
    own = shown(finding("H1", Status.SUPPORTED), apart=(replace(parting, symptom=1.0),))
    assert investigation_text(own, Screen(width=200)).splitlines()[-1] == (
        "next: predict what parts them: "
        "round_trip_share reads 1 ratio under unk-corpus (H1) and 0.075 ratio under eval-cached (H2); "
        "the symptom's run reads 1 ratio"
    )


def test_a_drawing_takes_any_text(shown: Callable[..., list[Shown]]) -> None:
    odd = finding('H"1]', Status.REFUTED)
    text = investigation_mermaid(shown(odd), WIDE)
    assert '"H#34;1#93; REFUTED: What H#34;1#93; says."' in text
    assert "class n0_0 REFUTED" in text


def test_json_for_programs(shown: Callable[..., list[Shown]]) -> None:
    injection = Injection(mutant="m", planted=trial(False), removed=trial(None, None, "void"))
    payload = json.loads(investigation_json(shown(finding("H1", Status.REFUTED, injection)), WIDE))
    assert payload["schema_version"] == "1"
    (found,) = payload["investigations"]
    assert found["unlisted_cause"] == "OPEN"
    (one,) = found["hypotheses"]
    assert (one["real"], one["explains"]) == (None, False)
    assert one["injection"]["planted"] == {"bundle": "evidence/b", "value": 2.5, "as_wanted": False, "note": ""}
