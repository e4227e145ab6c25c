"""Each claim of the contract about shapes is bound or says that it is not, and passes only if its faults were found.

Hunts for: a claim that passes though nobody showed that its falsifier can fail, or because somebody typed that it does.
Why it matters: the contract that this one replaces asked for nothing but a file that parses, and was always fulfilled.
How it looks: DISCHARGED beside a planted fault that was never tried, or that went by unseen.
If it strikes, suspect: pv/verdict/power.py, which reads the receipts; the index, which binds; the contract's own flags.
Blind spots: whether the evidence that the project keeps is there: what is judged is made up for this law.
Sources: DeMillo, Lipton and Sayward 1978; contracts/apr-pretrain-arch-polymorphic-v1.yaml.
"""

from __future__ import annotations

import importlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from falsifiers.job import INDEX
from falsifiers.law import one_law
from falsifiers.process import run

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 8
"""A case is a process of one second."""
STEM: Final = "apr-pretrain-arch-polymorphic-v1"
CONTRACT: Final = Path(__file__).parents[2] / "contracts" / f"{STEM}.yaml"
CLAIMS: Final = tuple(f"FALSIFY-{STEM.removesuffix('-v1').upper()}-{number}" for number in ("001", "005", "009"))
"""Claims that two faults are declared for."""
BEFORE, AFTER = "2026-01-01T10:00:00.000+00:00", "2026-01-01T10:01:00.000+00:00"
CASES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim whose law survived, what became of each of its faults, and whether somebody typed a verdict."""

    claim: str
    ends: tuple[str, ...]
    typed: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """All faults found, and each other end, typed and not."""
    from hypothesis import strategies as st

    ends = [("found", "found"), ("found", "unseen"), ("found", "untried"), ("untried", "untried")]
    ways = [(one, typed) for one in ends for typed in (False, True)]
    claims = (CLAIMS[number % len(CLAIMS)] for number in range(len(ways)))
    return st.sampled_from(
        [Case(claim=claim, ends=one, typed=typed) for claim, (one, typed) in zip(claims, ways, strict=True)]
    )


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: of the flags of the contract, of the verdict and of its reasons."""
    pv = importlib.import_module("pv.contract")
    contract = pv.load(CONTRACT).contract
    bound: dict[str, str] = json.loads(INDEX.read_text(encoding="utf-8"))["claims"]
    unbound = sum(one.planned == (one.id in bound) for one in contract.claims)
    claim = next(one for one in contract.claims if one.id == case.claim)
    faults = dict(zip(claim.counter_example_classes, case.ends, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _project(root, case)
        for fault, end in {"": "unseen", **faults}.items():
            if end != "untried":
                _seal(root, contract, claim, fault, found=end == "found")
        found = run("pv", "validate", f"contracts/{STEM}.yaml", "--no-cache", "--format", "json", cwd=root)
    judged: dict[str, Any] = json.loads(found.out)["contracts"][0]
    rows: dict[str, dict[str, Any]] = {row["id"]: row for row in judged["claims"]}
    shown = rows.pop(claim.id)
    others = sum(row["verdict"] != "UNTESTED" for row in rows.values())
    wanted = "DISCHARGED" if set(faults.values()) == {"found"} else "PARTIAL"
    said = " ".join(reason["message"] for reason in shown["reasons"])
    unnamed = sum(end != "found" and fault not in said for fault, end in faults.items())
    return float(unbound + others + (shown["verdict"] != wanted) + unnamed)


def _project(root: Path, case: Case) -> None:
    """A project of this contract alone; a typed verdict stands where the claim's rule begins."""
    text = CONTRACT.read_text(encoding="utf-8")
    if case.typed:
        text = text.replace(f"  - id: {case.claim}\n", f"  - id: {case.claim}\n    status: DISCHARGED\n")
    (root / "contracts").mkdir()
    (root / "contracts" / CONTRACT.name).write_text(text, encoding="utf-8")
    (root / "pyproject.toml").write_text("[tool.pv]\n", encoding="utf-8")


def _seal(root: Path, contract: Any, claim: Any, fault: str, *, found: bool) -> None:
    """Evidence as a trial of the claim leaves it, under a planted fault or under none."""
    binding, evidence = (importlib.import_module(f"pv.{name}") for name in ("binding", "evidence"))
    law = claim.measure.series.removeprefix("attack/")
    row = binding.Freshness().lock_row(claim, contract)
    parts: dict[str, Any] = {
        "claim.lock.json": {
            "schema_version": "1",
            "contract": {"id": contract.id, "version": "0", "path": f"contracts/{CONTRACT.name}", "digest": "d"},
            "profile": "functions",
            "claim": claim.id,
            "claims": [row],
            "locked_at": BEFORE,
        },
        "run.json": {
            "schema_version": "1",
            "contract": contract.id,
            "profile": "functions",
            "trainer": {"name": "functions", "modules": binding.module_digests(["aprtrain.errors"])},
            "mutant": {"name": fault, "patch": "mutant.patch"} if fault else None,
            "dataset": None,
            "seed": 0,
            "dirty_digest": "",
            "started_at": BEFORE,
            "finished_at": AFTER,
            "exit_code": 0,
            "exit_reason": "completed",
            "wall_seconds": 1.0,
            "device": {"platform": "cpu"},
        },
        f"attacks/{claim.id}.jsonl": [_attack(law, claim.measure.unit, found=found)],
        "processes.jsonl": [_process(claim.id, law, case) for case in range(1, CASES + 1)],
        "log.txt": f"{fault}\n",
        **({"mutant.patch": "--- a/aprtrain/x.py\n+++ b/aprtrain/x.py\n@@ -1 +1 @@\n-x\n+y\n"} if fault else {}),
    }
    staging = Path(tempfile.mkdtemp(dir=root))
    for name, value in parts.items():
        path = staging / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_content(name, value), encoding="utf-8")
    when = datetime(2026, 1, 1, tzinfo=UTC)
    evidence.seal(staging, root / "evidence", contract=STEM, profile="functions", when=when)


def _content(name: str, value: Any) -> str:
    if name.endswith(".jsonl"):
        return "".join(json.dumps(row) + "\n" for row in value)
    return value if isinstance(value, str) else json.dumps(value)


def _attack(law: str, unit: str, *, found: bool) -> Mapping[str, Any]:
    worst = float(found)
    return {
        "law": law,
        "role": "claim",
        "unit": unit,
        "tolerance": 0.0,
        "cases": CASES,
        "fewest": CASES,
        "discards": 0,
        "seed": 1,
        "worst": worst,
        "nearest_margin": worst,
        "outcome": "refuted" if found else "survived",
        "reason": "",
        "counterexample": {"case": {"seed": 1}, "reading": worst} if found else None,
    }


def _process(claim: str, law: str, case: int) -> Mapping[str, Any]:
    how = {"module": "aprtrain", "argv": [], "began": True, "status": 0, "stopped": "", "seconds": 1.0}
    digests = {"stdout_sha256": "0" * 64, "stderr_sha256": "0" * 64, "modules": 1, "modules_sha256": "0" * 64}
    return {"claim": claim, "law": law, "case": case, **how, **digests, "platform": "any"}


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
