"""A package on disk that tests may fill, found by its name and never imported."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Package = Callable[..., Path]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Write a package `hunters` that fails when it is imported, and put it on the path."""
    from pv.binding.index import load_index

    def write(index: Any = None, **files: str) -> Path:
        root = tmp_path / "site" / "hunters"
        for name, text in {"__init__": "raise AssertionError('imported')", **files}.items():
            path = root.joinpath(*name.split("__in__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            for folder in path.relative_to(root.parent).parents[:-1]:
                (root.parent / folder / "__init__.py").touch()
            path.write_text(text)
        if index is not None:
            (root / "index.json").write_text(index if isinstance(index, str) else json.dumps(index))
        importlib.invalidate_caches()
        return root

    monkeypatch.syspath_prepend(tmp_path / "site")
    load_index.cache_clear()
    yield write
    load_index.cache_clear()
    assert not any(name.partition(".")[0] == "hunters" for name in sys.modules)
