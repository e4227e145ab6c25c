"""`python tools/count_lines.py`, and the bound that it holds (docs/adr/0014)."""

import runpy
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "count_lines.py"
MOST_CODE = 3_306
"""Lines of code of the trainer: what was measured last. Lower it when some go."""
LONGEST = 300
"""Lines of a module, whatever they are."""


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """What the script defines."""
    return runpy.run_path(str(TOOL), run_name="count_lines")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('"""Text."""\n\n# remark\nx = 1  # why\n', 1),
        ('def f():\n    """Text\n    over lines."""\n    return (\n        1,\n    )\n', 4),
        ("x = '''a\nb\n'''\n", 3),
        ("if x:\n    pass\nelse:\n    'no docstring'\n", 3),
        ("", 0),
    ],
    ids=["module", "function", "string", "branches", "empty"],
)
def test_a_line_is_counted_that_says_nothing(tool: dict[str, Any], tmp_path: Path, source: str, code: int) -> None:
    (tmp_path / "x.py").write_text(source, encoding="utf-8")
    assert tool["_size"](tmp_path / "x.py") == (len(source.splitlines()), code)


def test_the_trainer_grows_in_silence(tool: dict[str, Any]) -> None:
    found = tool["sizes"]()
    assert sum(code for _, code in found.values()) <= MOST_CODE
    assert {name: lines for name, (lines, _) in found.items() if lines > LONGEST} == {}
    assert "model.py" in found
