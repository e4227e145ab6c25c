"""What was derived is never read to decide: without it, and with lies in it, verdicts and exit status are the same.

Hunts for: a verdict that was stored and is believed, in derived/ or in a cache.
Why it matters: whoever can write a file beside the evidence could write the verdict.
How it looks: what was done to derived/ and to the caches, and to the evidence meanwhile.
If it strikes, suspect: pv/cli/memo.py and pv/cli/cache.py; then pv/verdict/derived.py.
Blind spots: a cache of sources that was forged entry by entry; like the program itself it is the user's own.
Sources: Reproducible Builds, on inputs that are not declared; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-018.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.engine.command import Ran, proved, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 10
"""A case is three processes of half a second, in a project of its own."""
DERIVED = ("kept", "gone", "lies")
CACHES = ("warm", "gone", "damaged", "cut")
CHANGES = {
    "nothing": ("DISCHARGED", 0),
    "bound": ("PARTIAL", 0),
    "byte": ("SUSPECT", 4),
    "bundles": ("UNTESTED", 0),
}
"""What happens to the project after the caches were filled, the verdict that follows and its status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is done to derived/, to the caches, and to what they were derived from."""

    derived: str
    caches: str
    change: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every combination."""
    from hypothesis import strategies as st

    return st.builds(
        Case,
        derived=st.sampled_from(DERIVED),
        caches=st.sampled_from(CACHES),
        change=st.sampled_from(sorted(CHANGES)),
    )


def reading(_subject: None, case: Case) -> float:
    """How many of verdict and status, with caches and without, are not those that raw evidence gives."""
    with proved() as here:
        pv_process("validate", "contracts", "--format", "json")
        _change(case.change, here)
        for folder in here.glob("evidence/*/*/derived"):
            _derive(case.derived, folder)
        _spoil(case.caches, here / ".pv")
        found = [
            _seen(pv_process("validate", "contracts", "--format", "json", *more)) for more in ((), ("--no-cache",))
        ]
    return float(sum(one != CHANGES[case.change] for one in found))


def _seen(ran: Ran) -> tuple[str, int]:
    return json.loads(ran.out)["contracts"][0]["claims"][0]["verdict"], ran.status


def _change(change: str, here: Path) -> None:
    contract = here / "contracts" / "first-claim-v1.yaml"
    match change:
        case "bound":
            contract.write_text(contract.read_text().replace("bound: 1.0e-6", "bound: 1.0e-5"))
        case "byte":
            for log in here.glob("evidence/*/*/raw/log.txt"):
                log.write_bytes(log.read_bytes() + b" ")
        case "bundles":
            shutil.rmtree(here / "evidence")


def _derive(how: str, folder: Path) -> None:
    if how == "gone":
        shutil.rmtree(folder)
    if how == "lies":
        lie = {"claims": [{"claim": "FALSIFY-FIRST-CLAIM-001", "verdict": "FALSIFIED", "level": "live"}]}
        for name in ("verdict.json", "findings.json"):
            (folder / name).write_text(json.dumps(lie))


def _spoil(how: str, scratch: Path) -> None:
    if how == "gone":
        shutil.rmtree(scratch)
    for file in (path for path in scratch.rglob("*") if path.is_file() and "cache" in path.parts):
        if how == "damaged":
            file.write_bytes(b"{" + bytes(byte ^ 1 for byte in file.read_bytes()))
        if how == "cut":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
