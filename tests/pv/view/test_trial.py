"""What one bundle says, as text."""

from dataclasses import replace

import click
import pytest

from pv.verdict import BundleVerdict, Reason
from pv.view.json import discharge_payload
from pv.view.layout import columns
from pv.view.trial import controls_text, discharge_text, side_by_side

SUSPECT = """\
FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005  profile micro, made under the mutant unk-corpus

eval/loss last val-b = 0.0008 nats/token, interval 0.0007 to 0.0009, against < 9.38; numerically
  passed

controls
  item  control          expected                       reading
  1     top-share        <= 0.5 ratio                   0.9999 ratio                 WRONG
  5     causality        <= 1e-05 nats/token            not run: no scored sequence  not run
  2     constant-logits  6.23832 to 6.23834 nats/token  6.23833 nats/token           right

contrasts on the same documents
  baseline         its value           difference  interval
  unigram_entropy  0.00065 nats/token  0.00015     0.0001 to 0.0002  wrong

findings
  error  degenerate-targets  one id is 99.99 % of the scored targets (raw/data.json)

further reasons
  control-misread: top-share read 0.9999, expected <= 0.5

[ SUSPECT ] at level integration
bundle: .pv/runs/apr-pretrain-init-finetune-v1/2026-11-20-micro-ba9876543210"""

SIDE_BY_SIDE = """\
run               honest                                    broken corpus
verdict           PARTIAL                                   SUSPECT
level             integration                               integration
measured          4.5322 nats/token                         0.0008 nats/token
bound             < 9.38                                    < 9.38
the number alone  numerically passed                        numerically passed
controls          2 of 2 right                              1 of 3 right, 1 wrong, 1 not run
                                                            top-share: 0.9999 ratio, expected <= 0.5
                                                            ratio
why               level-below-required: integration, and    control-misread: top-share read 0.9999,
                  live is required                          expected <= 0.5

bundle, honest: evidence/apr-pretrain-init-finetune-v1/2026-11-20-micro-0123456789ab
bundle, broken corpus: .pv/runs/apr-pretrain-init-finetune-v1/2026-11-20-micro-ba9876543210"""


def test_text_of_a_trial(suspect: BundleVerdict) -> None:
    """Wrong controls come first, those not run are named, the stamp comes last."""
    assert discharge_text(suspect) == SUSPECT


def test_two_verdicts_side_by_side(honest: BundleVerdict, suspect: BundleVerdict) -> None:
    """The same fact of both runs stands on one line."""
    assert side_by_side([honest, suspect], titles=("honest", "broken corpus")) == SIDE_BY_SIDE


def test_run_without_a_title(honest: BundleVerdict, suspect: BundleVerdict) -> None:
    """Profile and mutant name a run that was given no title."""
    first = side_by_side([honest, suspect]).splitlines()[0]
    assert first.split() == ["run", "profile", "micro", "profile", "micro,", "mutant", "unk-corpus"]


def test_nothing_side_by_side() -> None:
    """No verdicts, no table."""
    assert side_by_side([]) == ""


def test_text_that_disagrees_with_json(suspect: BundleVerdict) -> None:
    """Verdict, controls and findings of the payload all stand in the text."""
    payload, text = discharge_payload(suspect), discharge_text(suspect, width=200)
    words = {True: "right", False: "WRONG", None: "not run"}
    assert f"[ {payload['verdict']} ]" in text
    for control in payload["controls"]:
        (line,) = (line for line in text.splitlines() if f" {control['name']} " in line and control["expected"] in line)
        assert line.endswith(words[control["ok"]])
    for finding in payload["findings"]:
        assert finding["rule"] in text
        assert finding["message"] in text


@pytest.mark.parametrize("width", [60, 100])
def test_stranger_in_a_bundle(hostile: BundleVerdict, width: int) -> None:
    """No control character of a bundle reaches the terminal, in colour or without."""
    for text in (discharge_text(hostile, width), side_by_side([hostile, hostile], width)):
        assert not {character for character in text if not character.isprintable()} - {"\n"}
    coloured = discharge_text(hostile, width, colour=True)
    assert click.unstyle(coloured) == discharge_text(hostile, width)


def test_side_by_side_on_a_narrow_terminal(honest: BundleVerdict, suspect: BundleVerdict) -> None:
    """The table keeps to 80 columns."""
    table, _, _ = side_by_side([honest, suspect], width=80).partition("\n\n")
    assert max(map(columns, table.splitlines())) <= 80


def test_bundle_without_measurement(honest: BundleVerdict) -> None:
    """A run that left nothing to measure is told as that."""
    empty = replace(
        honest, measurement=None, numerically_passed=None, controls=(), contrasts=(), findings=(), level=None
    )
    text = discharge_text(empty)
    assert "no measurement" in text
    assert "controls" not in text
    assert text.splitlines()[-2] == "[ PARTIAL ]"


def test_counterexample(honest: BundleVerdict) -> None:
    """A shrunk counterexample is printed by its parts."""
    assert "position  3" in discharge_text(replace(honest, counterexample={"position": 3, "tokens": [1, 2]}))


def test_stale_bundle(honest: BundleVerdict) -> None:
    """A bundle whose meaning has changed says so at its stamp."""
    assert "[ PARTIAL ] at level integration, stale" in discharge_text(replace(honest, fresh=False))


def test_no_controls() -> None:
    """Nothing controlled is never `all right`."""
    assert controls_text(()) == "none"


def test_reason_told_twice(suspect: BundleVerdict) -> None:
    """A reason that is a finding is told once."""
    (finding,) = suspect.findings
    told = discharge_text(replace(suspect, reasons=(Reason(code=finding.rule, message=finding.message),)))
    assert told.count(finding.message) == 1
    assert "further reasons" not in told


def test_many_reasons_of_one_kind(honest: BundleVerdict) -> None:
    """Side by side, reasons of one code share a line that counts them."""
    reasons = tuple(Reason(code="mutant-without-receipt", message=f"{name}: no run") for name in "abc")
    text = side_by_side([replace(honest, reasons=reasons)])
    assert "mutant-without-receipt: a: no run (and 2 more)" in text
    assert "b: no run" not in text


def test_discharged_side_by_side(honest: BundleVerdict) -> None:
    """Where there is no reason against a claim, that is said."""
    assert "it survived in full" in side_by_side([replace(honest, reasons=())])
