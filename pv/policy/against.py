"""Decides against a base: nothing may be weaker, and evidence that is gone here still counts.

Deleting evidence therefore changes no verdict, and is a breach itself where the bundle still speaks. A waiver that
answers for a deletion takes the bundle out of the judgement.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pv.change.tree import Side
from pv.evidence import Opened
from pv.policy.gate import decide
from pv.policy.model import Decision, Policy, Refusal
from pv.policy.ratchet import Base, breach, breaches
from pv.verdict import ContractVerdict


def decide_against(base: Base, here: Side, policy: Policy, judged_with: Callable[[Sequence[Opened]], Side]) -> Decision:
    """Return the gate's answer for a project that has a past.

    Args:
        base: The state that nothing may be weaker than.
        here: The project as it lies here.
        policy: What is asked here.
        judged_with: Judges the project again with further bundles.
    """
    missing = _missing(base.side, here.openeds)
    waived = _answered_for(missing, policy)
    gone = {opened.path for opened in waived}
    counted = [opened for opened in missing if opened.path not in gone]
    now = judged_with(counted) if counted else here
    found = (*breaches(base, now, policy), *_deletions(missing, gone, now.verdicts))
    return decide(policy, now.verdicts, found)


def _missing(base: Side, present: Sequence[Opened]) -> tuple[Opened, ...]:
    """Return the bundles of the base that lie here no more, by the digest of their manifest."""
    here = {_identity(opened) for opened in present}
    return tuple(opened for opened in base.openeds if _identity(opened) not in here)


def _answered_for(missing: Sequence[Opened], policy: Policy) -> tuple[Opened, ...]:
    """Return the missing bundles whose deletion a waiver covers."""
    covered = {waiver.on for waiver in policy.waivers if waiver.breach == "evidence-deleted"}
    return tuple(opened for opened in missing if opened.path.name in covered)


def _deletions(missing: Sequence[Opened], waived: set[Path], verdicts: Sequence[ContractVerdict]) -> Iterator[Refusal]:
    """Yield a breach for each missing bundle that still speaks, or whose deletion needs its waiver."""
    speaking = {
        bundle.bundle
        for verdict in verdicts
        for claim in verdict.claims
        for bundle in claim.bundles
        if bundle.fresh or any(finding.severity == "error" for finding in bundle.findings)
    }
    for opened in missing:
        if opened.path in waived | speaking:
            message = "the base has it and it still speaks about a claim; without a waiver it counts all the same"
            yield breach("evidence-deleted", opened.path.name, message)


def _identity(opened: Opened) -> str:
    """The digest of the manifest; of a bundle that cannot be read, its name."""
    return opened.bundle.digest if opened.bundle else opened.path.name
