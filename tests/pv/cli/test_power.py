"""`pv power`."""

import json
from pathlib import Path
from typing import Any

from pv.evidence import read_jsonl, write_jsonl

ID = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"


def misread(raw: Path) -> None:
    for file in sorted((raw / "attacks").iterdir()):
        rows = [{**row, "worst": 9.0} if row["law"] == "causality" else row for row in read_jsonl(file)]
        write_jsonl(file, rows)


def test_the_kept_matrix(site: Any, pv: Any) -> None:
    """From bundles alone, without running anything: what was killed, and everything that was not run."""
    site.bundle()
    site.bundle(mutant="unk-corpus", edit=misread)
    ran = pv("power", "--recorded", "--format", "json")
    payload = json.loads(ran.out)
    assert (ran.status, payload["schema_version"]) == (0, "1")
    assert payload["summary"]["killed"] == 1
    assert payload["summary"]["mutants"] == payload["summary"]["not_run"] + 1
    assert (payload["summary"]["clean_runs"], payload["summary"]["false_alarms"]) == (1, 0)
    (cell,) = [cell for cell in payload["cells"] if (cell["claim"], cell["mutant"]) == (ID, "unk-corpus")]
    assert (cell["state"], cell["by"]) == ("killed", ["causality"])
    assert not (site.root / ".pv" / "runs").exists()


def test_a_false_alarm_that_leaves_the_status(site: Any, pv: Any) -> None:
    site.bundle(mutant="unk-corpus", edit=misread)
    site.bundle(edit=misread)
    ran = pv("power", "--recorded")
    assert (ran.status, "alarms on clean runs" in ran.out) == (4, True)


def test_nothing_was_run(site: Any, pv: Any) -> None:
    """Honest runs alone say nothing about power."""
    site.bundle()
    ran = pv("power", "--recorded")
    assert (ran.status, "the power of no falsifier is known" in ran.err) == (3, True)


def test_stale_runs_are_no_power(site: Any, pv: Any) -> None:
    """They are shown as not run, and none of them is chosen to be run again."""
    site.bundle(mutant="unk-corpus", edit=misread)
    text = site.contract.read_text(encoding="utf-8")
    site.contract.write_text(text.replace("bound: 9.38", "bound: 9.0"), encoding="utf-8")
    ran = pv("power", "apr-pretrain-init-finetune-v1", "--recorded", "--sample", "5", "--format", "json")
    payload = json.loads(ran.out)
    cells = [cell for cell in payload["cells"] if cell["claim"] == ID]
    assert {(cell["state"], cell["note"]) for cell in cells if cell["bundle"]} == {("not run", "what was run is stale")}
    assert payload["repeats"] == []


def test_one_contract(site: Any, pv: Any) -> None:
    """By path, id or name of the file; only the mutants that its claims name are columns."""
    site.bundle(mutant="unk-corpus", edit=misread)
    for name in ("contracts", "C-APR-PRETRAIN-INIT-FINETUNE", "apr-pretrain-init-finetune-v1"):
        ran = pv("power", name, "--recorded", "--format", "json")
        assert (ran.status, json.loads(ran.out)["summary"]["mutants"]) == (0, 8)


def test_no_such_contract(site: Any, pv: Any) -> None:
    ran = pv("power", "nothing-v1", "--recorded")
    assert (ran.status, "nothing-v1: no such contract" in ran.err) == (2, True)
    assert "apr-pretrain-init-finetune-v1" in ran.err


def test_a_contract_with_errors(site: Any, pv: Any) -> None:
    site.contract.write_text("- 1\n")
    assert pv("power", "--recorded").status == 2


def test_the_page(site: Any, pv: Any, tmp_path: Path) -> None:
    site.bundle(mutant="unk-corpus", edit=misread)
    page = tmp_path / "power.html"
    assert pv("power", "--recorded", "--format", "html", "--out", page).status == 0
    assert "Kill matrix" in page.read_text(encoding="utf-8")
    gone = pv("power", "--recorded", "--out", tmp_path / "gone" / "power.txt")
    assert (gone.status, "cannot be written" in gone.err) == (2, True)


def test_a_falsifier_that_kills_nothing(site: Any, pv: Any) -> None:
    """A claim whose declared mutants survive is PARTIAL at best, with a receipt either way."""
    site.bundle()
    site.bundle(mutant="unk-corpus", reported=lambda rows: [{**row, "loss": row["loss"] + 1e-3} for row in rows])
    payload = json.loads(pv("validate", "contracts", "--format", "json").out)
    claim = next(one for one in payload["contracts"][0]["claims"] if one["id"] == ID)
    assert claim["verdict"] == "PARTIAL"
    assert "unk-corpus: it survived" in json.dumps(claim)


def test_a_mutant_that_is_no_longer_declared(site: Any, pv: Any) -> None:
    """Validate says which kill is not asked for any more."""
    site.bundle()
    text = site.contract.read_text(encoding="utf-8")
    assert text.count("unk-corpus, ") == 1
    site.contract.write_text(text.replace("unk-corpus, ", ""), encoding="utf-8")
    ran = pv("validate", "contracts", "--format", "json")
    assert "unk-corpus: its kill was asked for when locked, and is not now" in ran.out
