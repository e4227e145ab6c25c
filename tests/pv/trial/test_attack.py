"""A claim about a command, from its contract to a verdict: real processes of a program of the project's own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pv.binding import Packages, SyntaxCache
from pv.evidence import reseal
from pv.trial.attack import oracles

CLAIM = "FALSIFY-PROG-001"


@pytest.fixture
def project(program_project: Path) -> Path:
    return program_project


def pv(folder: Path, *arguments: str) -> tuple[int, Any]:
    command = [sys.executable, "-P", "-m", "pv", *arguments, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=300)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def claim_of(folder: Path) -> Any:
    return pv(folder, "validate", "contracts")[1]["contracts"][0]["claims"][0]


def rows(bundle: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bundle / "raw" / name).read_text().splitlines()]


def test_a_command_that_was_really_run(project: Path) -> None:
    """One case of zero runs no process: drop it from the law, and the claim is discharged by processes alone."""
    law = project / "laws" / "refusal.py"
    status, found = pv(project, "discharge", CLAIM, "--run")
    assert (status, found["verdict"], found["level"]) == (3, "PARTIAL", "algorithm")
    assert {reason["code"] for reason in found["reasons"]} >= {"level-below-required", "case-starvation"}

    law.write_text(law.read_text().replace("st.integers(-9, 9)", "st.integers(-9, 9).filter(bool)"))
    killed = pv(project, "discharge", CLAIM, "--run", "--keep", "--mutant", "lenient")
    assert (killed[0], killed[1]["verdict"]) == (1, "FALSIFIED")
    status, found = pv(project, "discharge", CLAIM, "--run", "--keep")
    assert (found["verdict"], found["level"], status) == ("DISCHARGED", "integration", 0), found["reasons"]

    bundle = project / found["bundle"]
    ran = rows(bundle, "processes.jsonl")
    assert [row["case"] for row in ran] == list(range(1, 6))
    assert {(row["module"], row["began"], row["stopped"]) for row in ran} == {("prog", True, "")}
    assert {row["status"] for row in ran} == {0, 2}
    modules = json.loads((bundle / "raw" / "run.json").read_text())["trainer"]["modules"]
    assert set(modules) == {"prog", "prog.__main__", "prog.cli"}
    assert rows(bundle, f"attacks/{CLAIM}.jsonl")[0]["fewest"] == 5

    claim = claim_of(project)
    assert (claim["verdict"], claim["level"]) == ("DISCHARGED", "integration")
    source = project / "prog" / "cli.py"
    source.write_text(source.read_text() + "LIMIT = 3\n")
    claim = claim_of(project)
    assert claim["verdict"] == "PARTIAL"
    assert "trainer module prog.cli has changed" in str(claim["reasons"])


def test_an_oracle_that_rests_on_what_it_judges(project: Path) -> None:
    """An oracle of the project's own that imports the program, also inside a function, keeps the claim at PARTIAL."""
    (project / "laws" / "oracles").mkdir()
    (project / "laws" / "oracles" / "__init__.py").write_text("")
    oracle, law = project / "laws" / "oracles" / "status.py", project / "laws" / "refusal.py"
    oracle.write_text("def expected(n):\n    from prog.cli import main\n    return main([str(n)])\n")
    text = law.read_text().replace("st.integers(-9, 9)", "st.integers(-9, 9).filter(bool)")
    law.write_text(text.replace("(2 if case.n < 0 else 0)", "expected(case.n)"))
    law.write_text(law.read_text().replace("from pathlib", "from laws.oracles.status import expected\nfrom pathlib"))
    found = pv(project, "discharge", CLAIM, "--run")[1]
    assert "oracle-not-independent" in {reason["code"] for reason in found["reasons"]}
    run = json.loads((project / found["bundle"] / "raw" / "run.json").read_text())
    assert run["oracles"] == {"laws.oracles.status": ["prog", "prog.cli"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def expected(n):\n    return 2 if n < 0 else 0\n", []),
        ("def expected(n):\n    from prog.cli import main\n", ["prog", "prog.cli"]),
        ("from laws.oracles.other import x\n", ["prog"]),
        ("import json, numpy, falsifiers.oracles.decoder\n", []),
    ],
)
def test_what_an_oracle_reaches(project: Path, text: str, expected: list[str]) -> None:
    """Modules under test, reached in a function or by another oracle; installed packages and oracles are no matter."""
    folder, raw = project / "laws" / "oracles", project / "raw"
    folder.mkdir()
    raw.mkdir()
    for name, content in {"__init__": "", "status": text, "other": "import prog\n"}.items():
        (folder / f"{name}.py").write_text(content)
    row = {"judge": "function judge", "modules": ["laws.oracles.status", "laws.refusal", "numpy"]}
    (raw / "imports.jsonl").write_text(json.dumps(row) + "\n")
    packages = Packages(own=("laws",), folders=(str(project),))
    found = oracles(raw, ["prog.cli", "prog"], packages, SyntaxCache(folders=packages.folders))
    assert found == {"laws.oracles.status": expected}


def told(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-P", "-m", "pv", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=300).stdout


def test_a_run_made_again_after_the_fix(project: Path) -> None:
    """The story's way: refuted, mended, run again; what changed is stated, shown, and recomputed."""
    source, law = project / "prog" / "cli.py", project / "laws" / "refusal.py"
    law.write_text(law.read_text().replace("st.integers(-9, 9)", "st.integers(-9, 9).filter(bool)"))
    sound = source.read_text()
    source.write_text(sound.replace("2 if int", "1 if int"))
    status, before = pv(project, "discharge", CLAIM, "--run")
    assert (status, before["verdict"], before["redispatch"]) == (1, "FALSIFIED", None)
    former = project / before["bundle"]

    source.write_text(sound)
    shown = told(project, "discharge", CLAIM, "--redispatch-of", former.name)
    assert f"made again of {former.name}" in shown
    status, now = pv(project, "discharge", CLAIM, "--run", "--keep", "--redispatch-of", former.name)
    assert now["redispatch"]["bundle"] == former.name
    assert [(one["part"], one["name"]) for one in now["redispatch"]["changed"]] == [("code", "prog.cli")]
    assert (now["former"]["verdict"], now["verdict"]) == ("FALSIFIED", "PARTIAL")
    assert "redispatch-misstated" not in {reason["code"] for reason in now["reasons"]}
    kept = project / "evidence" / "prog-v1"
    assert sorted(path.name for path in kept.iterdir()) == sorted([former.name, Path(now["bundle"]).name])
    assert f"made again of {former.name} code: prog.cli" in " ".join(told(project, "verify", now["bundle"]).split())
    explained = " ".join(told(project, "explain", CLAIM).split())
    assert f"made again of {former.name} code: prog.cli" in explained
    assert "verdict FALSIFIED PARTIAL" in explained

    run = project / now["bundle"] / "raw" / "run.json"
    record = json.loads(run.read_text())
    record["redispatch_of"]["changed"] = []
    run.write_text(json.dumps(record))
    lying = reseal(project / now["bundle"])
    found = pv(project, "verify", str(lying))[1]["bundles"][0]["claims"][0]
    assert (found["verdict"], found["reasons"][0]["code"]) == ("SUSPECT", "redispatch-misstated")
    assert "not stated: code prog.cli was" in found["reasons"][0]["message"]

    shutil.rmtree(kept / former.name)
    shutil.rmtree(project / ".pv" / "runs")
    claim = claim_of(project)
    assert claim["verdict"] == "PARTIAL"
    assert f"{former.name}, of which it was made again, is not among the evidence" in str(claim["reasons"])


def test_a_former_that_is_none(project: Path) -> None:
    command = ["-m", "pv", "discharge", CLAIM, "--run", "--redispatch-of", "evidence"]
    done = subprocess.run(
        [sys.executable, "-P", *command], capture_output=True, text=True, check=False, cwd=project, timeout=60
    )
    assert done.returncode == 2
    assert "--redispatch-of evidence: no such bundle" in done.stderr


def test_a_record_of_processes_that_was_written_by_hand(project: Path) -> None:
    found = pv(project, "discharge", CLAIM, "--run", "--keep")[1]
    bundle = project / found["bundle"]
    edited = [row | {"began": True, "module": "prog"} for row in rows(bundle, "processes.jsonl")]
    edited.append(edited[0] | {"case": 6})
    (bundle / "raw" / "processes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in edited))
    status, _ = pv(project, "verify", str(bundle))
    assert status == 4
    claim = claim_of(project)
    assert claim["verdict"] == "SUSPECT"
    assert "altered-evidence" in {reason["code"] for reason in claim["reasons"]}


def test_a_planned_claim_is_not_tried(project: Path) -> None:
    """Nothing would be judged of it, so nothing is run for it."""
    path = project / "contracts" / "prog-v1.yaml"
    path.write_text(
        path.read_text().replace(
            "counter_example_classes: [lenient]", "planned: true\n    counter_example_classes: [lenient]"
        )
    )
    command = [sys.executable, "-P", "-m", "pv", "discharge", CLAIM, "--run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "it is planned, so that nothing is judged" in done.stderr
    assert not (project / ".pv" / "runs").exists()
