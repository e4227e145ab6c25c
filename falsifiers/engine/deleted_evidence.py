"""Deleting never helps: what was refused is refused without its evidence too, and what is gone is reported.

Hunts for: a bundle, claim, bound or contract whose absence makes the gate content.
Why it matters: the shortest way out of a refusal would be to delete what speaks.
How it looks: how the base stood, which bundles and what else are gone, and the waiver; the gate answered otherwise.
If it strikes, suspect: pv/policy/against.py for bundles, ratchet.py for claims and table.py for waivers beside it.
Blind spots: a base that was itself cleaned before; deletions in the contracts that others depend on.
Sources: Chacon and Straub 2014, Pro Git, on commits as whole trees; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-022.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from falsifiers.engine.command import pv_process
from falsifiers.engine.history import FIRST, PAST, SIDE, commit, committed, git
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 20
"""A case is one to four processes of half a second, and a repository of its own."""
ACCEPTED, FALSIFIED, USAGE, NO_VERDICT, BROKEN_TRUST = 0, 1, 2, 3, 4
FAULT: Final = ("documents) / sum(tokens", "documents) / (1 + sum(tokens")
GONE: Final = {
    "nothing": "",
    "claim": "claim-deleted",
    "bound": "claim-loosened",
    "contract": "contract-weakened",
    "contracts": "contract-weakened",
}
"""What is deleted besides bundles, and the breach that it is."""
WAIVERS: Final = {
    "none": "",
    "whole": 'owner = "o", reason = "r", expires = 2999-01-01',
    "expired": 'owner = "o", reason = "r", expires = 2001-01-01',
    "without reason": 'owner = "o", expires = 2999-01-01',
    "without owner": 'reason = "r", expires = 2999-01-01',
}
"""What a waiver of the claim's deletion says besides that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the base was like, and what was done since."""

    refuted: bool
    """Whether the gate refused the base, for a counterexample."""
    bundles: tuple[int, ...]
    """Bundles that are deleted, by their place in the list of names."""
    gone: str
    waiver: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every set of bundles, with everything else that may be deleted; waivers where a claim is."""
    from hypothesis import strategies as st

    bundles = st.lists(st.integers(0, 2), unique=True, max_size=3).map(lambda found: tuple(sorted(found)))
    gone = st.sampled_from(list(GONE))
    waiver = gone.flatmap(
        lambda one: st.tuples(st.just(one), st.sampled_from(list(WAIVERS)) if one == "claim" else st.just("none"))
    )
    return st.builds(
        lambda refuted, deleted, pair: Case(refuted=refuted, bundles=deleted, gone=pair[0], waiver=pair[1]),
        st.booleans(),
        bundles,
        waiver,
    )


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    with committed() as here:
        if case.refuted:
            _refute(here)
        bundles = sorted(path.parent for path in here.glob("evidence/*/*/manifest.json"))
        deleted = [bundles[at] for at in case.bundles if at < len(bundles)]
        for bundle in deleted:
            shutil.rmtree(bundle)
        _delete(here, case.gone)
        if WAIVERS[case.waiver]:
            _waive(here, WAIVERS[case.waiver])
        commit(here)
        gate = pv_process("gate", "--base", PAST)
        nothing_left = case.gone == "contracts" and pv_process("validate").status != NO_VERDICT
    if case.waiver not in {"none", "whole"}:
        return float(gate.status != USAGE)
    breach = "" if case.waiver == "whole" else GONE[case.gone]
    wrong = gate.status not in _possible(case.refuted, breach=bool(breach), deleted=bool(deleted))
    return float(wrong) + float(breach not in gate.out) + float(nothing_left)


def _possible(refuted: bool, *, breach: bool, deleted: bool) -> set[int]:
    """Statuses that fit what stood before and what was deleted; a bundle that is stale may go unmourned."""
    if breach or (deleted and not refuted):
        return {BROKEN_TRUST}
    return {FALSIFIED, BROKEN_TRUST} if refuted else {ACCEPTED}


def _refute(here: Path) -> None:
    """Break the function and keep the counterexample, as a state that the base names."""
    source = here / "held_out.py"
    source.write_text(source.read_text(encoding="utf-8").replace(*FAULT) + ")", encoding="utf-8")
    pv_process("discharge", "--all", "--run", "--keep")
    commit(here)
    git(here, "tag", "--force", PAST)


def _delete(here: Path, what: str) -> None:
    first, side = here / FIRST, here / SIDE
    match what:
        case "claim":
            side.write_text("".join(side.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
        case "bound":
            first.write_text(first.read_text(encoding="utf-8").replace("bound: 1.0e-6", "bound: 1.0e+6"))
        case "contract":
            side.unlink()
        case "contracts":
            side.unlink()
            first.unlink()


def _waive(here: Path, said: str) -> None:
    with (here / "pyproject.toml").open("a", encoding="utf-8") as table:
        rows = said.replace(", ", "\n")
        table.write(f'\n[[tool.pv.gate.waivers]]\nbreach = "claim-deleted"\non = "SIDE-2"\n{rows}\n')


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
