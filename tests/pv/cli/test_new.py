"""`pv new KIND NAME`."""

from pathlib import Path
from typing import Any

import pytest

from pv.binding.index import load_index
from pv.contract import load


def test_contract(site: Any, pv: Any) -> None:
    """A contract that validates, with one linked, planned claim."""
    ran = pv("new", "contract", "held-out-loss")
    path = site.root / "contracts" / "held-out-loss-v1.yaml"
    assert (ran.status, ran.err) == (0, "")
    assert "wrote contracts/held-out-loss-v1.yaml" in ran.out
    loaded = load(path)
    assert (loaded.valid, loaded.problems) == (True, ())
    assert pv("validate").status == 0
    assert pv("graph").status == 0
    assert "no-obligation" not in pv("coverage", str(path)).out


def test_contract_with_its_version(site: Any, pv: Any) -> None:
    """A version in the name is not written twice, and is no part of the ids."""
    pv("new", "contract", "held-out-v2")
    loaded = load(site.root / "contracts" / "held-out-v2.yaml")
    assert loaded.contract is not None
    assert loaded.contract.id == "C-HELD-OUT"


def test_claim_keeps_the_text(site: Any, pv: Any) -> None:
    """Everything before and after stays; the id goes on with the contract's numbers; the name is an alias."""
    before = site.contract.read_text(encoding="utf-8")
    ran = pv("new", "claim", "beats-trigrams")
    assert ran.status == 0
    assert "added FALSIFY-APR-PRETRAIN-INIT-FINETUNE-008 (beats-trigrams)" in ran.out
    after = site.contract.read_text(encoding="utf-8")
    assert after.startswith(before)
    loaded = load(site.contract)
    assert loaded.valid
    assert loaded.contract is not None
    assert loaded.contract.claims[-1].planned
    assert pv("explain", "beats-trigrams").status == 0
    assert pv("validate").status == 0
    assert [path.name for path in site.contract.parent.iterdir()] == [site.contract.name]


@pytest.mark.parametrize("reference", ["C-OTHER", "other-v1", "other-v1.yaml", "contracts/other-v1.yaml"])
def test_claim_of_a_named_contract(site: Any, pv: Any, reference: str) -> None:
    """With several contracts one must be named: by id, file name or path."""
    pv("new", "contract", "other")
    ran = pv("new", "claim", "first")
    assert (ran.status, "name one of: apr-pretrain-init-finetune-v1, other-v1" in ran.err) == (2, True)
    ran = pv("new", "claim", "first", "--contract", reference)
    assert (ran.status, "added FALSIFY-OTHER-002 (first) to contracts/other-v1.yaml" in ran.out) == (0, True)


def test_claim_of_an_older_file(site: Any, pv: Any) -> None:
    """A file of the older tool gets the keys that it knows."""
    site.contract.write_text("metadata: {version: '1'}\nfalsification_tests:\n- {id: F-9, rule: r, prediction: p}\n")
    ran = pv("new", "claim", "more")
    assert (ran.status, "added F-10 (more)" in ran.out) == (0, True)
    assert "planned" not in site.contract.read_text()


@pytest.mark.parametrize("name", ["FALSIFY-005", "../x", "a b", "class"])
def test_bad_names(site: Any, pv: Any, name: str) -> None:
    """Names that are no kebab-case are refused for every kind, and nothing is written."""
    before = sorted(site.root.rglob("*"))
    for kind in ("contract", "claim", "falsifier", "mutant", "rule"):
        assert pv("new", kind, name).status == 2
    assert sorted(site.root.rglob("*")) == before


def test_nothing_is_overwritten(site: Any, pv: Any) -> None:
    """A second time is refused; so is an alias that is taken."""
    assert pv("new", "contract", "twice").status == 0
    ran = pv("new", "contract", "twice")
    assert (ran.status, "not overwritten" in ran.err) == (2, True)
    assert pv("new", "claim", "once", "--contract", "twice-v1").status == 0
    ran = pv("new", "claim", "once", "--contract", "twice-v1")
    assert (ran.status, "a claim is called once already" in ran.err) == (2, True)


def test_a_layout_that_cannot_be_continued(site: Any, pv: Any) -> None:
    """Claims in brackets are left alone."""
    text = 'pv: "1"\nmetadata: {id: C, version: "1.0.0", description: d}\nfalsification_tests:\n'
    text += "  [{id: A-1, rule: r, prediction: p, if_fails: f, planned: true}]\n"
    site.contract.write_text(text)
    ran = pv("new", "claim", "more")
    assert (ran.status, "as a list with a line for each" in ran.err) == (2, True)
    assert site.contract.read_text() == text


def test_a_contract_that_lies_elsewhere(site: Any, pv: Any, tmp_path: Path) -> None:
    """A link out of the project is not written through."""
    elsewhere = tmp_path / "elsewhere.yaml"
    site.contract.rename(elsewhere)
    site.contract.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    ran = pv("new", "claim", "more")
    assert (ran.status, "outside the project" in ran.err) == (2, True)
    assert elsewhere.read_bytes() == before


def test_a_folder_of_contracts_outside(site: Any, pv: Any) -> None:
    """A table that leads out of the project writes nothing there."""
    (site.root / "pyproject.toml").write_text('[tool.pv]\ncontracts = "../elsewhere"\n')
    assert pv("new", "contract", "more").status == 2
    assert not (site.root.parent / "elsewhere").exists()


def test_law_without_a_package_of_falsifiers(site: Any, pv: Any) -> None:
    """A project without a package of its own is told how to get one."""
    ran = pv("new", "falsifier", "stale-tokens")
    assert (ran.status, "pv init" in ran.err) == (2, True)


def test_in_a_project_of_its_own(tmp_path: Path, site: Any, pv: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is in the index at once, binds, validates and applies."""
    (tmp_path / "own").mkdir()
    monkeypatch.chdir(tmp_path / "own")
    assert pv("init").status == 0
    assert pv("new", "claim", "order-free").status == 0
    ran = pv("new", "falsifier", "order-free", "--claim", "FALSIFY-FIRST-CLAIM-002")
    assert (ran.status, "added order-free to falsifiers of laws/index.json" in ran.out) == (0, True)
    text = Path("contracts/first-claim-v1.yaml").read_text(encoding="utf-8")
    law = "requires: algorithm\n    measure: {series: attack/order-free, reduce: max, unit: nats/token}"
    head, _, tail = text.rpartition("    planned: true")
    text = f'{head}    {law}\n    op: "<="\n    bound: 1.0e-9\n    #{tail}'
    Path("contracts/first-claim-v1.yaml").write_text(text, encoding="utf-8")
    assert pv("validate").status == 0
    assert pv("new", "mutant", "wrong-sign", "--module", "held_out").status == 0
    load_index.cache_clear()  # a process of the command line reads an index once
    assert pv("discharge", "FALSIFY-FIRST-CLAIM-001", "--run", "--mutant", "wrong-sign").status == 1
    ran = pv("discharge", "order-free", "--run")
    assert "stale-evidence" in ran.out, "no function of the project is attacked yet"
    before = Path("laws/index.json").read_bytes()
    assert pv("new", "falsifier", "other", "--claim", "FALSIFY-FIRST-CLAIM-002").status == 2
    assert (Path("laws/index.json").read_bytes(), Path("laws/other.py").exists()) == (before, False)
    assert pv("new", "mutant", "x").status == 2


def test_in_a_checkout(site: Any, pv: Any) -> None:
    """Where there are packages, modules go there, and the lines to add are told."""
    for file in ("falsifiers/index.py", "falsifiers/mutants/__init__.py", "pv/methodology/rules/__init__.py"):
        (site.root / file).parent.mkdir(parents=True, exist_ok=True)
        (site.root / file).touch()
    ran = pv("new", "falsifier", "stale-tokens")
    assert "wrote falsifiers/training/stale_tokens.py" in ran.out
    assert 'add "CLAIM-ID": "stale-tokens" to CLAIMS' in ran.out
    assert "add it to REGISTRY" in pv("new", "mutant", "stale-tokens").out
    assert "add stale_tokens.RULE to RULES" in pv("new", "rule", "stale-tokens").out


@pytest.mark.parametrize("kind", ["mutant", "rule"])
def test_outside_a_checkout(site: Any, pv: Any, kind: str) -> None:
    """Mutants and rules need the packages they belong to."""
    ran = pv("new", kind, "stale-tokens")
    assert (ran.status, "of its own" in ran.err) == (2, True)


def test_contract_of_a_rule(site: Any, pv: Any) -> None:
    """An option without a meaning is refused."""
    assert pv("new", "rule", "x", "--contract", "y").status == 2
