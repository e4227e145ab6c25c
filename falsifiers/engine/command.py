"""The command line under test, in a folder of its own: as a real process, or within this one."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from falsifiers import process

FAULT: Final = "mean-of-means"
"""The fault that comes with a new project."""

CLAIM: Final = "- {{id: {id}, rule: r, prediction: p, if_fails: f, planned: true{more}}}\n"
HEAD: Final = 'pv: "1"\nmetadata: {{id: {id}, version: "1.0.0", description: d}}\nfalsification_tests:\n'


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


@contextlib.contextmanager
def project(files: Mapping[str, str]) -> Iterator[Path]:
    """A folder with these files, which is the working folder meanwhile."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"pyproject.toml": "[tool.pv]\n", **files}.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


@contextlib.contextmanager
def proved() -> Iterator[Path]:
    """A project whose claim is DISCHARGED by evidence that pv made; a copy, which is the working folder meanwhile."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder, "project")
        shutil.copytree(_proved(), here, symlinks=True)
        os.chdir(here)
        try:
            yield here
        finally:
            os.chdir(before)


@lru_cache(maxsize=1)
def _proved() -> Path:
    """The project that is copied, made once a process, with what `pv init` writes and a receipt of its fault."""
    here = Path(tempfile.mkdtemp(prefix="proved-"))
    atexit.register(shutil.rmtree, here, ignore_errors=True)
    every = ("discharge", "--all", "--run", "--keep")
    for arguments in (("init",), (*every, "--mutant", FAULT), every):
        process.run("pv", *arguments, cwd=here)
    return here


def pv_process(*arguments: str) -> Ran:
    """Run a command in a process of its own; it works in the working folder."""
    return said(process.run("pv", *arguments, cwd=Path.cwd()))


def said(ran: process.Ran) -> Ran:
    """What there is to compare of a process."""
    return Ran(ran.status, ran.out, ran.err)


def pv(*arguments: str) -> Ran:
    """Run a command within this process; a traceback on standard error is left for the caller to see."""
    run = importlib.import_module("pv.cli").run
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        status = run(arguments)
    return Ran(status, out.getvalue(), err.getvalue())


def contract(name: str, claims: Mapping[str, str]) -> str:
    """A contract with planned claims: id to further keys in flow style."""
    return HEAD.format(id=name) + "".join(CLAIM.format(id=one, more=more) for one, more in claims.items())
