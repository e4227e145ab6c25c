"""The verdict of a claim over all its bundles, and the stamp of a contract over its claims."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pv.binding import Freshness, bind
from pv.contract import Claim, Contract, Loaded
from pv.evidence import Bundle, Opened, find_bundles, locked_claims, open_bundle, stale_reasons
from pv.methodology import Finding, catalogue, lint
from pv.verdict.derived import derived_differences
from pv.verdict.hand_written import contract_problems
from pv.verdict.history import history
from pv.verdict.judge import Exhibit, examine, judge_bundle
from pv.verdict.model import BundleVerdict, ClaimVerdict, ContractVerdict, Reason, Verdict
from pv.verdict.power import receipts, trial_state
from pv.verdict.seeds import over_seeds
from pv.verdict.stamp import ORDER, stamp_of, with_dependencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What today's sources say about claims and evidence."""

    stale: Callable[[Claim, Contract, Bundle], tuple[str, ...]]
    """Why a bundle no longer speaks about a claim."""

    laws: Callable[[Claim], tuple[str, ...] | None]
    """Laws of the falsifier that a claim is bound to; None where it is unbound."""


def current_sources(freshness: Freshness | None = None) -> Sources:
    """Return what the installed falsifiers and the trainer say now; each source is read once."""
    digests = freshness or Freshness()

    def stale(claim: Claim, contract: Contract, bundle: Bundle) -> tuple[str, ...]:
        return stale_reasons(bundle, claim, contract, freshness=digests)

    def laws(claim: Claim) -> tuple[str, ...] | None:
        bound = bind(claim.id, packages=digests.packages)
        return None if bound is None else bound.laws

    return Sources(stale=stale, laws=laws)


def judge_all(
    files: Iterable[Loaded], roots: Sequence[Path], sources: Sources | None = None
) -> tuple[ContractVerdict, ...]:
    """Return the verdict of every contract, from the bundles below the roots; the first root's come first.

    A contract that depends on one that is FALSIFIED or SUSPECT, or that is not among the files, is
    PARTIAL at best.

    Raises:
        BindingError: The index of the falsifiers does not fit their package.
    """
    known = sources or current_sources()
    bundles: dict[str, list[Path]] = {}
    for path in (path for root in roots for path in find_bundles(root)):
        bundles.setdefault(path.parent.name, []).append(path)
    verdicts = [
        judge_contract(loaded, [open_bundle(path) for path in bundles.get(loaded.path.stem, ())], known)
        for loaded in files
    ]
    return with_dependencies(verdicts)


def judge_contract(loaded: Loaded, openeds: Sequence[Opened], sources: Sources | None = None) -> ContractVerdict:
    """Return the stamp of a contract, with the verdict of each claim and everything wrong with the file.

    Args:
        loaded: The contract's file.
        openeds: Bundles; those of other contracts are left out.
        sources: What the sources say now; read from what is installed where None.

    Raises:
        BindingError: The index of the falsifiers does not fit their package.
    """
    contract, known = loaded.contract, sources or current_sources()
    if contract is None:
        return _unreadable(loaded)
    exhibits = [examine(opened, contract) for opened in openeds if _belongs(opened, loaded)]
    claims = _with_notes([judge_claim(claim, contract, exhibits, known) for claim in contract.claims])
    stamp, reasons = stamp_of(claims)
    return ContractVerdict(
        path=loaded.path,
        contract=contract,
        stamp=stamp,
        claims=claims,
        problems=(*loaded.problems, *contract_problems(loaded, contract, claims, stamp, known.laws)),
        reasons=reasons,
    )


def _unreadable(loaded: Loaded) -> ContractVerdict:
    reason = Reason(code="not-a-contract", message="the file could not be read as a contract")
    return ContractVerdict(
        path=loaded.path,
        contract=None,
        stamp=Verdict.UNTESTED,
        claims=(),
        problems=loaded.problems,
        reasons=(reason,),
    )


def _belongs(opened: Opened, loaded: Loaded) -> bool:
    """Whether a bundle lies in the contract's folder of evidence, or its lock names the contract."""
    if opened.path.parent.name == loaded.path.stem:
        return True
    lock = opened.bundle.lock.get("contract") if opened.bundle else None
    return isinstance(lock, Mapping) and loaded.contract is not None and lock.get("id") == loaded.contract.id


def judge_claim(
    claim: Claim, contract: Contract, evidence: Sequence[Opened | Exhibit], sources: Sources
) -> ClaimVerdict:
    """Return the verdict of a claim over its bundles, in whatever order they come.

    What nothing was measured of has the findings that its contract alone decides; they leave it UNTESTED.
    """
    found = _unlinted(claim, contract, evidence, sources)
    if found.verdict is not Verdict.UNTESTED:
        return found
    linted = lint(claim, contract)
    return replace(found, findings=tuple(dict.fromkeys((*found.findings, *linted)))) if linted else found


def _unlinted(claim: Claim, contract: Contract, evidence: Sequence[Opened | Exhibit], sources: Sources) -> ClaimVerdict:
    laws = sources.laws(claim)
    barred = _barred(claim, contract, laws)
    if barred:
        lost = _lost_kills(claim, contract, evidence) if barred.code == "unbound" else ()
        return _claim_verdict(claim, Verdict.UNTESTED, (), reasons=(barred, *lost))
    exhibits = [one if isinstance(one, Exhibit) else examine(one, contract) for one in evidence]
    judged = _judged(claim, contract, exhibits, sources, laws or ())
    counted = [one for one in judged if one.mutant is None or _has_faults(one)]
    return _combined(claim, judged, counted)


def _barred(claim: Claim, contract: Contract, laws: tuple[str, ...] | None) -> Reason | None:
    """Return why a claim cannot be judged at all."""
    if claim.planned:
        return Reason(code="planned", message="the claim is planned, nothing measures it yet")
    if claim.measure is None or claim.op is None or claim.bound is None:
        code = "legacy" if contract.legacy else "not-measurable"
        return Reason(code=code, message="the claim does not say what is measured against which bound")
    if laws is None:
        return Reason(code="unbound", message="no falsifier is bound to the claim")
    return None


def _lost_kills(claim: Claim, contract: Contract, evidence: Sequence[Opened | Exhibit]) -> Iterator[Reason]:
    """Return what the falsifier that a claim was bound to when its evidence was made had killed."""
    killed: dict[str, set[str]] = {}
    for one in evidence:
        exhibit = one if isinstance(one, Exhibit) else examine(one, contract)
        bundle = exhibit.opened.bundle
        locked = locked_claims(bundle).get(claim.id) if bundle else None
        if bundle and locked and bundle.patch:
            verdict = judge_bundle(claim, contract, exhibit)
            if trial_state(bundle, verdict) == "killed":
                killed.setdefault(str(locked.get("falsifier")), set()).add(str(verdict.mutant))
    for falsifier, names in sorted(killed.items()):
        message = f"{falsifier} was bound to it, and killed {', '.join(sorted(names))}: nothing of this claim does now"
        yield Reason(code="lost-power", message=message)


def _judged(
    claim: Claim, contract: Contract, exhibits: Sequence[Exhibit], sources: Sources, laws: Sequence[str]
) -> tuple[BundleVerdict, ...]:
    """Judge runs under mutants first: they are the receipts that honest runs want."""
    trials: list[tuple[Bundle, BundleVerdict]] = []
    found = []
    speaking = sorted((one for one in exhibits if _speaks(one.opened, claim)), key=_honest)
    stale = [sources.stale(claim, contract, one.opened.bundle) if one.opened.bundle else () for one in speaking]
    counting = [one for one, why in zip(speaking, stale, strict=True) if not why and _honest(one)]
    for exhibit, why in zip(speaking, stale, strict=True):
        bundle = exhibit.opened.bundle
        verdict = judge_bundle(
            claim,
            contract,
            exhibit,
            stale=why,
            receipts=receipts(claim, trials, like=bundle, level=exhibit.level) if bundle else {},
            laws=laws,
            history=history(claim, exhibit, speaking, counting),
        )
        found.append(verdict)
        if bundle and verdict.mutant:
            trials.append((bundle, verdict))
    return tuple(sorted(found, key=lambda one: (one.bundle.name, one.digest)))


def _honest(exhibit: Exhibit) -> bool:
    bundle = exhibit.opened.bundle
    return bundle is None or bundle.run.get("mutant") is None


def _speaks(opened: Opened, claim: Claim) -> bool:
    """Whether a bundle's lock names the claim; one that is broken speaks against every claim."""
    if opened.bundle is None or opened.faults:
        return True
    claims = opened.bundle.lock.get("claims")
    return any(row.get("id") == claim.id for row in claims or () if isinstance(row, Mapping))


def _has_faults(verdict: BundleVerdict) -> bool:
    faults = {"altered-evidence", "broken-chain", "incomplete-evidence", "unreadable-evidence"}
    return any(finding.rule in faults for finding in verdict.findings)


def _combined(claim: Claim, judged: Sequence[BundleVerdict], counted: Sequence[BundleVerdict]) -> ClaimVerdict:
    """Weigh the bundles: all fresh or broken ones may speak against the claim, then the best counts."""
    against = [one for one in counted if one.fresh or _has_faults(one)]
    for verdict in (Verdict.FALSIFIED, Verdict.SUSPECT):
        if bad := [one for one in against if one.verdict is verdict]:
            return _claim_verdict(claim, verdict, judged, rests_on=bad)
    survivors = [one for one in counted if one.verdict in {Verdict.PARTIAL, Verdict.DISCHARGED}]
    fresh = [one for one in survivors if one.fresh]
    if survivors and claim.seeds:
        found, runs, why = over_seeds(claim.seeds, claim.confidence, fresh or survivors)
        return _claim_verdict(claim, found, judged, rests_on=runs, reasons=why)
    if survivors:
        best = max(fresh or survivors, key=_strength)
        return _claim_verdict(claim, best.verdict, judged, rests_on=[best])
    if counted:
        reasons = [reason for one in counted for reason in _why_nothing(one)]
        return _claim_verdict(claim, Verdict.UNTESTED, judged, reasons=tuple(dict.fromkeys(reasons)))
    only = "only runs under mutants" if judged else "no evidence"
    return _claim_verdict(claim, Verdict.UNTESTED, judged, reasons=(Reason(code="no-evidence", message=only),))


def _strength(verdict: BundleVerdict) -> tuple[int, int, int, str]:
    level = verdict.level.rank if verdict.level else -1
    return ORDER.index(verdict.verdict), level, -len(verdict.reasons), verdict.digest


def _why_nothing(verdict: BundleVerdict) -> tuple[Reason, ...]:
    if verdict.verdict is Verdict.UNTESTED:
        return verdict.reasons
    message = f"{verdict.bundle.name} was {verdict.verdict}, and is stale: make the evidence again"
    return (Reason(code="stale-evidence", message=message),)


def _claim_verdict(
    claim: Claim,
    verdict: Verdict,
    judged: Sequence[BundleVerdict],
    *,
    rests_on: Sequence[BundleVerdict] = (),
    reasons: tuple[Reason, ...] = (),
) -> ClaimVerdict:
    levels = [one.level for one in rests_on if one.level]
    found = reasons or tuple(dict.fromkeys(reason for one in rests_on for reason in one.reasons))
    return ClaimVerdict(
        claim=claim,
        verdict=verdict,
        level=max(levels, key=lambda level: level.rank, default=None),
        reasons=found,
        findings=tuple(dict.fromkeys(finding for one in rests_on for finding in one.findings)),
        bundles=tuple(judged),
        rests_on=tuple(one.bundle for one in rests_on),
        not_judged=tuple(dict.fromkeys(one for bundle in rests_on for one in bundle.not_judged)),
    )


def _with_notes(claims: Sequence[ClaimVerdict]) -> tuple[ClaimVerdict, ...]:
    """Note on each claim where the stored verdict of a bundle is not the derived one."""
    by_bundle: dict[Path, list[BundleVerdict]] = {}
    for claim in claims:
        for one in claim.bundles:
            by_bundle.setdefault(one.bundle, []).append(one)
    rule = catalogue()["derived-verdict-differs"]
    notes = {
        (path, claim_id): rule.finding(message, "derived/verdict.json")
        for path, verdicts in by_bundle.items()
        for claim_id, message in derived_differences(path, verdicts).items()
    }
    return tuple(_noted(claim, notes) for claim in claims) if notes else tuple(claims)


def _noted(claim: ClaimVerdict, notes: Mapping[tuple[Path, str], Finding]) -> ClaimVerdict:
    mine = {one.bundle: notes.get((one.bundle, claim.claim.id)) for one in claim.bundles}
    bundles = tuple(
        replace(one, findings=(*one.findings, note)) if (note := mine[one.bundle]) else one for one in claim.bundles
    )
    added = tuple(note for note in mine.values() if note)
    return replace(claim, bundles=bundles, findings=tuple(dict.fromkeys((*claim.findings, *added))))
