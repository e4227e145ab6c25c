"""`python tools/doc_outputs.py`."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PAGE = """# A page

<!-- output, 100 columns -->
```console
$ {command}
{shown}
```

```console
$ echo not marked
something else
```
"""


@pytest.fixture
def tool(script: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, for a project of three files, one of which git ignores."""
    root = tmp_path / "project"
    root.mkdir()
    subprocess.run(["/usr/bin/env", "git", "init", "-q", root], check=True)
    for name, text in {".gitignore": "ignored\n", "ignored": "", "seen": ""}.items():
        (root / name).write_text(text, encoding="utf-8")
    module = script("doc_outputs")
    monkeypatch.setattr(module, "ROOT", root)
    return module


@pytest.fixture
def page(tmp_path: Path) -> Callable[[str, str], Path]:
    """A page that shows something below a command."""

    def write(command: str, shown: str) -> Path:
        path = tmp_path / "page.md"
        path.write_text(PAGE.format(command=command, shown=shown), encoding="utf-8")
        return path

    return write


def test_an_output_that_changed(
    tool: ModuleType, page: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with both texts, mended by writing, and what is not marked stays as it is."""
    path = page('echo "$COLUMNS wide"; echo "  as it is"', "80 wide")
    assert tool.call("--check", path) == 1
    told = capsys.readouterr().err.splitlines()
    assert {"-80 wide", "+100 wide", "+  as it is", "run python tools/doc_outputs.py"} <= set(told)
    assert tool.call(path) == 0
    assert path.read_text(encoding="utf-8") == PAGE.format(
        command='echo "$COLUMNS wide"; echo "  as it is"', shown="100 wide\n  as it is"
    )
    assert tool.call("--check", path) == 0


def test_a_command_that_says_nothing(
    tool: ModuleType, page: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is an error that repeats what the command complained of, and the page keeps what it shows."""
    path = page("ls nowhere-at-all", "a file")
    before = path.read_bytes()
    assert tool.call(path) == 2
    assert "ls nowhere-at-all: printed nothing" in (told := capsys.readouterr().err)
    assert "No such file" in told
    assert path.read_bytes() == before


def test_what_only_this_clone_has(tool: ModuleType, page: Callable[[str, str], Path]) -> None:
    """A command sees the files of the project, none that git ignores, and this interpreter's scripts first."""
    python = Path(sys.executable).parent / "python"
    path = page("ls -A; command -v python", f".gitignore\nseen\n{python}")
    assert tool.call("--check", path) == 0
