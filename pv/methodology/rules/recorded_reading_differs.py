"""A recorded control is not what the evidence says.

What it hunts: rows of controls.jsonl that say something else than the raw evidence, or call a reading right
that lies outside its band.
Why: a stored "ok" is a sentence, not a measurement; where it contradicts the evidence, one of the two was
made up.
How it looks: the control's name with the stored and the recomputed reading.
What to do: make the run again; a bundle of an older version of the tool may hold readings that are computed
otherwise today.
Blind spots: rows for controls that are not in the set any more; rows that are missing, since everything is
recomputed anyway.
Source: Every reading is recomputed from the other files under raw/.
"""

import math
from collections.abc import Iterator

from pv.evidence.fields import reading
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule

PLACE = "raw/controls.jsonl"


def check(case: Case) -> Iterator[Finding]:
    """Compare each recorded row of the claim's control set with its recomputed reading and with itself."""
    found = {control.name: control for control in case.controls}
    for row in case.bundle.controls:
        control = found.get(str(row.get("name")))
        if control is None or row.get("control_set") != control.control_set:
            continue
        stored = reading(row.get("reading"))
        if not _same(stored, control.reading):
            yield RULE.finding(f"{control.name} is recorded as {stored}, recomputed as {control.reading}", PLACE)
        elif row.get("ok") is True and control.ok is not True:
            yield RULE.finding(f"{control.name} is recorded as right, its band says {control.ok}", PLACE)


def _same(stored: float | None, recomputed: float | None) -> bool:
    if stored is None or recomputed is None:
        return stored is recomputed
    if math.isnan(stored) or math.isnan(recomputed):
        return math.isnan(stored) and math.isnan(recomputed)
    return math.isclose(stored, recomputed, rel_tol=1e-9, abs_tol=1e-12)


RULE = Rule(id="recorded-reading-differs", effect=Effect.INVALIDATES, page=__doc__, check=check)
