"""`pv diff`."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

PATH = "contracts/apr-pretrain-init-finetune-v1.yaml"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def committed(site: Any) -> Any:
    """The project with an honest bundle, committed."""
    site.bundle()
    git(site.root, "init", "-q")
    (site.root / ".gitignore").write_text(".pv/\n")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "one")
    return site


def loosen(site: Any) -> None:
    text = site.contract.read_text(encoding="utf-8")
    site.contract.write_text(text.replace("bound: 9.38", "bound: 11"), encoding="utf-8")


@pytest.mark.parametrize("names", [["HEAD"], ["HEAD", "contracts"], ["HEAD", PATH], [f"HEAD:{PATH}", PATH]])
def test_a_moved_goalpost(committed: Any, pv: Any, names: list[str]) -> None:
    """A bound that was loosened after evidence existed, with what became of the verdict."""
    loosen(committed)
    ran = pv("diff", *names)
    assert (ran.status, ran.err) == (0, "")
    flat = " ".join(ran.out.split())
    assert "asks for a major step" in flat
    assert "loosened < 9.38 < 11" in flat
    assert "moved goalposts: FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005: bound was < 9.38, is < 11" in flat
    assert "version-not-raised" in flat
    assert pv("diff", *names, "--check").status == 2
    assert git(committed.root, "status", "--porcelain") == f" M {PATH}\n"


def test_json(committed: Any, pv: Any) -> None:
    loosen(committed)
    payload = json.loads(pv("diff", "HEAD", "--format", "json").out)
    (contract,) = payload["contracts"]
    assert contract["asks_for"] == "major"
    assert [(one["field"], one["direction"]) for one in contract["differences"]] == [("bound", "loosened")]
    assert [one["field"] for one in contract["moved_goalposts"]] == ["bound"]
    assert [one["code"] for one in contract["mismatches"]] == ["version-not-raised"]


def test_verdicts_of_then(committed: Any, pv: Any) -> None:
    """The evidence of the revision gives the verdict before; that of now the one after."""
    bundle = next((committed.root / "evidence").glob("*/*"))
    shutil.rmtree(committed.root / "evidence")
    transitions = json.loads(pv("diff", "HEAD", "--format", "json").out)["transitions"]
    assert len(transitions) == 7
    assert all(one["worse"] for one in transitions)
    assert transitions[0]["before"] == {"verdict": "PARTIAL", "level": "integration", "evidence": [bundle.name]}
    assert transitions[0]["after"] == {"verdict": "UNTESTED", "level": None, "evidence": []}
    assert "7 verdicts changed" in pv("diff", "HEAD").out
    git(committed.root, "commit", "-qam", "two")
    assert "no verdict changed" in pv("diff", "HEAD").out
    assert len(json.loads(pv("diff", "HEAD~1", "HEAD", "--format", "json").out)["transitions"]) == 7


def test_two_files(site: Any, pv: Any) -> None:
    """Files alone need no git, and have no verdicts to compare."""
    old = site.root / "old.yaml"
    shutil.copyfile(site.contract, old)
    loosen(site)
    ran = pv("diff", old, site.contract, "--format", "json")
    payload = json.loads(ran.out)
    assert ran.status == 0
    assert payload["transitions"] is None
    assert payload["contracts"][0]["differences"][0]["direction"] == "loosened"
    assert "nothing differs" in pv("diff", old, old).out


def test_goalposts_alone(committed: Any, pv: Any) -> None:
    """With version and changelog in order, `--check` still ends with 4."""
    loosen(committed)
    text = committed.contract.read_text(encoding="utf-8")
    entry = '  changelog: [{version: "2.0.0", date: "2026-11-20", change: Loosened the bound of FALSIFY-005.}]\n'
    text = text.replace('  version: "1.1.0"\n', f'  version: "2.0.0"\n{entry}')
    committed.contract.write_text(text, encoding="utf-8")
    assert pv("diff", "HEAD", "--check").status == 4


@pytest.mark.parametrize("name", ["nowhere.yaml", "v9", f"v9:{PATH}", "HEAD:nowhere.yaml", "HEAD:../x.yaml", ":"])
def test_a_name_that_leads_nowhere(committed: Any, pv: Any, name: str) -> None:
    ran = pv("diff", name, PATH)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("pv: ")


def test_no_repository(site: Any, pv: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(site.root.parent))
    ran = pv("diff", "HEAD")
    assert ran.status == 2
    assert "not a git repository" in ran.err


def test_no_contract(committed: Any, pv: Any) -> None:
    (committed.root / "empty").mkdir()
    assert pv("diff", "empty", "empty").status == 3
    (committed.root / "broken.yaml").write_text("[")
    ran = pv("diff", "broken.yaml", PATH)
    assert ran.status == 2
    assert ran.err.startswith("broken.yaml:2:1: not YAML")


def test_from_a_folder_below(committed: Any, pv: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Revisions are of the whole project, wherever one stands in it; `./` starts where one stands."""
    loosen(committed)
    monkeypatch.chdir(committed.root / "contracts")
    assert "1 loosened" in pv("diff", "HEAD").out
    assert "1 loosened" in pv("diff", f"HEAD:./{Path(PATH).name}").out
    assert "1 loosened" in pv("diff", f"HEAD:{PATH}").out
