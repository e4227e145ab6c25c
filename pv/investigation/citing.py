"""Checks what the answers of whys cite: readings are recomputed, verdicts derived."""

import math
from decimal import Decimal

from pv.contract.problem import Path
from pv.investigation.library import of_one_state, over_steps
from pv.investigation.lookup import Lookup, SymptomRead
from pv.investigation.model import Cite, Why


def check_why(lookup: Lookup, why: Why, symptom: SymptomRead, at: Path) -> None:
    """Note everything that the evidence says otherwise than an answer does."""
    for index, cite in enumerate(why.cites):
        _check(lookup, cite, symptom, (*at, "cites", index))
    names = [cite.quantity or symptom.quantity for cite in why.cites if not cite.claim]
    many, one = [name for name in names if over_steps(name)], [name for name in names if of_one_state(name)]
    if many and one:
        what = f"{many[0]} is over all steps, {one[0]} of one state: the two say nothing of each other"
        lookup.wrong("states-compared", (*at, "cites"), what, "cite both of one state, e.g. train/loss last")


def _check(lookup: Lookup, cite: Cite, symptom: SymptomRead, at: Path) -> None:
    if cite.claim:
        cited = lookup.claim_id(cite.claim, (*at, "claim"))
        derived = lookup.library.verdicts[cited].verdict if cited else None
        if derived and derived != cite.verdict:
            what = f"{cite.claim} is {derived}, not {cite.verdict}"
            lookup.wrong("reading-differs", (*at, "verdict"), what, "write what is derived, or make the evidence again")
        return
    own = not (cite.bundle or cite.run)
    claim_id = symptom.claim.claim.id
    exhibit = symptom.exhibit if own else lookup.exhibit(cite.bundle, cite.run, claim_id, at, symptom.exhibit)
    if exhibit is None or cite.reads is None:
        return
    found = lookup.reading(exhibit, cite.quantity, cite.unit, (*at, "quantity"), cite.reads)
    if found and not agrees(cite.reads, found.value):
        what = f"{cite.quantity} reads {found.value:.6g} {found.unit}, not {cite.reads:g}"
        lookup.wrong("reading-differs", (*at, "reads"), what, "write what is recomputed, or cite the bundle you mean")


def agrees(written: float, value: float) -> bool:
    """Whether a value rounds to a written number at the digits that were written.

    A whole number is read as with `.0`: of 2 and 2.0 the file keeps the same.
    """
    exponent = Decimal(repr(written)).as_tuple().exponent
    if not math.isfinite(value) or not isinstance(exponent, int):
        return False
    return abs(value - written) <= 0.5 * 10.0 ** min(exponent, 0) * (1 + 1e-9)
