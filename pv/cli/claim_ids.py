"""Completes ids and aliases of claims, by looking at the text of the contracts: nothing is parsed or judged."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import click

_MOST: Final = 200
"""Names that are offered; more help nobody."""

_START: Final = re.compile(rb"^falsification_tests:", re.MULTILINE)
_END: Final = re.compile(rb"\n[^\s#-]")
_NAMES: Final = re.compile(rb"\n[ \t]*(?:-[ \t]+)?\{?[ \t]*id:[ \t]*[\"']?([\w.-]+)|\baliases:[ \t]*\[([^\]]*)\]")


def complete_claims(_ctx: "click.Context", _parameter: "click.Parameter", incomplete: str) -> list[str]:
    """Ids and aliases of the project's claims that start with what was typed, aliases first.

    A word that starts none is looked for inside them, whatever its case.
    """
    from pv.cli.project import find_project

    names = list(dict.fromkeys(_names(find_project().contracts)))
    found = [name for name in names if name.startswith(incomplete)]
    found = found or [name for name in names if incomplete.casefold() in name.casefold()]
    return sorted(found, key=lambda name: (len(name), name))[:_MOST]


def _names(folder: Path) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            if file.endswith((".yaml", ".yml")) and not file.startswith("."):
                yield from _claims(Path(root, file))


def _claims(path: Path) -> Iterator[str]:
    try:
        content = path.read_bytes()
    except OSError:
        return
    start = _START.search(content)
    if start is None:
        return
    end = _END.search(content, start.end())
    for claim_id, aliases in _NAMES.findall(content, start.end(), end.start() if end else len(content)):
        for name in (claim_id, *aliases.split(b",")):
            text = name.strip(b" \t\r\n\"'").decode(errors="replace")
            if text:
                yield text
