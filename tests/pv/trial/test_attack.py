"""A claim about a command, from its contract to a verdict: real processes of a program of the project's own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
CLAIM = "FALSIFY-PROG-001"
FILES = {
    "pyproject.toml": '[tool.pv]\nfalsifiers = "laws"\n',
    "prog/__init__.py": "",
    "prog/__main__.py": "import sys\nfrom prog.cli import main\nsys.exit(main(sys.argv[1:]))\n",
    "prog/cli.py": "def main(argv):\n    return 2 if int(argv[0]) < 0 else 0\n",
    "laws/__init__.py": "",
    "laws/lenient.py": """\"\"\"A mutant.\"\"\"
from falsifiers.mutants.mutant import Edit, Mutant
MUTANT = Mutant(name="lenient", group="cli", summary="every number is taken", expect="",
    edits=(Edit(module="prog.cli", old="2 if int(argv[0]) < 0 else 0", new="0"),))
""",
    "laws/refusal.py": """\"\"\"Hunts for: a negative number that is taken.

Why it matters: it is a test.
\"\"\"
from dataclasses import dataclass
from pathlib import Path
from falsifiers import process
from falsifiers.law import one_law
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    n: int
def cases(_subject):
    from hypothesis import strategies as st
    return st.builds(Case, n=st.integers(-9, 9))
def reading(_subject, case):
    status = process.run("prog", str(case.n), cwd=Path.cwd()).status if case.n else 0
    return float(status != (2 if case.n < 0 else 0))
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=5)
""",
    "laws/index.json": json.dumps(
        {
            "schema_version": "1",
            "claims": {CLAIM: "refusal"},
            "falsifiers": {
                "refusal": {"about": "functions", "hunts": "h", "laws": ["refusal"], "module": "laws.refusal"}
            },
            "mutants": {"lenient": {"edits": ["prog.cli"], "module": "laws.lenient", "summary": "s"}},
        }
    ),
    "contracts/prog-v1.yaml": f"""pv: "1"
metadata: {{id: C-PROG, version: "1.0.0", description: d}}
system: {{program: prog}}
falsification_tests:
  - id: {CLAIM}
    rule: A negative number is refused.
    prediction: It exits with 2.
    if_fails: Look.
    requires: integration
    measure: {{series: attack/refusal, reduce: max, unit: errors}}
    op: "=="
    bound: 0
    counter_example_classes: [lenient]
""",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


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
    assert [row["case"] for row in ran] == list(range(1, 7))
    assert {(row["module"], row["began"], row["stopped"]) for row in ran} == {("prog", True, "")}
    assert {row["status"] for row in ran} == {0, 2}
    modules = json.loads((bundle / "raw" / "run.json").read_text())["trainer"]["modules"]
    assert set(modules) == {"prog", "prog.__main__", "prog.cli"}
    assert rows(bundle, f"attacks/{CLAIM}.jsonl")[0]["fewest"] == 5

    claim = claim_of(project)
    assert (claim["verdict"], claim["level"]) == ("DISCHARGED", "integration")
    (project / "prog" / "cli.py").write_text(FILES["prog/cli.py"] + "LIMIT = 3\n")
    claim = claim_of(project)
    assert claim["verdict"] == "PARTIAL"
    assert ["trainer module prog.cli has changed" in str(claim["reasons"])] == [True]


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
