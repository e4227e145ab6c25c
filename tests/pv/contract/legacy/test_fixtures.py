"""Each rule for files of the older tool: a file that it speaks about, and one that it spares."""

from pathlib import Path

import pytest

from pv.contract import load, load_all

FIXTURES = Path(__file__).parents[1] / "fixtures" / "legacy"
NEW = FIXTURES / "new"
TOGETHER = FIXTURES / "together"
REJECTING = {
    *(f"SCHEMA-{number:03}" for number in (1, 2, 3, 4, 5, 7, 8, 10, 11)),
    "missing-key", "bad-value", "unknown-value", "binding-registry", "unknown-anchor",
}  # fmt: skip


def rules_in(folder):
    return sorted(path.name for path in folder.iterdir() if path not in (NEW, TOGETHER))


@pytest.mark.parametrize("rule", rules_in(FIXTURES))
def test_a_rule_fires_and_spares(rule):
    fires, spares = (load(FIXTURES / rule / f"{name}.yaml") for name in ("fires", "spares"))
    found = [problem for problem in fires.problems if problem.code == rule]
    assert found
    assert {problem.severity for problem in found} == {"error" if rule in REJECTING else "warning"}
    assert fires.valid is (rule not in REJECTING | {"inert"})
    assert rule not in {problem.code for problem in spares.problems}
    assert spares.valid


@pytest.mark.parametrize("rule", rules_in(NEW))
def test_a_rule_of_the_newer_dialect_fires_and_spares(rule):
    fires, spares = (load(NEW / rule / f"{name}.yaml", dialect="new") for name in ("fires", "spares"))
    assert [problem.severity for problem in fires.problems if problem.code == rule][:1] == ["error"]
    assert not fires.valid
    assert [problem for problem in spares.problems if problem.severity == "error" and problem.code == rule] == []
    assert rule not in {problem.code for problem in load(NEW / rule / "fires.yaml").problems}


@pytest.mark.parametrize("rule", rules_in(TOGETHER))
def test_a_rule_between_files_fires_and_spares(rule):
    fires, spares = (load_all([TOGETHER / rule / name]) for name in ("fires", "spares"))
    found = [problem for problem in fires.problems if problem.code == rule]
    assert [problem.severity for problem in found] == ["error" if rule == "BIND-001" else "warning"]
    assert rule not in {problem.code for problem in spares.problems}
    assert all(loaded.valid for loaded in fires.files if loaded.path.name != "binding.yaml")
