"""The oracle had imported what it judges.

What it hunts: an oracle whose process, or whose source, imported modules of the trainer or of the functions under test.
Why: an oracle that shares code with the system agrees with it in every fault of that code. It shows no number to be
wrong, so it does not make the claim SUSPECT; but the second opinion is missing, as where no oracle read the loss.
How it looks: the first of those modules, and how many there are.
What to do: write the oracle from the definition; let it import NumPy and other oracles only.
Blind spots: code that was copied, or is run as another process; modules that were unloaded again; of functions, imports
by a name that is made at run time; oracles outside a package `oracles`; one author's one misunderstanding.
Source: Knight and Leveson 1986, IEEE TSE 12(1): versions written apart fail together oftener than chance would have
it; paiml/aprender pull request 2252: an oracle that shared the system's fault.
"""

from collections.abc import Iterator
from typing import Any

from pv.evidence.fields import part
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

JUDGE = "oracle judge"


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Look for modules under test among those of the oracle."""
    for oracle, reached in part(case.bundle.run, "oracles").items():
        if modules := _names(reached):
            yield RULE.finding(f"{oracle} imports {_said(modules)}", "raw/run.json")
    judged = {module.partition(".")[0] for module in part(case.bundle.run, "trainer", "modules")}
    held = [_names(row.get("modules")) for row in case.bundle.imports if row.get("judge") == JUDGE]
    for modules in held:
        if shared := [module for module in modules if module.partition(".")[0] in judged]:
            yield RULE.finding(f"the process of the {JUDGE} imported {_said(shared)}", "raw/imports.jsonl")
    if (case.of_a_run or case.series.startswith("control/")) and not held:
        yield RULE.not_judged(f"what the process of the {JUDGE} imported is not recorded")


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _said(modules: list[str]) -> str:
    more = f" and {len(modules) - 1} more" if len(modules) > 1 else ""
    return f"{modules[0][:80]}{more}"


RULE = Rule(id="oracle-not-independent", effect=Effect.CAPS, page=__doc__, check=check)
