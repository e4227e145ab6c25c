"""What `pv init` writes: a project that validates as it stands."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pv.cli.scaffold.files import refuse_outside, replace_whole, write_new
from pv.cli.scaffold.first import INDEX, first_files
from pv.cli.scaffold.index import as_text
from pv.cli.scaffold.names import Name
from pv.errors import UsageError

FIRST: Final = Name("first-claim")
CLAIM: Final = "FALSIFY-FIRST-CLAIM-001"
TABLE: Final = """\
[tool.pv]
contracts = "contracts"
evidence = "evidence"
falsifiers = "laws"
"""
PACKAGE: Final = "laws"
IGNORED: Final = ".pv/"
_KEY: Final = re.compile(r"^(\[tool\.pv\][ \t]*(?:#[^\n]*)?\r?\n)", re.MULTILINE)
WORKFLOW: Final = """\
name: contracts
on: [push, pull_request]
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install claimtrial
      - run: python -m pv validate
"""


@dataclass(frozen=True, slots=True)
class Started:
    """What was done in one file."""

    path: Path
    how: str
    """`wrote` a new file, or `added to` one that was there."""


def start(root: Path) -> Iterator[Started]:
    """Write a project below a folder, or nothing; files that are there are kept, two of them get a line more.

    `pyproject.toml` gets the table `[tool.pv]`, or its key `falsifiers`, and `.gitignore` the line `.pv/`, where they
    lack them.

    Raises:
        UsageError: A file that would be written is there, or `pyproject.toml` cannot take the table.
    """
    new, longer = _fresh_files(root), dict(_longer_files(root))
    root.mkdir(parents=True, exist_ok=True)
    refuse_outside(root, longer)
    for path in write_new(root, new):
        yield Started(path, "wrote")
    for path, text in longer.items():
        replace_whole(path, text.encode())
        yield Started(path, "added to")


def _fresh_files(root: Path) -> Mapping[str, str]:
    from pv.contract import schema

    files = {
        "contracts/schema.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
        **first_files(as_text(INDEX)),
        ".github/workflows/contracts.yml": WORKFLOW,
    }
    whole = {"pyproject.toml": TABLE, ".gitignore": f"{IGNORED}\n"}
    return {**files, **{name: text for name, text in whole.items() if not (root / name).exists()}}


def _longer_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Files that are there and lack something, each with the whole text that it gets."""
    project, ignored = root / "pyproject.toml", root / ".gitignore"
    if project.exists() and (text := _with_table(project)):
        yield project, text
    if ignored.exists():
        lines = _read(ignored)
        if IGNORED not in lines.splitlines() and ".pv" not in lines.splitlines():
            yield ignored, f"{lines}{_gap(lines)}{IGNORED}\n"


def _with_table(path: Path) -> str:
    """The file with the table and the package of falsifiers in it; empty where it has both."""
    import tomllib

    text = _read(path)
    longer = f"{text}{_gap(text)}\n{TABLE}"
    try:
        table = tomllib.loads(text).get("tool", {}).get("pv")
        if table is not None:
            named = table.get("falsifiers", [])
            if PACKAGE in ([named] if isinstance(named, str) else named):
                return ""
            longer = _KEY.sub(rf'\1falsifiers = "{PACKAGE}"\n', text, count=1)
        if PACKAGE not in tomllib.loads(longer)["tool"]["pv"].get("falsifiers", ()):
            what, fix = "its table [tool.pv] cannot take a key", f'add to it by hand: falsifiers = "{PACKAGE}"'
            raise UsageError(str(path), what, f"{fix}; nothing was written")
    except (ValueError, TypeError, AttributeError) as error:
        what = f"cannot take the table [tool.pv] ({error})"
        raise UsageError(str(path), what, "mend the file; nothing was written") from error
    return longer


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, ValueError) as error:
        raise UsageError(str(path), f"cannot be read as UTF-8 ({error})", "nothing was written") from error


def _gap(text: str) -> str:
    return "" if not text or text.endswith("\n") else "\n"
