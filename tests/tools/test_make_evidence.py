"""`python tools/make_evidence.py`, on a project with one claim about a program."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from pv.contract import load
from pv.power import FUNCTIONS, Trial

# Another test of the same worker may have started the threads of JAX; what is forked here uses none of them.
pytestmark = pytest.mark.filterwarnings(r"ignore:os\.fork\(\) was called:RuntimeWarning")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tool(program_project: Path, script: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, at work on a project of its own."""
    law = program_project / "laws" / "refusal.py"
    law.write_text(law.read_text().replace("st.integers(-9, 9)", "st.integers(-9, 9).filter(bool)"))
    module = script("make_evidence")
    monkeypatch.setattr(module, "ROOT", program_project)
    return module


def test_every_bundle_once(tool: ModuleType, program_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The honest one and that of the fault; what is fresh is left alone, and what is stale takes its place."""

    def made() -> tuple[int, set[str]]:
        status = tool.main(["-j", "2"])
        return status, {path.name for path in (program_project / "evidence" / "prog-v1").iterdir()}

    first = made()
    assert (first[0], len(first[1])) == (0, 2)
    said = capsys.readouterr().out
    assert "2 bundles, 0 fresh, 2 to make" in said
    assert "claims: 1 DISCHARGED" in said
    assert made() == first
    assert "2 bundles, 2 fresh, 0 to make" in capsys.readouterr().out
    source = program_project / "prog" / "cli.py"
    source.write_text(source.read_text() + "LIMIT = 3\n")
    again = made()
    assert (again[0], len(again[1])) == (0, 2)
    assert not again[1] & first[1]


def test_a_trial_that_cannot_be_made(
    tool: ModuleType, program_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (program_project / "laws" / "lenient.py").write_text("raise RuntimeError('broken')\n")
    assert tool.main(["-j", "1"]) == 1
    said = capsys.readouterr().out
    assert "FALSIFY-PROG-001 lenient: FAILED" in said
    assert "FALSIFY-PROG-001 honest: PARTIAL" in said


def test_what_a_gpu_made_is_never_made_again(
    tool: ModuleType, program_project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tool.main(["-j", "1"]) == 0
    there = sorted((program_project / "evidence" / "prog-v1").iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(tool, "_by_gpu", lambda _: True)
        assert tool.main(["-j", "1", "--again"]) == 0
    assert "2 bundles, 2 fresh, 0 to make" in capsys.readouterr().out
    assert sorted((program_project / "evidence" / "prog-v1").iterdir()) == there
    assert tool.main(["-j", "1", "--again"]) == 0
    assert "2 bundles, 0 fresh, 2 to make" in capsys.readouterr().out


def test_faults_go_into_the_smallest_recipe(tool: ModuleType) -> None:
    stems = ("apr-pretrain-init-finetune-v1", "data-split-v1")
    files = {stem: load(ROOT / "contracts" / f"{stem}.yaml") for stem in stems}
    fault = Trial(stem=stems[0], profile="cpu", mutant="untied-head", claims=())
    assert tool._small(fault, files).profile == "micro"
    for other in (replace(fault, mutant=""), replace(fault, profile=FUNCTIONS), replace(fault, stem=stems[1])):
        assert tool._small(other, files) == other


def test_the_first_run_of_each_recipe_comes_first_and_attacks_before_the_others(tool: ModuleType) -> None:
    contract = load(ROOT / "contracts" / "data-split-v1.yaml").contract
    first = Trial(stem="data-split-v1", profile="cpu", mutant="val-is-train", claims=())
    second, attack = replace(first, mutant="lossy-encode"), replace(first, profile=FUNCTIONS, mutant="")
    ordered = tool._ordered([(first,), (second,), (attack,)], {"data-split-v1": contract})
    assert ordered == [(first,), (attack,), (second,)]
