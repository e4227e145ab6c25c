"""Scripts of `tools/` as modules."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Load a script by name; `call(...)` of what comes back runs it with arguments."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)

        def call(*arguments: object) -> int:
            monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
            status: int = module.main()
            return status

        module.call = call  # type: ignore[attr-defined]
        return module

    return load
