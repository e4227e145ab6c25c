"""A project in a folder of its own, and `pv` run in it."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pv.binding import lock_rows, module_digests
from pv.cli import run
from pv.contract import load

SOURCE = Path(__file__).parents[3] / "contracts" / "apr-pretrain-init-finetune-v1.yaml"
GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Site:
    """A project that a test may spoil."""

    root: Path
    build: Callable[..., Path]

    @property
    def contract(self) -> Path:
        """The file of its only contract."""
        return self.root / "contracts" / SOURCE.name

    def bundle(self, folder: str = "evidence", **spoilt: Any) -> Path:
        """A fresh bundle of the contract as it stands; keywords spoil it before it is sealed."""
        loaded = load(self.contract)
        assert loaded.contract
        about = {"id": loaded.contract.id, "version": loaded.contract.metadata.version, "digest": loaded.digest}
        made = {
            "root": self.root / folder,
            "claims": lock_rows(loaded.contract),
            "modules": module_digests(["aprtrain.train"]),
            "lock": {"contract": about},
        }
        return self.build(**{**made, **spoilt})


@pytest.fixture
def site(tmp_path: Path, sealed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project with the contract and no evidence; the working folder lies at its root."""
    root = tmp_path / "project"
    (root / "contracts").mkdir(parents=True)
    shutil.copyfile(SOURCE, root / "contracts" / SOURCE.name)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTHONPATH", str(SOURCE.parents[1]))
    for name in ("PV_ROOT", "PV_DEBUG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return Site(root, sealed)


@pytest.fixture
def pv(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs the command line in this process."""

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        left = capsys.readouterr()
        assert "Traceback" not in left.err
        return Ran(status, left.out, left.err)

    return call


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with a file under `golden/`, digests left out."""

    def compare(name: str, text: str) -> None:
        masked = re.sub(r"\b[0-9a-f]{64}\b|(?<=-)[0-9a-f]{12}\b", "DIGEST", text)
        assert masked == (GOLDEN / name).read_text(encoding="utf-8")

    return compare
