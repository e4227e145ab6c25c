"""A project with a past: a repository whose first commit is a project that has evidence."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from falsifiers.engine.command import contract, proved

PAST: Final = "past"
"""Tag of the first commit."""
FIRST: Final = "contracts/first-claim-v1.yaml"
"""The contract whose claim is DISCHARGED."""
SIDE: Final = "contracts/side-v1.yaml"
"""One with planned claims, of which the gate asks nothing."""
GATE: Final = '\n[tool.pv.gate.contracts]\n"C-FIRST-CLAIM" = "PARTIAL"\n'


@contextlib.contextmanager
def committed() -> Iterator[Path]:
    """The project as it was committed, which is the working folder meanwhile; its gate asks for one stamp."""
    with proved() as here:
        with (here / "pyproject.toml").open("a", encoding="utf-8") as table:
            table.write(GATE)
        (here / SIDE).write_text(contract("C-SIDE", {"SIDE-1": "", "SIDE-2": ""}), encoding="utf-8")
        git(here, "init", "--quiet")
        commit(here)
        git(here, "tag", PAST)
        yield here


def commit(here: Path) -> None:
    """Commit everything as it lies there, also where nothing has changed."""
    git(here, "add", "--all")
    git(here, "commit", "--quiet", "--allow-empty", "--message", "state")


def git(here: Path, *arguments: str) -> str:
    """What git says; whoever runs it has no configuration that counts."""
    named = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(here),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
    }
    command = ["git", "-c", "commit.gpgSign=false", "-c", "init.defaultBranch=main", *arguments]
    done = subprocess.run(command, cwd=here, env=environ | named, capture_output=True, text=True, check=True)
    return done.stdout
