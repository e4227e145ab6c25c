"""A fault that was not planted is no kill, and neither is a run that crashed or could not begin.

Hunts for: a mutant that no longer fits the source, or a crash under one, that is counted as a kill.
Why it matters: a law that can see nothing would seem to have struck.
How it looks: what became of the fault; it was run all the same, or stood for a kill, or its patch does not apply again.
If it strikes, suspect: falsifiers/mutants/apply.py and pv/trial/overlay.py; trial_state in pv/verdict/power.py.
Blind spots: faults that change the source and never run; mutants of a trainer, which are planted by the same code.
Sources: CultureBotAI/CommunityMech issue 696; DeMillo et al. 1978; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-011.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from falsifiers.engine.command import FAULT, proved, pv_process
from falsifiers.law import one_law
from falsifiers.mutants.apply import patched
from falsifiers.mutants.mutant import MutantError

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 10
"""A case is up to three processes of half a second, in a project of its own."""
FALSIFIED, USAGE = 1, 2
SOURCE, MUTANT = "held_out.py", "laws/mutants/mean_of_means.py"
BODY: Final = "    return math.fsum(total for total, _ in documents) / sum(tokens for _, tokens in documents)\n"
FALSE: Final = "    return math.fsum(total / tokens for total, tokens in documents) / len(documents)\n"
"""The function under test, and the same at fault."""
UNFIT: Final = {
    "gone": ("return", "return 1.0 *", FALSE),
    "twice": (BODY, BODY * 2, FALSE),
    "same": ("", "", BODY),
    "comment": ("", "", f"    # nothing\n{BODY}"),
    "blank": ("", "", f"\n{BODY}"),
    "syntax": ("", "", "    return (\n"),
}
"""Faults that cannot be planted: what was edited in the source meanwhile, and the text that is to take its place."""
CRASHES: Final = {
    "raise": '    raise ValueError("planted")\n',
    "exit": "    raise SystemExit(1)\n",
    "kill": "    import os\n\n    os._exit(1)\n",
    "refused": f'{BODY}\n\nraise ImportError("planted")\n',
}
"""Faults under which nothing can be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault."""

    fault: str
    """`seen`, or a way to miss."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every way to miss, and faults that are seen."""
    from hypothesis import strategies as st

    return st.builds(Case, fault=st.sampled_from(["seen", *UNFIT, *CRASHES]))


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    with proved() as here:
        _forget_the_kill(here)
        source = here / SOURCE
        old, new, planted = UNFIT.get(case.fault, ("", "", CRASHES.get(case.fault, FALSE)))
        _write(here / MUTANT, _mutant(planted))
        if old:
            _write(source, source.read_text(encoding="utf-8").replace(old, new, 1))
        ran = pv_process("discharge", "--all", "--run", "--keep", "--mutant", FAULT)
        kills = [bundle for bundle in here.glob("evidence/*/*") if (bundle / "raw" / "mutant.patch").exists()]
        if case.fault in UNFIT:
            return float(ran.status != USAGE) + float(FAULT not in ran.err) + len(kills)
        verdict = json.loads(pv_process("validate", "contracts", "--format", "json").out)["contracts"][0]["claims"][0]
        if case.fault in CRASHES:
            return float(ran.status == FALSIFIED) + float(verdict["verdict"] != "PARTIAL")
        again = sum(not _applies(bundle, here) for bundle in kills)
    return float(ran.status != FALSIFIED) + float(verdict["verdict"] != "DISCHARGED") + abs(len(kills) - 1) + again


def _forget_the_kill(here: Path) -> None:
    """Delete the receipt that the project has; what is left is PARTIAL."""
    for patch in list(here.glob("evidence/*/*/raw/mutant.patch")):
        shutil.rmtree(patch.parents[1])


def _mutant(planted: str) -> str:
    """The module of the project's fault, with another text in the place of the function."""
    return (
        '"""Planted."""\n\nfrom falsifiers.mutants.mutant import Edit, Mutant\n\n'
        f'MUTANT = Mutant(name="{FAULT}", group="evaluation", summary="s", expect="e", '
        f'edits=(Edit(module="held_out", old={BODY!r}, new={planted!r}),))\n'
    )


def _applies(bundle: Path, here: Path) -> bool:
    """Whether the patch in a bundle gives the faulty source again."""
    try:
        found = patched((bundle / "raw" / "mutant.patch").read_text(encoding="utf-8"), here)
    except MutantError:
        return False
    return found == {SOURCE: (here / SOURCE).read_text(encoding="utf-8").replace(BODY, FALSE)}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
