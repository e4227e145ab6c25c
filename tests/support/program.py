"""A project with a program of its own, one claim about it, the law that is bound to it, and a fault to plant."""

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
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


def write_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the project, and let its processes find this checkout."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder
