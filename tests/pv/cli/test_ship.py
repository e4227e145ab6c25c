"""`pv ship`."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
LEDGER = """ship: "1"
models:
  - id: MODEL-1
    says: A model.
    criteria:
      - {id: AC-1, says: It ends., weight: 30, claims: [FALSIFY-001, FALSIFY-006]}
      - {id: AC-2, says: It is good., weight: 70, claims: [FALSIFY-005]}
    steps:
      - {id: RUN, says: Run it., estimate_days: 2, claims: [FALSIFY-001, FALSIFY-006]}
"""


def git(folder: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture
def shipped(site: Any) -> Any:
    """A project with a ledger and without evidence, whose contract asks for a run on a CPU and for no receipts."""
    text = site.contract.read_text(encoding="utf-8").replace("requires: live", "requires: integration")
    text = re.sub(r"    counter_example_classes:.*\n(      .*\n)*", "", text)
    site.contract.write_text(text, encoding="utf-8")
    (site.root / "ship.yaml").write_text(LEDGER)
    git(site.root, "init", "-q")
    (site.root / ".gitignore").write_text(".pv/\n")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "one")
    return site


def models(ran: Any) -> Any:
    return json.loads(ran.out)["models"]


def test_evidence_that_moves_the_ledger(shipped: Any, pv: Any) -> None:
    """0 % without evidence, 100 % with it, and what moved is told with the bundle that moved it."""
    ran = pv("ship")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("0 %  MODEL-1")
    assert "next: AC-1, 30 points, about 2 days of work (RUN)" in ran.out
    assert "FALSIFY-001 UNTESTED: no-evidence" in ran.out

    bundle = shipped.bundle()
    ran = pv("ship", "--since", "HEAD")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("100 %  MODEL-1")
    assert "MODEL-1: 0 % -> 100 % (+100 by evidence, +0 by edits of the ledger)" in ran.out
    assert f"{PREFIX}005: UNTESTED -> DISCHARGED at integration ({bundle.name})" in " ".join(ran.out.split())
    assert "nothing is missing" in ran.out
    since = json.loads(pv("ship", "--since", "HEAD", "--format", "json").out)["since"]
    (course,) = since["models"]
    assert (course["before"], course["after"], course["by_evidence"], course["by_ledger"]) == (0, 100, 100, 0)
    assert course["moved"][1]["transitions"][0]["after"]["evidence"] == [bundle.name]


def test_an_edit_that_moves_the_ledger(shipped: Any, pv: Any) -> None:
    """A criterion that asks for less earns its points by an edit, not by evidence."""
    shipped.bundle(run={"device": {"platform": "cpu"}})
    git(shipped.root, "add", "-A")
    git(shipped.root, "commit", "-qm", "two")
    easier = LEDGER.replace("weight: 30", "weight: 90").replace("weight: 70", "weight: 10")
    (shipped.root / "ship.yaml").write_text(easier)
    (course,) = json.loads(pv("ship", "--since", "HEAD", "--format", "json").out)["since"]["models"]
    assert course["by_evidence"] == 0
    assert course["after"] - course["before"] == course["by_ledger"]
    assert "the ledger changed its weight" in pv("ship", "--since", "HEAD").out


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_percentage_typed_above_the_derived_one(shipped: Any, pv: Any, form: str) -> None:
    """57 typed where nothing was shown is refused, at its place, in every format; 0 is not."""
    ledger = shipped.root / "ship.yaml"
    ledger.write_text(LEDGER.replace("    says: A model.\n", "    says: A model.\n    claimed: 57\n"))
    ran = pv("ship", "--format", form)
    assert ran.status == 4
    assert "ship.yaml:5:14: error over-claim: MODEL-1 claims 57 %, the evidence gives 0 %" in ran.err
    assert "57" in ran.out
    ledger.write_text(ledger.read_text().replace("claimed: 57", "claimed: 0"))
    assert pv("ship", "--format", form).status == 0


def test_what_speaks_against_a_claim(shipped: Any, pv: Any) -> None:
    """SUSPECT is 4 and FALSIFIED 1, whatever the percentage."""
    bundle = shipped.bundle(data=lambda data: {**data, "round_trip": {"documents": 40, "equal": 20}})
    assert pv("ship").status == 4
    assert "70      open" in pv("ship").out
    subprocess.run(["rm", "-r", str(bundle)], check=True)
    shipped.bundle(attacks=lambda rows: {**rows, f"{PREFIX}001": [{**rows[f"{PREFIX}001"][0], "outcome": "refuted"}]})
    ran = pv("ship", "--format", "json")
    assert ran.status == 1
    assert models(ran)[0]["steps"][0]["state"] == "stuck"


def test_a_ledger_that_cannot_be_read(shipped: Any, pv: Any) -> None:
    (shipped.root / "ship.yaml").write_text(
        LEDGER.replace("weight: 70", "weight: 71").replace("[FALSIFY-005]", "[F-5]")
    )
    ran = pv("ship")
    assert (ran.status, ran.out) == (2, "")
    assert "ship.yaml:5:5: error bad-weights: the weights of MODEL-1 sum to 101" in ran.err
    assert "unknown-claim" in ran.err
    (shipped.root / "ship.yaml").unlink()
    subprocess.run(["rm", "-r", str(shipped.root / "contracts")], check=True)
    ran = pv("ship")
    assert ran.status == 2
    assert "pv schema ship" in ran.err


def test_a_ledger_of_another_name(shipped: Any, pv: Any) -> None:
    """Any file can be shown; of a revision only the project's own is read."""
    other = shipped.root / "other.yaml"
    other.write_text(LEDGER.replace("MODEL-1", "MODEL-9"))
    assert pv("ship", other).out.startswith("0 %  MODEL-9")
    ran = pv("ship", other, "--since", "HEAD")
    assert (ran.status, ran.out) == (2, "")
    assert "leave FILE out" in ran.err
    assert pv("ship", shipped.root / "ship.yaml", "--since", "HEAD").status == 0


def test_revisions_without_a_ledger(shipped: Any, pv: Any) -> None:
    git(shipped.root, "rm", "-q", "--cached", "ship.yaml")
    git(shipped.root, "commit", "-qm", "two")
    ran = pv("ship", "--since", "HEAD")
    assert (ran.status, ran.err) == (0, "HEAD has no ship.yaml: every model of today is new\n")
    assert "MODEL-1: absent -> 0 %" in ran.out
    assert pv("ship", "--since", "nowhere").status == 2
    (shipped.root / "ship.yaml").write_text("ship: '2'\n")
    git(shipped.root, "add", "-A")
    git(shipped.root, "commit", "-qm", "three")
    (shipped.root / "ship.yaml").write_text(LEDGER)
    ran = pv("ship", "--since", "HEAD")
    assert ran.status == 2
    assert "HEAD:ship.yaml:1:" in ran.err


def test_markdown(shipped: Any, pv: Any) -> None:
    """Every string is escaped, and the tables are whole."""
    (shipped.root / "ship.yaml").write_text(LEDGER.replace("It is good.", "'<b>|good|</b>'"))
    shipped.bundle()
    out = pv("ship", "--since", "HEAD", "--format", "markdown").out
    assert "## MODEL-1: 100 %" in out
    assert "<b>" not in out
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4, 5}
