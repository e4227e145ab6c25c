"""`pv gate`."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TABLE = '[tool.pv.gate]\nrequire = "PARTIAL"\nforbid = ["invalidates"]\n'
WAIVER = """
[[tool.pv.gate.waivers]]
breach = "claim-loosened"
on = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"
owner = "somebody@example.org"
reason = "the corpus changed"
expires = 2999-01-01
"""


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def gated(site: Any) -> Any:
    """The project with a gate and an honest bundle, committed."""
    (site.root / "pyproject.toml").write_text(TABLE)
    site.bundle()
    git(site.root, "init", "-q")
    (site.root / ".gitignore").write_text(".pv/\n")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "one")
    return site


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def codes(pv: Any, *arguments: str) -> list[tuple[str, str]]:
    payload = json.loads(pv("gate", "--format", "json", *arguments).out)
    return [(refusal["code"], refusal["subject"]) for refusal in payload["refusals"] if refusal["waiver"] is None]


def test_accepted(gated: Any, pv: Any) -> None:
    """The required stamp is met, and nothing is weaker than at the base; the work tree stays as it was."""
    ran = pv("gate", "--base", "HEAD")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("ACCEPTED  exit 0; 1 of 1 contract selected, against HEAD (")
    assert git(gated.root, "status", "--porcelain") == ""


def test_without_a_base(gated: Any, pv: Any) -> None:
    """It says what it cannot see; `base` of the table takes its place."""
    ran = pv("gate")
    assert ran.status == 0
    assert ran.err.startswith("no base was named")
    edit(gated.root / "pyproject.toml", "forbid", 'base = "HEAD"\nforbid')
    ran = pv("gate")
    assert (ran.status, ran.err) == (0, "")
    assert "against HEAD (" in ran.out


def test_nothing_selected(site: Any, pv: Any) -> None:
    """No table, no contract, or a table that asks nothing: 3."""
    site.bundle()
    assert pv("gate").status == 3
    (site.root / "pyproject.toml").write_text("[tool.pv.gate]\n")
    assert pv("gate").status == 3
    (site.root / "pyproject.toml").write_text(TABLE)
    assert pv("gate").status == 0
    site.contract.unlink()
    assert pv("gate").status == 3


def test_no_evidence(site: Any, pv: Any) -> None:
    (site.root / "pyproject.toml").write_text(TABLE)
    assert pv("gate").status == 3


def test_deleted_evidence(gated: Any, pv: Any) -> None:
    """Uncommitted or committed, a deletion is a breach, and what was deleted still counts."""
    bundle = next((gated.root / "evidence").glob("*/*"))
    shutil.rmtree(gated.root / "evidence")
    assert codes(pv, "--base", "HEAD") == [("evidence-deleted", bundle.name)]
    git(gated.root, "commit", "-qam", "two")
    ran = pv("gate", "--base", "HEAD~1")
    assert ran.status == 4
    assert pv("gate", "--base", "HEAD").status == 3


def test_a_deleted_refutation(gated: Any, pv: Any) -> None:
    """Deleting the bundle that refutes a claim makes nothing better."""
    wall = {"wall_seconds": 4000.0}
    bad = gated.bundle(run=wall, summary=wall)
    git(gated.root, "add", "-A")
    git(gated.root, "commit", "-qm", "two")
    assert pv("gate", "--base", "HEAD").status == 1
    shutil.rmtree(bad)
    ran = pv("gate", "--base", "HEAD")
    assert ran.status == 4
    assert "FALSIFIED" in ran.out


def test_a_loosened_bound(gated: Any, pv: Any) -> None:
    """It is named with the evidence that was locked before; a waiver covers it, and is shown."""
    edit(gated.contract, "bound: 9.38", "bound: 11")
    found = codes(pv, "--base", "HEAD")
    assert ("claim-loosened", "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005") in found
    assert "was locked with more" in " ".join(pv("gate", "--base", "HEAD").out.split())
    with (gated.root / "pyproject.toml").open("a") as table:
        table.write(WAIVER)
    ran = pv("gate", "--base", "HEAD")
    assert ("claim-loosened", "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005") not in codes(pv, "--base", "HEAD")
    assert "waived by somebody@example.org" in " ".join(ran.out.split())


def test_an_unused_waiver(gated: Any, pv: Any) -> None:
    (gated.root / "pyproject.toml").write_text(TABLE + WAIVER)
    ran = pv("gate", "--base", "HEAD")
    assert ran.status == 0
    assert ran.err.startswith("waiver covers nothing, delete it: claim-loosened on FALSIFY")


@pytest.mark.parametrize(
    ("old", "new"),
    [("2999-01-01", "2020-01-01"), ('owner = "somebody@example.org"\n', ""), ("2999-01-01", '""')],
)
def test_a_waiver_that_covers_nothing_any_more(gated: Any, pv: Any, old: str, new: str) -> None:
    """An expired or incomplete waiver is an error that names it, used or not."""
    (gated.root / "pyproject.toml").write_text(TABLE + WAIVER.replace(old, new))
    ran = pv("gate", "--base", "HEAD")
    assert (ran.status, ran.out) == (2, "")
    assert "claim-loosened on FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005" in ran.err


def test_a_gate_that_asks_for_less(gated: Any, pv: Any) -> None:
    """The demand of the base's own table is part of the ratchet."""
    table = gated.root / "pyproject.toml"
    table.write_text(TABLE.replace("PARTIAL", "DISCHARGED"))
    git(gated.root, "commit", "-qam", "two")
    table.write_text(TABLE)
    assert codes(pv, "--base", "HEAD") == [("requirement-lowered", "C-APR-PRETRAIN-INIT-FINETUNE")]
    table.write_text("")
    assert "selection-shrunk" in {code for code, _ in codes(pv, "--base", "HEAD")}
    assert pv("gate", "--base", "HEAD").status == 4


def test_waivers_of_the_base(gated: Any, pv: Any) -> None:
    """A waiver that has expired meanwhile at the base is nobody's fault here."""
    (gated.root / "pyproject.toml").write_text(TABLE + WAIVER.replace("2999", "2020"))
    git(gated.root, "commit", "-qam", "two")
    (gated.root / "pyproject.toml").write_text(TABLE)
    assert pv("gate", "--base", "HEAD").status == 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_base_that_does_not_exist(gated: Any, pv: Any, form: str) -> None:
    ran = pv("gate", "--base", "v9", "--format", form)
    assert (ran.status, ran.out) == (2, "")
    assert "no such git revision" in ran.err


def test_no_repository(site: Any, pv: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(site.root.parent))
    (site.root / "pyproject.toml").write_text(TABLE)
    ran = pv("gate", "--base", "HEAD")
    assert ran.status == 2
    assert "not a git repository" in ran.err


def test_formats_that_disagree(gated: Any, pv: Any) -> None:
    """Text and JSON end alike, refused or not."""
    for change in (lambda: None, lambda: edit(gated.contract, "bound: 9.38", "bound: 11")):
        change()
        text, machine = pv("gate", "--base", "HEAD"), pv("gate", "--base", "HEAD", "--format", "json")
        payload = json.loads(machine.out)
        assert text.status == machine.status == payload["exit_status"]
        assert payload["accepted"] is (text.status == 0)
        assert payload["schema_version"] == "1"


def test_a_table_that_cannot_be_read(gated: Any, pv: Callable[..., Any]) -> None:
    for text in ("[tool.pv.gate", "[tool.pv]\ngate = 1\n", "[tool.pv.gate]\nrequire = 1\n"):
        (gated.root / "pyproject.toml").write_text(text)
        assert pv("gate").status == 2
