"""`python tools/doc_outputs.py`."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "doc_outputs.py"
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
def call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The script's main with arguments."""
    spec = importlib.util.spec_from_file_location("doc_outputs", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", [str(TOOL), *map(str, arguments)])
        status: int = module.main()
        return status

    return run


@pytest.fixture
def page(tmp_path: Path) -> Callable[[str, str], Path]:
    """A page that shows something below a command."""

    def write(command: str, shown: str) -> Path:
        path = tmp_path / "page.md"
        path.write_text(PAGE.format(command=command, shown=shown), encoding="utf-8")
        return path

    return write


def test_an_output_that_changed(
    call: Callable[..., int], page: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with both texts, mended by writing, and what is not marked stays as it is."""
    path = page('echo "$COLUMNS wide"; echo "  as it is"', "80 wide")
    assert call("--check", path) == 1
    told = capsys.readouterr().err.splitlines()
    assert {"-80 wide", "+100 wide", "+  as it is", "run python tools/doc_outputs.py"} <= set(told)
    assert call(path) == 0
    assert path.read_text(encoding="utf-8") == PAGE.format(
        command='echo "$COLUMNS wide"; echo "  as it is"', shown="100 wide\n  as it is"
    )
    assert call("--check", path) == 0


def test_a_command_that_says_nothing(
    call: Callable[..., int], page: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is an error that repeats what the command complained of, and the page keeps what it shows."""
    path = page("ls nowhere-at-all", "a file")
    before = path.read_bytes()
    assert call(path) == 2
    assert "ls nowhere-at-all: printed nothing" in (told := capsys.readouterr().err)
    assert "No such file" in told
    assert path.read_bytes() == before


def test_what_only_this_clone_has(call: Callable[..., int], page: Callable[[str, str], Path]) -> None:
    """A command sees the files of the project, none that git ignores, and this interpreter's scripts first."""
    python = Path(sys.executable).parent / "python"
    path = page("ls -d pyproject.toml .pv 2>&-; command -v python", f"pyproject.toml\n{python}")
    assert call("--check", path) == 0
