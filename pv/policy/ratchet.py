"""What may not get weaker than at the base: claims, bounds, verdicts, evidence, and the gate's own demands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Final

from pv.change import claim_differences, contract_differences, followed, moved_goalposts, paired, transitions
from pv.change.tree import Side
from pv.contract import Claim
from pv.policy.model import Policy, Refusal
from pv.policy.selection import required_stamps
from pv.verdict import Verdict

BROKEN_TRUST: Final = 4
BREACHES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "claim-deleted": "a claim of the base is gone",
        "claim-loosened": "a claim asks for less, or for something that cannot be compared",
        "contract-weakened": "an obligation, equation, gate or the system asks for less, or is gone",
        "verdict-worse": "less can be concluded about a claim than at the base",
        "claim-unjudged": "a claim that was judged at the base is not judged now",
        "evidence-deleted": "a bundle that still speaks is gone",
        "selection-shrunk": "the gate asks nothing of a contract any more",
        "requirement-lowered": "the gate asks for a lower stamp",
        "finding-allowed": "the gate forbids a finding no more",
    }
)
"""Every breach of the ratchet; these can be waived, and nothing else can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The state that nothing may be weaker than."""

    side: Side
    policy: Policy


def breaches(base: Base, now: Side, policy: Policy) -> tuple[Refusal, ...]:
    """Return everything in which the present state is weaker than the base; deleted evidence apart."""
    found = chain(_claims(base, now), _contracts(base, now), _verdicts(base, now), _demands(base, now, policy))
    return tuple(dict.fromkeys(found))


def breach(code: str, subject: str, message: str) -> Refusal:
    """Return a breach of the ratchet that nothing covers yet."""
    return Refusal(code=code, subject=subject, message=message, exit_status=BROKEN_TRUST)


def _claims(base: Base, now: Side) -> Iterator[Refusal]:
    """Compare each claim of the base with itself, wherever it is now."""
    old, new = _all_claims(base.side), _all_claims(now)
    moved = _moved(base, now)
    for place, there in followed(old, new).items():
        if there is None:
            yield breach("claim-deleted", place[1], f"it is in {place[0]} at {base.side.label}, and not here")
            continue
        for one in claim_differences(old[place], new[there]):
            if one.direction.asks_less:
                bundle = moved.get((one.subject, one.field))
                proof = f", and {bundle} was locked with more" if bundle else ""
                change = f"`{one.before}` became `{one.after}`" if one.after else f"`{one.before}` is gone"
                yield breach("claim-loosened", one.subject, f"{one.field} {one.direction}: {change}{proof}")


def _all_claims(side: Side) -> dict[tuple[str, str], Claim]:
    contracts = (loaded.contract for loaded in side.files if loaded.contract)
    return {(contract.id, claim.id): claim for contract in contracts for claim in contract.claims}


def _moved(base: Base, now: Side) -> dict[tuple[str, str], str]:
    """Claim and field to the bundle that was made under a stricter demand."""
    bundles = {bundle.digest: bundle for bundle in (*base.side.bundles, *now.bundles)}.values()
    contracts = [loaded.contract for loaded in now.files if loaded.contract]
    goalposts = (moved for contract in contracts for moved in moved_goalposts(contract, bundles))
    return {(moved.difference.subject, moved.difference.field): moved.bundle for moved in goalposts}


def _contracts(base: Base, now: Side) -> Iterator[Refusal]:
    """Compare what contracts hold besides claims."""
    for before, after in paired(base.side.files, now.files):
        if before is None or before.contract is None:
            continue
        if after is None or after.contract is None:
            yield breach("contract-weakened", before.contract.id, "the contract is gone")
            continue
        for one in contract_differences(before.contract, after.contract):
            if one.part != "claim" and one.direction.asks_less:
                yield breach(
                    "contract-weakened", one.subject, f"{one.part} {one.field} {one.direction}".replace("  ", " ")
                )


def _verdicts(base: Base, now: Side) -> Iterator[Refusal]:
    for one in transitions(base.side.verdicts, now.verdicts):
        if one.before and one.after and one.worse:
            code = "claim-unjudged" if one.unjudged else "verdict-worse"
            evidence = f" (by {', '.join(one.before.evidence)})" if one.before.evidence else ""
            yield breach(code, one.claim, f"{one.before}{evidence} became {one.after}")


def _demands(base: Base, now: Side, policy: Policy) -> Iterator[Refusal]:
    """Compare what the two tables ask of the same contracts: of those at the base, and of those here."""
    for verdicts in (base.side.verdicts, now.verdicts):
        old, new = required_stamps(base.policy, verdicts), required_stamps(policy, verdicts)
        yield from _lowered(old, new)
    there = required_stamps(policy, now.verdicts)
    for name in required_stamps(base.policy, base.side.verdicts):
        if name not in there:
            yield breach("selection-shrunk", name, "the gate asked for its stamp at the base and asks for none here")
    for name in sorted(base.policy.forbid - policy.forbid):
        yield breach("finding-allowed", name, "findings of it were forbidden at the base")


def _lowered(old: Mapping[str, Verdict], new: Mapping[str, Verdict]) -> Iterator[Refusal]:
    for name, required in old.items():
        if required is Verdict.DISCHARGED and new.get(name) is Verdict.PARTIAL:
            yield breach("requirement-lowered", name, f"{required} was required, {new[name]} is")
