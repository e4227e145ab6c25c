"""What the sources of a former state say."""

import json
from pathlib import Path

import pytest

from pv.binding import Freshness, SyntaxCache
from pv.change.tree import sources_of
from pv.change.tree.sources import _Former, _FormerFreshness, _index
from pv.contract import Loaded
from pv.errors import BindingError

ROOT = Path(__file__).parents[4]
NAME = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Another state of our own project's folder: its falsifiers."""
    for file in [*(ROOT / "falsifiers").rglob("*.py"), ROOT / "falsifiers" / "index.json"]:
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    return tmp_path


def lock_row(tree: Path, loaded: Loaded) -> dict:
    assert loaded.contract is not None
    claim = loaded.contract.claim(NAME)
    assert claim is not None
    cache = SyntaxCache()
    cache.locator = _Former(tree, ROOT)
    return _FormerFreshness(cache, _index([tree / "falsifiers" / "index.json"])).lock_row(claim, loaded.contract)


def test_the_same_sources(tree: Path, live_contract: Loaded) -> None:
    """An equal tree gives the digests that the installed package gives."""
    assert live_contract.contract is not None
    claim = live_contract.contract.claim(NAME)
    assert claim is not None
    now = Freshness().lock_row(claim, live_contract.contract)
    then = lock_row(tree, live_contract)
    assert then == {key: now[key] for key in then}


def test_a_falsifier_that_was_different(tree: Path, live_contract: Loaded) -> None:
    before = lock_row(tree, live_contract)
    for file in (tree / "falsifiers").glob("*_judge.py"):
        file.write_text(file.read_text() + "\nEXTRA = 1\n")
    assert lock_row(tree, live_contract)["falsifier_digest"] != before["falsifier_digest"]


def test_a_claim_that_was_unbound(tree: Path, live_contract: Loaded) -> None:
    index = tree / "falsifiers" / "index.json"
    content = json.loads(index.read_text())
    del content["claims"][NAME]
    index.write_text(json.dumps(content))
    assert live_contract.contract is not None
    claim = live_contract.contract.claim(NAME)
    assert claim is not None
    assert sources_of(tree, ROOT).laws(claim) is None


def test_an_index_that_cannot_be_read(tree: Path) -> None:
    (tree / "falsifiers" / "index.json").write_text("[]")
    with pytest.raises(BindingError, match="of the revision"):
        sources_of(tree, ROOT)


def test_falsifiers_of_elsewhere(tmp_path: Path, live_contract: Loaded) -> None:
    """A project that only uses installed falsifiers had the same ones then."""
    assert live_contract.contract is not None
    laws = sources_of(tmp_path / "tree", tmp_path / "project").laws(live_contract.contract.claims[0])
    assert laws


def test_a_module_that_is_not_installed_and_lies_in_the_tree(tmp_path: Path) -> None:
    """As that of a project that nobody installs: without it all evidence of the base would be stale."""
    (tmp_path / "measured_here.py").write_text("LOSS = 1\n")
    former = _Former(tmp_path, ROOT)
    assert former.module_file("measured_here") == tmp_path / "measured_here.py"
    assert former.module_file("measured_nowhere") is None
