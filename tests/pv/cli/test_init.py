"""`pv init [DIR]`."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def bare(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder outside any project."""
    folder = tmp_path / "bare"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_project_that_works(bare: Path, pv: Any) -> None:
    """Afterwards every command that reads contracts works there."""
    ran = pv("init")
    assert (ran.status, ran.err) == (0, "")
    assert "wrote contracts/first-claim-v1.yaml" in ran.out
    validated = pv("validate")
    assert validated.status == 0
    assert "1 contract, 1 claim, 0 evaluated, 1 untested; 0 errors, 0 warnings" in validated.out
    assert "no-evidence" in validated.out
    assert [pv(*command).status for command in (("graph",), ("status",), ("coverage",), ("query", "first"))] == [0] * 4
    assert pv("explain", "FALSIFY-FIRST-CLAIM-001").status == 0
    assert pv("new", "claim", "second").status == 0


def test_what_is_written(bare: Path, pv: Any) -> None:
    """Everything that is written is said, and can be read by what reads it."""
    ran = pv("init", "deep/project")
    root = bare / "deep" / "project"
    files = sorted(path.relative_to(bare).as_posix() for path in root.rglob("*") if path.is_file())
    said = sorted(line.removeprefix("wrote ") for line in ran.out.splitlines() if line.startswith("wrote "))
    assert said == files
    assert tomllib.loads((root / "pyproject.toml").read_text())["tool"]["pv"]["evidence"] == "evidence"
    workflow = yaml.safe_load((root / ".github" / "workflows" / "contracts.yml").read_text())
    assert workflow["jobs"]["validate"]["steps"][-1]["run"] == "python -m pv validate"
    assert (root / "contracts" / "schema.json").read_text() == pv("schema").out


def python(bare: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=bare, timeout=120
    )


def test_the_law_holds(bare: Path, pv: Any) -> None:
    """The tests of the first law pass, and those of one more."""
    pv("init")
    assert pv("new", "falsifier", "order-free").status == 0
    done = python(bare, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "laws")
    assert (done.returncode, "4 passed" in done.stdout) == (0, True), done.stdout


def test_from_nothing_to_discharged(bare: Path) -> None:
    """Real processes: bound and untested, then attacked, the fault refuted, and with that receipt discharged."""

    def pv(*arguments: str) -> tuple[int, dict[str, Any]]:
        done = python(bare, "-m", "pv", *arguments, "--format", "json")
        return done.returncode, json.loads(done.stdout or "{}")

    assert python(bare, "-m", "pv", "init").returncode == 0
    status, validated = pv("validate")
    assert (status, validated["contracts"][0]["claims"][0]["reasons"][0]["code"]) == (0, "no-evidence")
    attack = ("discharge", "FALSIFY-FIRST-CLAIM-001", "--run")
    status, first = pv(*attack)
    assert (status, first["verdict"], first["level"]) == (3, "PARTIAL", "algorithm")
    assert [reason["code"] for reason in first["reasons"]] == ["mutant-without-receipt"]
    status, killed = pv(*attack, "--mutant", "mean-of-means", "--keep")
    assert (status, killed["verdict"]) == (1, "FALSIFIED")
    status, last = pv(*attack, "--keep")
    assert (status, last["verdict"]) == (0, "DISCHARGED")
    assert pv("validate")[1]["contracts"][0]["stamp"] == "DISCHARGED"
    function = bare / "held_out.py"
    function.write_text(function.read_text().replace("math.fsum(", "0 * math.fsum("))
    assert pv("validate")[1]["contracts"][0]["claims"][0]["reasons"][0]["code"] == "stale-evidence"
    assert (pv(*attack)[0], pv("validate", "--no-cache")[0]) == (1, 0)


def test_binding_imports_no_law(bare: Path) -> None:
    """A law that cannot be imported binds all the same; attacking it is an error that says so."""
    assert python(bare, "-m", "pv", "init").returncode == 0
    (bare / "laws" / "__init__.py").write_text("raise SystemExit('imported')")
    assert python(bare, "-m", "pv", "validate").returncode == 0
    done = python(bare, "-m", "pv", "discharge", "--all", "--run")
    assert done.returncode == 3
    assert "could not be attacked" in done.stderr


def test_a_table_that_is_there(bare: Path, pv: Any) -> None:
    """It gets the package of falsifiers, without which the claim would lead nowhere."""
    (bare / "pyproject.toml").write_text('[tool.pv]  # mine\nevidence = "proof"\n')
    assert pv("init").status == 0
    assert tomllib.loads((bare / "pyproject.toml").read_text())["tool"]["pv"] == {
        "falsifiers": "laws",
        "evidence": "proof",
    }
    assert pv("validate").status == 0


def test_twice(bare: Path, pv: Any) -> None:
    """A second time nothing is written, and the files in the way are named."""
    pv("init")
    before = {path: path.read_bytes() for path in bare.rglob("*") if path.is_file()}
    ran = pv("init")
    assert (ran.status, "contracts/first-claim-v1.yaml" in ran.err, "not overwritten" in ran.err) == (2, True, True)
    assert {path: path.read_bytes() for path in bare.rglob("*") if path.is_file()} == before


def test_files_that_are_there(bare: Path, pv: Any) -> None:
    """An existing pyproject and .gitignore get what they lack at their end, and keep the rest."""
    (bare / "pyproject.toml").write_text('[project]\nname = "x"  # mine')
    (bare / ".gitignore").write_text("build/")
    ran = pv("init")
    assert "added to pyproject.toml" in ran.out
    text = (bare / "pyproject.toml").read_text()
    assert text.startswith('[project]\nname = "x"  # mine\n')
    assert tomllib.loads(text)["tool"]["pv"]["contracts"] == "contracts"
    assert (bare / ".gitignore").read_text() == "build/\n.pv/\n"


def test_nothing_is_added_twice(bare: Path, pv: Any) -> None:
    """A table and a line that are there already stay as they are."""
    (bare / "pyproject.toml").write_text('[tool.pv]\nfalsifiers = ["laws"]\n')
    (bare / ".gitignore").write_text(".pv/\n")
    assert "added to" not in pv("init").out
    assert (bare / "pyproject.toml").read_text() == '[tool.pv]\nfalsifiers = ["laws"]\n'


@pytest.mark.parametrize("text", ["[", "tool = {}\n", "tool = 3\n", "\xff"])
def test_a_pyproject_that_cannot_take_the_table(bare: Path, pv: Any, text: str) -> None:
    """Nothing at all is written then."""
    (bare / "pyproject.toml").write_bytes(text.encode("latin-1"))
    ran = pv("init")
    assert (ran.status, "pyproject.toml" in ran.err) == (2, True)
    assert [path.name for path in bare.iterdir()] == ["pyproject.toml"]


def test_a_file_for_a_folder(bare: Path, pv: Any) -> None:
    """A file cannot become a project."""
    (bare / "file").touch()
    assert pv("init", "file").status == 2
