"""What `pv init` writes: a project that validates as it stands."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pv.cli.scaffold.contract import contract_file
from pv.cli.scaffold.files import refuse_outside, write_new
from pv.cli.scaffold.names import Name
from pv.cli.scaffold.parts import law_part
from pv.errors import UsageError

FIRST: Final = Name("first-claim")
TABLE: Final = """\
[tool.pv]
contracts = "contracts"
evidence = "evidence"
"""
IGNORED: Final = ".pv/"
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

    `pyproject.toml` gets the table `[tool.pv]` and `.gitignore` the line `.pv/`, where they lack them.

    Raises:
        UsageError: A file that would be written is there, or `pyproject.toml` cannot take the table.
    """
    new, longer = _fresh_files(root), dict(_longer_files(root))
    root.mkdir(parents=True, exist_ok=True)
    refuse_outside(root, longer)
    for path in write_new(root, new):
        yield Started(path, "wrote")
    for path, text in longer.items():
        try:
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError as error:
            fix = f"add this by hand:{text}"
            raise UsageError(str(path), f"cannot be added to ({error.strerror})", fix) from error
        yield Started(path, "added to")


def _fresh_files(root: Path) -> Mapping[str, str]:
    from pv.contract import schema

    files = {
        f"contracts/{FIRST.kebab}-v1.yaml": contract_file(FIRST),
        "contracts/schema.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
        **law_part(root, FIRST).files,
        ".github/workflows/contracts.yml": WORKFLOW,
    }
    whole = {"pyproject.toml": TABLE, ".gitignore": f"{IGNORED}\n"}
    return {**files, **{name: text for name, text in whole.items() if not (root / name).exists()}}


def _longer_files(root: Path) -> Iterator[tuple[Path, str]]:
    project, ignored = root / "pyproject.toml", root / ".gitignore"
    if project.exists() and (text := _with_table(project)):
        yield project, text
    if ignored.exists():
        lines = _read(ignored)
        if IGNORED not in lines.splitlines() and ".pv" not in lines.splitlines():
            yield ignored, f"{_gap(lines)}{IGNORED}\n"


def _with_table(path: Path) -> str:
    """The text to add so that the file has the table; empty where it has one."""
    import tomllib

    text = _read(path)
    added = f"{_gap(text)}\n{TABLE}"
    try:
        if "pv" in tomllib.loads(text).get("tool", {}):
            return ""
        tomllib.loads(text + added)
    except (ValueError, TypeError) as error:
        what = f"cannot take the table [tool.pv] ({error})"
        raise UsageError(str(path), what, "mend the file; nothing was written") from error
    return added


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, ValueError) as error:
        raise UsageError(str(path), f"cannot be read as UTF-8 ({error})", "nothing was written") from error


def _gap(text: str) -> str:
    return "" if not text or text.endswith("\n") else "\n"
