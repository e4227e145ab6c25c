"""`pv validate`."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Golden = Callable[[str, str], None]
FORBIDDEN = (
    *("numpy", "jax", "jaxlib", "flax", "hypothesis", "scipy", "matplotlib", "rich"),
    *("falsifiers", "aprtrain", "pv.contract.legacy"),
)


def test_untested(site: Any, pv: Any, golden: Golden) -> None:
    """Without evidence everything is UNTESTED, which is no failure, and nothing was measured."""
    ran = pv("validate", "contracts")
    assert (ran.status, ran.err) == (0, "nothing was measured: no evidence speaks about these claims\n")
    golden("validate-untested.txt", ran.out)


def test_survived(site: Any, pv: Any, golden: Golden) -> None:
    """An honest run at level integration leaves a contract that asks for live at PARTIAL, and says so."""
    site.bundle()
    ran = pv("validate", "contracts")
    assert (ran.status, ran.err) == (0, "")
    golden("validate-partial.txt", ran.out)


def test_json_of_a_survivor(site: Any, pv: Any, golden: Golden) -> None:
    """The same as JSON."""
    site.bundle()
    ran = pv("validate", "--format", "json", site.contract.relative_to(site.root))
    assert ran.status == 0
    golden("validate-partial.json", ran.out)


def test_text_that_disagrees_with_json(site: Any, pv: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts, denominators and exit status are the same in both formats."""
    monkeypatch.setenv("COLUMNS", "160")
    site.bundle(run={"exit_code": 139}, summary={"exit_reason": "diverged"})
    text, machine = pv("validate"), pv("validate", "--format", "json")
    payload = json.loads(machine.out)
    assert text.status == machine.status == 4
    told = dict(re.findall(r"^  (FALSIFY-\d+) +([A-Z]+) ", text.out, flags=re.MULTILINE))
    assert told == {claim["aliases"][0]: claim["verdict"] for claim in payload["contracts"][0]["claims"]}
    summary = payload["summary"]
    assert f"{summary['evaluated']} evaluated, {summary['untested']} untested; 0 errors, 0 warnings" in text.out


def test_falsified(site: Any, pv: Any) -> None:
    """A claim that the measurement refutes makes 1."""
    site.bundle(run={"wall_seconds": 4000.0}, summary={"wall_seconds": 4000.0})
    ran = pv("validate", "--format", "json")
    verdicts = {claim["aliases"][0]: claim["verdict"] for claim in json.loads(ran.out)["contracts"][0]["claims"]}
    assert verdicts["FALSIFY-002"] == "FALSIFIED"
    assert ran.status == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_altered_evidence(site: Any, pv: Any, form: str) -> None:
    """One byte changed under `raw/` makes 4, and the file is named."""
    metrics = site.bundle() / "raw" / "metrics.jsonl"
    content = metrics.read_bytes()
    metrics.write_bytes(content.replace(b"0", b"1", 1))
    ran = pv("validate", "--format", form)
    assert ran.status == 4
    assert "SUSPECT" in ran.out
    assert "raw/metrics.jsonl" in ran.out


def test_altered_scratch_run(site: Any, pv: Any) -> None:
    """A run tried by hand counts for nothing; one that was altered is an error that names the file, and makes 4."""
    scratch = site.bundle(".pv/runs")
    assert pv("validate").status == 0
    assert '"bundles": []' in pv("validate", "--format", "json").out
    (scratch / "raw" / "data.json").write_text("{}")
    ran = pv("validate")
    assert ran.status == 4
    assert re.search(r"^\.pv/runs/.*/raw/data\.json:1:1: error\[altered-evidence\]", ran.out, flags=re.MULTILINE)
    problems = json.loads(pv("validate", "--format", "json").out)["contracts"][0]["problems"]
    assert [(problem["code"], problem["severity"]) for problem in problems] == [("altered-evidence", "error")]


def test_scratch_run_of_another_contract(site: Any, pv: Any) -> None:
    """Only runs of the selected contracts are looked at."""
    scratch = site.bundle(".pv/runs", contract="another-contract-v1")
    (scratch / "raw" / "data.json").write_text("{}")
    assert pv("validate").status == 0


def test_derived_data_that_lies(site: Any, pv: Any) -> None:
    """An edited `derived/verdict.json` changes no verdict and is a finding."""
    derived = site.bundle() / "derived"
    derived.mkdir()
    (derived / "verdict.json").write_text('{"schema_version": "1", "claims": {"x": "DISCHARGED"}}')
    ran = pv("validate", "--format", "json")
    claims = json.loads(ran.out)["contracts"][0]["claims"]
    assert ran.status == 0
    assert {claim["verdict"] for claim in claims} == {"PARTIAL"}
    assert "derived-verdict-differs" in {finding["rule"] for claim in claims for finding in claim["findings"]}


def test_status_typed_by_hand(site: Any, pv: Any) -> None:
    """A hand-written DISCHARGED changes no verdict, is an over-claim, and makes 4."""
    text = site.contract.read_text(encoding="utf-8")
    site.contract.write_text(
        text.replace("    ship_blocking: true\n", "    ship_blocking: true\n    status: DISCHARGED\n", 1)
    )
    ran = pv("validate")
    assert ran.status == 4
    assert re.search(r"contracts/\S+:\d+:\d+: error\[over-claim\]", ran.out)
    assert "DISCHARGED" not in re.findall(r"^  FALSIFY-\d+ +([A-Z]+) ", ran.out, flags=re.MULTILINE)


def test_invalid_contract(site: Any, pv: Any) -> None:
    """A contract with an error makes 2, at its line and column, whatever else is true."""
    site.contract.write_text('pv: "1"\nmetadata: {id: C-X, version: 1.0}\n')
    ran = pv("validate", "contracts", "--format", "text")
    assert ran.status == 2
    assert re.search(r"^contracts/\S+\.yaml:2:\d+: error\[bad-version\]", ran.out, flags=re.MULTILINE)
    assert pv("validate", "--format", "json").status == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_contract(site: Any, pv: Any, form: str) -> None:
    """An empty folder makes 3 and says that nothing was measured."""
    (site.root / "empty").mkdir()
    ran = pv("validate", "empty", "--format", form)
    assert ran.status == 3
    assert ran.err == "no contract was found, so nothing was measured\n"
    assert "0 contracts" in ran.out or json.loads(ran.out)["summary"]["contracts"] == 0


def test_missing_path(site: Any, pv: Any) -> None:
    """A path that does not exist makes 2 and says that nothing was measured."""
    ran = pv("validate", "nowhere")
    assert (ran.status, ran.out) == (2, "")
    assert "nowhere" in ran.err
    assert "nothing was measured" in ran.err


def test_deleted_scratch(site: Any, pv: Any) -> None:
    """Deleting `.pv/` and `derived/` changes not one byte of the answer."""
    import shutil

    bundle = site.bundle()
    site.bundle(".pv/runs", mutant="unk-corpus")
    (bundle / "derived").mkdir()
    before = pv("validate", "--format", "json")
    shutil.rmtree(site.root / ".pv")
    shutil.rmtree(bundle / "derived")
    assert pv("validate", "--format", "json") == before


def test_project_of_the_path(site: Any, pv: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From another folder, the evidence of the contract's own project is found."""
    site.bundle()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    payload = json.loads(pv("validate", site.contract, "--format", "json").out)
    assert payload["summary"]["evaluated"] == 7


def test_heavy_import(site: Any) -> None:
    """No array library, falsifier, trainer, rich text or rule of the older tool is imported; the verdicts are there."""
    site.bundle()
    script = (
        "import sys\nfrom pv.cli import run\nstatus = run(['validate', 'contracts'])\n"
        f"found = [name for name in {FORBIDDEN!r} if name in sys.modules]\n"
        "sys.exit(f'imported: {found}' if found else status)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "PARTIAL" in done.stdout


def test_reader_that_left(site: Any) -> None:
    """A closed pipe is no error and leaves no word; the exit status is that of the verdicts."""
    command = f'set -o pipefail; "{sys.executable}" -m pv validate contracts | head -0'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr in {"", "nothing was measured: no evidence speaks about these claims\n"}


def test_the_dialect_decides_what_a_legacy_file_may_leave_out(site: Any, pv: Any, tmp_path: Path) -> None:
    """The older generation demands equations; the newer one does not of a schema. No cache mixes the two up."""
    path = tmp_path / "legacy-v1.yaml"
    path.write_text('metadata: {version: "1.0.0", description: d, references: [r], kind: schema}\n')
    dialects = ("old", "new", "old", "new")
    assert [pv("validate", str(path), "--dialect", dialect).status for dialect in dialects] == [2, 0, 2, 0]
