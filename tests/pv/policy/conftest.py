"""Sides made of bundles in memory."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pv.change.tree import Side
from pv.contract import Contract, Loaded
from pv.evidence import Opened, open_bundle
from pv.verdict import Sources, judge_contract, with_dependencies


@pytest.fixture(scope="session")
def side_of(sample_contract: Loaded, fresh: Sources) -> Callable[..., Side]:
    """A judged side; everything locked is fresh."""

    def make(openeds: Sequence[Opened] = (), *files: Loaded, restored: Sequence[Opened] = ()) -> Side:
        loaded = files or (sample_contract,)
        verdicts = [judge_contract(file, [*openeds, *restored], fresh) for file in loaded]
        return Side(label="here", files=loaded, stray=(), openeds=tuple(openeds), verdicts=with_dependencies(verdicts))

    return make


@pytest.fixture(scope="session")
def openeds(sealed: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Opened]:
    """Bundles of every kind: honest ones, one that refutes, one that is suspect, one altered, one under a mutant."""
    root = tmp_path_factory.mktemp("openeds")
    wall = {"wall_seconds": 4000.0}
    paths = {
        "honest": sealed(root=root),
        "second": sealed(root=root, log="again\n"),
        "refuting": sealed(root=root, run=wall, summary=wall),
        "suspect": sealed(root=root, run={"exit_code": 139}, summary={"exit_reason": "diverged"}),
        "mutant": sealed(root=root, mutant="unk-corpus"),
        "altered": sealed(root=root, log="altered\n"),
    }
    (paths["altered"] / "raw" / "log.txt").write_text("x")
    return {name: open_bundle(path) for name, path in paths.items()}


@pytest.fixture
def contract(sample_contract: Loaded) -> Contract:
    assert sample_contract.contract is not None
    return sample_contract.contract
