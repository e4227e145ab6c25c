"""Fixtures that more than one part of the suite needs."""

import importlib.util
import itertools
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None)  # a busy machine is no counterexample
settings.load_profile("suite")


def _load(name: str) -> ModuleType:
    path = Path(__file__).parent / "support" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"support_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make_bundle(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build a sealed bundle; every call makes a new one, in a folder of its own unless `root` is given.

    Keywords are those of `build` in tests/support/bundles.py: each spoils one part before sealing.
    """
    bundles, record = _load("bundles"), _load("honest_record")
    numbers = itertools.count()

    def make(**spoilt: object) -> Path:
        root = spoilt.pop("root", None) or tmp_path_factory.mktemp(f"bundle-{next(numbers)}-")
        return bundles.build(root, record.honest_record(), **spoilt)

    return make


@pytest.fixture
def ended() -> Callable[[int], bool]:
    """Tells whether a process is gone, or only waits to be forgotten by its parent."""

    def gone(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
        except OSError:
            return True

    return gone


@pytest.fixture
def program_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a program of its own, a claim about it, its law and a fault: see tests/support/program.py."""
    return _load("program").write_project(tmp_path, monkeypatch)
