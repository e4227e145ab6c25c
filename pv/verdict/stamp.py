"""The stamp of a contract over its claims, and over the contracts it depends on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pv.verdict.model import ClaimVerdict, ContractVerdict, Reason, Verdict

ORDER: Final = (Verdict.FALSIFIED, Verdict.SUSPECT, Verdict.PARTIAL, Verdict.DISCHARGED)
"""Worst first; UNTESTED stands aside."""


def stamp_of(claims: Sequence[ClaimVerdict]) -> tuple[Verdict, tuple[Reason, ...]]:
    """Return the worst verdict of what was evaluated, PARTIAL at best where some claims were not."""
    found = [claim.verdict for claim in claims if claim.verdict is not Verdict.UNTESTED]
    if not found:
        what = "none of its claims was tested" if claims else "it holds no claim"
        return Verdict.UNTESTED, (Reason(code="untested-claims", message=what),)
    stamp = min(found, key=ORDER.index)
    untested = len(claims) - len(found)
    if not untested:
        return stamp, ()
    message = f"{untested} of {len(claims)} claims are untested"
    return capped(stamp), (Reason(code="untested-claims", message=message),)


def capped(stamp: Verdict) -> Verdict:
    """Return PARTIAL for what would be DISCHARGED, and anything else as it is."""
    return Verdict.PARTIAL if stamp is Verdict.DISCHARGED else stamp


def _capped_by(verdict: ContractVerdict, reasons: Sequence[Reason]) -> ContractVerdict:
    return replace(verdict, stamp=capped(verdict.stamp), reasons=(*verdict.reasons, *reasons))


def with_dependencies(verdicts: Sequence[ContractVerdict]) -> tuple[ContractVerdict, ...]:
    """Return the contracts, each capped where one it depends on is FALSIFIED, SUSPECT or not judged."""
    stamps = {verdict.path.stem: verdict.stamp for verdict in verdicts}
    stamps |= {verdict.contract.id: verdict.stamp for verdict in verdicts if verdict.contract}
    found = []
    for verdict in verdicts:
        needed = verdict.contract.metadata.depends_on if verdict.contract else ()
        states = {name: stamps.get(name) for name in needed}
        reasons = tuple(
            Reason(code="dependency", message=f"{name}, which it depends on, is {state or 'not judged here'}")
            for name, state in states.items()
            if state in {None, Verdict.FALSIFIED, Verdict.SUSPECT}
        )
        found.append(_capped_by(verdict, reasons) if reasons else verdict)
    return tuple(found)
