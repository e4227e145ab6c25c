"""The table of stamps."""

from dataclasses import replace

import pytest

from pv.verdict import ContractVerdict, Verdict
from pv.view.json import validate_payload
from pv.view.layout import Screen, columns
from pv.view.text import summary_line, validate_text

VALIDATE = """\
contracts/a.yaml:7:3: warning[unknown-key] `rul`
    hint: did you mean `rule`?
contracts/b.yaml:2:1: error[yaml-syntax] a tab

FALSIFIED  C-APR-PRETRAIN-INIT-FINETUNE 1.0.0  3 claims, 2 evaluated, 1 untested
  contracts/a.yaml
  dependency-caps: apr-arch-v1 is SUSPECT
  claim                                   verdict    level/required    reason
  FALSIFY-001                             FALSIFIED  integration/live  bound-violated: exit status
                                                                       139, expected 0
  FALSIFY-005                             PARTIAL    integration/live  level-below-required:
                                                                       integration, and live is
                                                                       required (and 1 more)
  FALSIFY-APR-PRETRAIN-INIT-FINETUNE-002  UNTESTED   -/live            no-evidence: no bundle speaks
                                                                       about it

UNTESTED  not a readable contract  0 claims, 0 evaluated, 0 untested
  contracts/b.yaml

2 contracts, 3 claims, 2 evaluated, 1 untested; 1 error, 1 warning"""


def test_table(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """Problems first, then the worst contract and its worst claim, then the denominators."""
    assert validate_text(contract_verdicts, Screen(width=100)) == VALIDATE


@pytest.mark.parametrize("width", [100, 130, 160])
def test_text_that_disagrees_with_json(contract_verdicts: tuple[ContractVerdict, ...], width: int) -> None:
    """At any width that holds the names, every claim of the payload stands in the text with its verdict."""
    lines = validate_text(contract_verdicts, Screen(width=width)).splitlines()
    payload = validate_payload(contract_verdicts)
    for contract in payload["contracts"]:
        for claim in contract["claims"]:
            name = (claim["aliases"] or [claim["id"]])[0]
            (row,) = (line.split() for line in lines if line.startswith(f"  {name} "))
            assert row[1] == claim["verdict"]
            assert row[2] == f"{claim['level'] or '-'}/{claim['requires']}"


def test_colour_changes_no_text(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """Taking the colours out of a coloured table leaves the plain one."""
    import click

    coloured = validate_text(contract_verdicts, Screen(width=100, colour=True))
    assert coloured != VALIDATE
    assert click.unstyle(coloured) == VALIDATE


def test_summary_of_nothing() -> None:
    """Nothing is counted as nothing."""
    assert summary_line([]) == "0 contracts, 0 claims, 0 evaluated, 0 untested; 0 errors, 0 warnings"


def test_stranger_in_a_contract(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """No escape sequence of a message reaches the terminal."""
    verdict = contract_verdicts[0]
    problem = verdict.problems[0]._replace(message="a\x1b]0;title\x07", path="b\x1b[2J.yaml", hint="\x9b31m")
    text = validate_text([replace(verdict, problems=(problem,))], Screen())
    assert not {character for character in text if not character.isprintable()} - {"\n"}


def test_every_verdict_has_its_own_tone() -> None:
    """No two verdicts look alike."""
    from pv.view.text import TONES

    assert set(TONES) == set(Verdict)
    assert len(set(TONES.values())) == len(Verdict)


def test_table_wider_than_the_terminal(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """The rows of claims keep to a terminal of 80 columns."""
    rows = [line for line in validate_text(contract_verdicts, Screen(width=80)).splitlines() if line[:2] == "  "]
    assert max(map(columns, rows)) <= 80
