"""No input ends in a traceback or in an internal error: what cannot be read is named, with a documented status.

Hunts for: an exception that nobody turned into a message.
Why it matters: it tells a stranger nothing, and its status 1 says that a claim was refuted.
How it looks: what lay in the way and which command met it; a traceback, an internal error, or a file that is not named.
If it strikes, suspect: the module at the end of what PV_DEBUG=1 prints; the border where the file was first opened.
Blind spots: a memory that is full; commands that start trials, whose failures are another claim's.
Sources: Miller, Fredriksen and So 1990, CACM 33(12), on random input; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-026.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from falsifiers.engine.command import proved, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 30
"""A case is a process of half a second, in a project of its own."""
STATUSES: Final = range(5)
"""Documented statuses, but for that of our own fault."""
REFUSED: Final = 2
CONTRACT: Final = "contracts/first-claim-v1.yaml"
STRANGE: Final = "strange.yaml"
COMMANDS: Final = {
    "validate": ("validate", "--no-cache"),
    "json": ("validate", "--format", "json"),
    "named": ("validate", f"contracts/{STRANGE}"),
    "status": ("status",),
    "coverage": ("coverage",),
    "graph": ("graph",),
    "gate": ("gate",),
    "explain": ("explain", "FALSIFY-FIRST-CLAIM-001"),
    "verify": ("verify",),
    "report": ("report", "-o", "report.html"),
}
"""Commands that read whatever there is; the last two are given every bundle."""
THINGS: Final = ("circle", "circle of folders", "pipe", "folder", "nowhere", "locked", "odd name", "file in place")

OTHERS: Final = ("null", "true", "-1", "0.5", f"1{'0' * 40}", '""', '"x"', '"NaN"', "[]", "[[]]", "{}", '{"": null}')
"""Values of every kind, in JSON."""

Edit: TypeAlias = tuple[int, int, int]
"""Place in thousandths of the size, how many bytes go there, and the byte that comes, 256 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One input, and a command that reads it."""

    command: str
    what: str
    """`bytes`, `contract`, `raw`, `values`, `manifest`, `changing`, or one of the things that are no files."""
    content: tuple[int, ...] = ()
    """Bytes of the file, where all of it is made up."""
    edits: tuple[Edit, ...] = ()
    file: int = 0
    """Which file of the evidence."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Random bytes, edited files, strange things, and folders that change meanwhile."""
    from hypothesis import strategies as st

    command = st.sampled_from(list(COMMANDS))
    edit = st.tuples(st.integers(0, 999), st.integers(0, 9), st.integers(0, 256))
    edits = st.lists(edit, min_size=1, max_size=4).map(tuple)
    noise = st.builds(Case, command=command, what=st.just("bytes"), content=st.binary(max_size=40).map(tuple))
    edited = st.sampled_from(["contract", "raw", "values", "manifest"])
    spoilt = st.builds(Case, command=command, what=edited, edits=edits, file=st.integers(0, 15))
    strange = st.builds(Case, command=command, what=st.sampled_from(["changing", *THINGS]))
    return noise | spoilt | strange


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    with proved() as here:
        named = _lay(case, here)
        bundles = [str(path) for path in sorted(here.glob("evidence/*/*"))]
        more = bundles if case.command in {"verify", "report"} else []
        with _changing(here) if case.what == "changing" else contextlib.nullcontext():
            ran = pv_process(*COMMANDS[case.command], *more)
    said = ran.out + ran.err
    told = not named or ran.status != REFUSED or named in said or case.command == "explain"
    return float("Traceback" in said) + float(ran.status not in STATUSES) + float(not told)


def _lay(case: Case, here: Path) -> str:
    """Put the input into the project; the name that a refusal must tell."""
    path = here / "contracts" / STRANGE
    match case.what:
        case "bytes":
            path.write_bytes(bytes(case.content))
        case "contract":
            path.write_bytes(_edited((here / CONTRACT).read_bytes(), case.edits))
        case "raw" | "values":
            files = sorted(file for file in here.glob("evidence/*/*/raw/**/*") if file.is_file())
            _edit(files[case.file % len(files)], case.edits, _edited if case.what == "raw" else _retyped)
            for bundle in list(here.glob("evidence/*/*")):
                importlib.import_module("pv.evidence").reseal(bundle)
            return ""
        case "manifest":
            files = sorted(here.glob("evidence/*/*/manifest.json"))
            _edit(files[case.file % len(files)], case.edits, _edited)
            return ""
        case "changing":
            return ""
        case thing:
            return _thing(thing, path, here)
    return STRANGE


def _thing(thing: str, path: Path, here: Path) -> str:
    """Make something that is no plain file; empty where nothing need be refused."""
    match thing:
        case "circle":
            path.symlink_to(path)
        case "circle of folders":
            (here / "contracts" / "again").symlink_to(here / "contracts")
            (here / "evidence" / "again").symlink_to(here)
            return ""
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
            return ""
        case "nowhere":
            path.symlink_to("nowhere")
        case "locked":
            path.touch(mode=0)
            return ""
        case "odd name":
            (here / "contracts" / os.fsdecode(b"\xff\n\x1b[2J.yaml")).write_bytes(b"\xff")
            return ""
        case _:
            shutil.rmtree(here / "evidence")
            (here / "evidence").write_bytes(b"")
            return ""
    return path.name


def _edit(file: Path, edits: Sequence[Edit], how: Callable[[bytes, Sequence[Edit]], bytes]) -> None:
    file.write_bytes(how(file.read_bytes(), edits))


def _retyped(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The same JSON, or lines of it, with values of another kind in some places."""
    try:
        rows = [json.loads(line) for line in data.splitlines()]
    except ValueError:
        return data
    for place, _, kind in edits:
        places = list(_places(rows))
        whole, key = places[place * len(places) // 1000]
        whole[key] = json.loads(OTHERS[kind % len(OTHERS)])
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _places(whole: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index of it."""
    for key, inner in list(whole.items() if isinstance(whole, dict) else enumerate(whole)):
        yield whole, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _edited(data: bytes, edits: Sequence[Edit]) -> bytes:
    for place, gone, come in edits:
        at = place * len(data) // 1000
        data = data[:at] + (bytes([come]) if come < 256 else b"") + data[at + gone :]
    return data


@contextlib.contextmanager
def _changing(here: Path) -> Iterator[None]:
    """Take away and put back contracts and bundles meanwhile, again and again."""
    ended = threading.Event()

    def change() -> None:
        while not ended.is_set():
            for path in [here / CONTRACT, *here.glob("evidence/*/*"), here / "evidence"]:
                with contextlib.suppress(OSError):
                    path.rename(path.with_name("away"))
                    ended.wait(0.002)
                    path.with_name("away").rename(path)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
