"""Writes into README.md and docs/ what commands on this project print today, below each command that is marked.

A block is marked by the line `<!-- output, N columns -->` above it; its first line is `$ ` and a command for sh, all
else in it is what the command prints in a copy of the project that lacks what git ignores, since bundles in .pv/runs/
have a say too. With --check nothing is written, and the exit status is 1 where a page differs; it is 2 where a
command prints nothing.
"""

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[1]
MARKED: Final = re.compile(
    r"(?P<head><!-- output, (?P<columns>\d+) columns -->\n```\w+\n\$ (?P<command>[^\n]+)\n)(?s:.*?)(?P<end>^```$)",
    re.MULTILINE,
)


class SilentCommandError(Exception):
    """A command of a page printed nothing; the message names it and says what it wrote to standard error."""


def main() -> int:
    """Write the pages, or compare them with what is printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a difference")
    parser.add_argument("pages", nargs="*", type=Path, help="Markdown files (default: README.md and those in docs/)")
    arguments = parser.parse_args()
    pages = arguments.pages or _pages()
    try:
        with TemporaryDirectory() as folder:
            copy = _copied(Path(folder))
            differing = [line for page in pages for line in _brought_up(page, copy, write=not arguments.check)]
    except SilentCommandError as fault:
        print(fault, file=sys.stderr)
        return 2
    if arguments.check and differing:
        print(*differing, "run python tools/doc_outputs.py", sep="\n", file=sys.stderr)
        return 1
    return 0


def _pages() -> Sequence[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _copied(folder: Path) -> Path:
    """The folder, with every file of the project as it is now, but for those that git ignores."""
    command = ["/usr/bin/env", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def _brought_up(page: Path, copy: Path, *, write: bool) -> Iterator[str]:
    """The lines by which a page differs from what its commands print."""
    text = page.read_text(encoding="utf-8")
    current = MARKED.sub(lambda block: f"{block['head']}{_output(block, copy)}{block['end']}", text)
    if write and current != text:
        page.write_text(current, encoding="utf-8")
    yield from difflib.unified_diff(
        text.splitlines(), current.splitlines(), str(page), f"{page}, as printed today", n=0, lineterm=""
    )


def _output(block: re.Match[str], copy: Path) -> str:
    """What a block's command writes to standard output, with this interpreter's scripts first on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PV_ROOT": str(copy), "COLUMNS": block["columns"], "NO_COLOR": "1"}
    command = ["/bin/sh", "-c", block["command"]]
    run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if not run.stdout.strip():
        said = run.stderr.strip() or "nothing"
        raise SilentCommandError(f"{block['command']}: printed nothing; on standard error: {said}")
    return "\n".join(line.rstrip() for line in run.stdout.rstrip().splitlines()) + "\n"


if __name__ == "__main__":
    sys.exit(main())
