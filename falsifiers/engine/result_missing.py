"""A trial leaves a whole result or none, however it ends, and a status that says which.

Hunts for: a trial that fails and leaves nothing, half of a result, or one that was there before.
Why it matters: whoever looks for the result afterwards finds an older one, which was fine.
How it looks: how the trial ended, and when; a bundle is missing, broken or older, or the status says something else.
If it strikes, suspect: pv/evidence/seal.py, which renames at the end; pv/trial/attack.py; carry in pv/cli/trials.py.
Blind spots: power cuts, after which a file system may have lost what was renamed; runs of a trainer.
Sources: Pillai et al. 2014, OSDI, on what survives a crash; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-015.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from falsifiers import process
from falsifiers.engine.command import proved
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 12
"""A case is a process of up to a second, in a project of its own."""
NOTHING_LEFT: Final = frozenset({3, 4, 70, 130, -signal.SIGKILL, -signal.SIGTERM})
"""Statuses that promise no result."""
WHOLE: Final = {"sound": 3, "refuted": 1}
"""Ends with a result, and its status; the sound one is PARTIAL, for what was killed before is stale."""
SPACE: Final = 200_000
"""Bytes that a file may have where the disk is full."""
BODY: Final = "    return math.fsum("
ENDS: Final = {
    "sound": "",
    "refuted": "    return 1.0 + math.fsum(",
    "crash": "    os._exit(1)\n",
    "unusable": "    }\n",
    "interrupt": f"    os.kill(os.getppid(), {int(signal.SIGINT)})\n    time.sleep(9)\n",
    "terminated": f"    os.kill(os.getppid(), {int(signal.SIGTERM)})\n    time.sleep(9)\n",
    "killed": f"    os.kill(os.getppid(), {int(signal.SIGKILL)})\n    time.sleep(9)\n",
    "full": "    print('x' * 1_000_000, flush=True)\n",
    "no place": "",
}
"""How a trial ends, and what the function does for it; the others are ended from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One trial."""

    end: str
    at_ms: int | None
    """When it is killed, in milliseconds after its work has begun; None where it is not."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every end, and kills at any time."""
    from hypothesis import strategies as st

    ended = st.builds(Case, end=st.sampled_from(list(ENDS)), at_ms=st.none())
    return ended | st.builds(Case, end=st.sampled_from(["sound", "refuted"]), at_ms=st.integers(0, 600))


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    with proved() as here:
        source = here / "held_out.py"
        text = source.read_text(encoding="utf-8").replace("import math", "import math\nimport os\nimport time", 1)
        act = ENDS[case.end]
        source.write_text(text.replace(BODY, act if "return" in act else f"{act}{BODY}"), encoding="utf-8")
        if case.end == "no place":
            (here / "evidence").rename(here / "kept")
            (here / "evidence").write_text("not a folder\n", encoding="utf-8")
        before = _bundles(here)
        command = ("discharge", "--all", "--run", "--keep", "--format", "json")
        limits = {resource.RLIMIT_FSIZE: SPACE} if case.end == "full" else {}
        with _interruptible():
            ran = process.run("pv", *command, cwd=here, kill_at=_killer(here, case.at_ms), limits=limits)
        after = _bundles(here)
        broken = sum(not _whole(here / name) for name in after)
    lost = sum(after.get(name) != digest for name, digest in before.items())
    kept = [name for name in after.keys() - before.keys() if name.startswith("evidence/")]
    return float(broken + lost + _false(case, ran, kept))


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let what is started meanwhile be interrupted, also where a shell has put this process into the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _killer(here: Path, at_ms: int | None) -> Callable[[], bool] | None:
    """What says when to kill a trial; None where it is to end by itself."""
    if at_ms is None:
        return None
    work = here / ".pv" / "work"
    shutil.rmtree(work, ignore_errors=True)
    begun: list[float] = []

    def now() -> bool:
        if not begun and work.exists():
            begun.append(time.monotonic())
        return bool(begun) and time.monotonic() >= begun[0] + at_ms / 1000

    return now


def _false(case: Case, ran: process.Ran, kept: list[str]) -> int:
    """How much of what status and output say is not so; who is killed after his last word has said enough."""
    named = _named(ran.out)
    if not named:
        return int(ran.status not in NOTHING_LEFT) + int(case.end in WHOLE and case.at_ms is None)
    killed = case.at_ms is not None and ran.status == -signal.SIGKILL
    return int(ran.status != WHOLE.get(case.end) and not killed) + int([named] != kept)


def _named(out: str) -> str:
    """The bundle that the printed result names; empty where there is no whole result."""
    try:
        found: Any = json.loads(out)
        return str(found["bundle"])
    except (ValueError, KeyError, TypeError):
        return ""


def _bundles(here: Path) -> dict[str, str]:
    """Everything that counts as a bundle, kept or tried by hand, with a digest of its raw bytes."""
    found: dict[str, str] = {}
    for root in ("evidence", ".pv/runs", "kept"):
        for folder in (here / root).glob("*/[!.]*"):
            raw = sorted(path for path in (folder / "raw").rglob("*") if path.is_file())
            total = hashlib.sha256(b"".join(path.read_bytes() for path in raw))
            found[str(folder.relative_to(here))] = total.hexdigest()
    return found


def _whole(folder: Path) -> bool:
    """Whether a bundle opens without a fault."""
    opened = importlib.import_module("pv.evidence").open_bundle(folder)
    return opened.bundle is not None and not opened.faults


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
