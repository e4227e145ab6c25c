"""Receipts: which planted faults a claim's falsifier has killed, in any recipe of the trainer."""

from collections.abc import Iterable, Mapping
from typing import Final

from pv.contract import Claim
from pv.evidence import Bundle, locked_claims
from pv.methodology.controls import platform
from pv.verdict.model import BundleVerdict, Level, Verdict

KILLS: Final = frozenset({"control-misread"})
"""Rules whose finding shows that the method itself saw the fault."""

VOID: Final = frozenset(
    {
        "altered-evidence",
        "broken-chain",
        "incomplete-evidence",
        "post-hoc-lock",
        "recorded-reading-differs",
        "unreadable-evidence",
    }
)
"""Rules whose finding makes a receipt worthless."""

WORST_FIRST: Final = ("survived", "killed", "crashed")
"""What counts where several runs were made under one mutant: one escape outweighs any kill."""

Trial = tuple[Bundle, BundleVerdict]
"""A bundle made under a mutant, and what it says about the claim."""


def receipts(claim: Claim, trials: Iterable[Trial], *, like: Bundle, level: Level | None) -> Mapping[str, str]:
    """Return each declared mutant with `killed`, `survived`, `crashed` or `missing`.

    Args:
        claim: The claim whose falsifier is in question.
        trials: Runs under mutants.
        like: The honest bundle that wants receipts; only runs with its falsifier and platform count, of any profile.
        level: Level of that bundle; a live one may rest on kills of any platform.
    """
    seen: dict[str, set[str]] = {}
    for bundle, verdict in trials:
        if verdict.mutant and bundle.patch and verdict.fresh and _alike(claim, bundle, like, level):
            seen.setdefault(verdict.mutant, set()).add(trial_state(bundle, verdict))
    return {
        name: next((state for state in WORST_FIRST if state in seen.get(name, ())), "missing")
        for name in claim.counter_example_classes
    }


def _alike(claim: Claim, bundle: Bundle, like: Bundle, level: Level | None) -> bool:
    digests = [locked_claims(one).get(claim.id, {}).get("falsifier_digest") for one in (bundle, like)]
    if digests[0] is None or digests[0] != digests[1]:
        return False
    return level is Level.LIVE or platform(bundle) == platform(like)


def trial_state(bundle: Bundle, verdict: BundleVerdict) -> str:
    """Return `killed`, `survived` or `crashed` for a run; nothing where its own evidence is void."""
    rules = {finding.rule for finding in verdict.findings}
    if rules & VOID:
        return ""
    if bundle.run.get("exit_code") != 0 or verdict.verdict is Verdict.UNTESTED:
        return "crashed"
    seen = verdict.verdict is Verdict.FALSIFIED or (verdict.verdict is Verdict.SUSPECT and rules & KILLS)
    return "killed" if seen else "survived"
