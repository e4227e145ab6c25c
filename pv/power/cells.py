"""What each bundle shows of each claim's falsifier under its mutant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pv.contract import Claim
from pv.evidence import Bundle, Opened
from pv.power.model import Cell, State
from pv.power.unchanged import unchanged
from pv.verdict import BundleVerdict, ClaimVerdict, ContractVerdict, Verdict, trial_state

WORST_FIRST = (State.SURVIVED, State.EQUIVALENT, State.KILLED, State.INCONCLUSIVE, State.CRASHED, State.NOT_RUN)
"""Which of several runs under one mutant counts: one that saw nothing outweighs any kill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A contract's verdict, and the bundles that it rests on."""

    verdict: ContractVerdict
    opened: tuple[Opened, ...]

    def pairs(self) -> Iterator[tuple[Claim, BundleVerdict, Bundle]]:
        """Return each claim with each readable bundle that speaks about it."""
        bundles = {one.path: one.bundle for one in self.opened if one.bundle}
        for claim in self.verdict.claims:
            for found in claim.bundles:
                if found.bundle in bundles:
                    yield claim.claim, found, bundles[found.bundle]

    def honest(self) -> tuple[Bundle, ...]:
        """Return the fresh, intact bundles of runs without a planted fault, on the contract's own data."""
        spoilt = {one.path for one in self.opened if one.faults}
        found = {
            bundle.path: bundle
            for _, verdict, bundle in self.pairs()
            if verdict.mutant is None and verdict.fresh and not bundle.run.get("dataset") and bundle.path not in spoilt
        }
        return tuple(found.values())


def cells(judged: Judged, unapplied: Mapping[str, str]) -> Iterator[Cell]:
    """Return a cell for each mutant that a claim declares, or under which it was judged.

    Args:
        judged: The contract.
        unapplied: Mutant to why it did not apply.
    """
    honest = judged.honest()
    bundles = {one.path: one.bundle for one in judged.opened if one.bundle}
    for claim in judged.verdict.claims:
        tried = [(one, bundles[one.bundle]) for one in claim.bundles if one.mutant and one.bundle in bundles]
        names = (*claim.claim.counter_example_classes, *(one.mutant for one, _ in tried if one.mutant))
        for name in dict.fromkeys(names) if not claim.claim.planned else ():
            found = [cell_of(claim.claim, one, bundle, honest) for one, bundle in tried if one.mutant == name]
            yield _combined(claim, name, found, unapplied)


def cell_of(claim: Claim, verdict: BundleVerdict, bundle: Bundle, honest: Iterable[Bundle]) -> Cell:
    """Return what one run under a mutant shows of a claim's falsifier."""
    state, note = _state(claim, verdict, bundle, honest)
    return Cell(
        claim=claim.id,
        mutant=str(verdict.mutant),
        state=state,
        declared=verdict.mutant in claim.counter_example_classes,
        by=struck(verdict) if state is State.KILLED else (),
        note=note,
        bundle=verdict.bundle.name,
    )


def struck(verdict: BundleVerdict) -> tuple[str, ...]:
    """Return the laws and the controls that speak against a claim in a bundle."""
    if verdict.verdict is Verdict.FALSIFIED:
        law = (verdict.counterexample or {}).get("law")
        return (str(law),) if law else tuple(dict.fromkeys(reason.code for reason in verdict.reasons))
    misread = [finding for finding in verdict.findings if finding.rule == "control-misread"]
    return tuple(dict.fromkeys(_law_of(finding.message) or finding.place for finding in misread))


def _law_of(message: str) -> str:
    """Return the law that a control of no set refuted, from its finding."""
    begin, end = "the law ", " was refuted"
    named = message.startswith(begin) and message.endswith(end)
    return message.removeprefix(begin).removesuffix(end) if named else ""


def _state(claim: Claim, verdict: BundleVerdict, bundle: Bundle, honest: Iterable[Bundle]) -> tuple[State, str]:
    if not verdict.fresh:
        return State.NOT_RUN, "what was run is stale"
    state = trial_state(bundle, verdict)
    if not state:
        return State.NOT_RUN, "the evidence of its run is void"
    if any(_alike(bundle, one) and unchanged(bundle, one) for one in honest):
        return State.EQUIVALENT, "the raw evidence is that of the honest run"
    if state == "killed":
        return State.KILLED, ""
    reasons = [
        str(row.get("reason"))
        for row in bundle.attacks.get(claim.id, ())
        if row.get("role") == "claim" and row.get("outcome") == "inconclusive"
    ]
    if state == "crashed" or any(reason.startswith("crashed") for reason in reasons):
        return State.CRASHED, next(iter(reasons), _last_words(bundle.log))
    return (State.INCONCLUSIVE, reasons[0]) if reasons else (State.SURVIVED, "")


def _last_words(log: str) -> str:
    """Return the last line that reports an error, of at most 200 characters; empty where none does."""
    return next((line.strip()[:200] for line in reversed(log.splitlines()) if "error" in line.lower()), "")


def _alike(bundle: Bundle, honest: Bundle) -> bool:
    """Whether two bundles are of the same trial: claims, profile, seed and platform."""
    return _trial(bundle) == _trial(honest)


def _trial(bundle: Bundle) -> tuple[object, ...]:
    run, lock = bundle.run, bundle.lock
    return lock.get("claim"), run.get("profile"), run.get("seed"), (run.get("device") or {}).get("platform")


def _combined(claim: ClaimVerdict, mutant: str, found: Sequence[Cell], unapplied: Mapping[str, str]) -> Cell:
    worst = min(found, key=lambda cell: WORST_FIRST.index(cell.state), default=None)
    if worst and (worst.state is not State.NOT_RUN or mutant not in unapplied):
        return worst
    note = unapplied.get(mutant, "no run under it")
    state = State.NOT_APPLIED if mutant in unapplied else State.NOT_RUN
    return Cell(claim=claim.claim.id, mutant=mutant, state=state, declared=True, note=note)
