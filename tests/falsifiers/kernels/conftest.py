"""The trainer, sound or with a planted fault, put where the laws of kernels look for it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from falsifiers import forward, mutants
from falsifiers.kernels import optimizer, trainer
from falsifiers.laws import compiled_kernels, gqa_live_parity
from falsifiers.mutants.apply import apply, patched, write

ROOT = Path(__file__).parents[3]
PLANTED = {module.MUTANT.name: module.MUTANT for module in mutants.REGISTRY}


def forget() -> dict[str, object]:
    """Take the trainer's modules away, and what was compiled from them."""
    trainer.function.cache_clear()
    trainer.gradient.cache_clear()
    optimizer.update.cache_clear()
    optimizer.step.cache_clear()
    forward.compiled.cache_clear()
    gqa_live_parity.compiled.cache_clear()
    compiled_kernels.faults.cache_clear()
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == trainer.PACKAGE}


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts a copy of the trainer with a planted fault in its place until the test ends."""
    before = forget()

    def planted(name: str) -> None:
        shutil.copytree(
            ROOT / trainer.PACKAGE, tmp_path / trainer.PACKAGE, ignore=shutil.ignore_patterns("__pycache__")
        )
        write(patched(apply(PLANTED[name], tmp_path), tmp_path), tmp_path)
        monkeypatch.syspath_prepend(tmp_path)

    yield planted
    forget()
    sys.modules.update(before)
