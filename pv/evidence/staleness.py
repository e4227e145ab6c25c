"""Whether a bundle still speaks about today's claim."""

from pv.binding import Freshness, lock_rows
from pv.contract import Claim, Contract
from pv.evidence.bundle import Bundle, Row
from pv.evidence.fields import part

__all__ = ["lock_rows", "locked_claims", "stale_reasons"]


def stale_reasons(
    bundle: Bundle, claim: Claim, contract: Contract, *, freshness: Freshness | None = None
) -> tuple[str, ...]:
    """Return why a bundle no longer speaks about a claim as it stands; empty where it is fresh.

    Args:
        bundle: The evidence.
        claim: The claim now.
        contract: Its contract now.
        freshness: Digests of today's sources; pass one for many bundles, so that each source is read once.

    Raises:
        BindingError: The index of the falsifiers does not fit their package.
    """
    current = freshness or Freshness()
    modules = part(bundle.run, "trainer", "modules")
    return current.stale_reasons(locked_claims(bundle).get(claim.id), modules, claim, contract)


def locked_claims(bundle: Bundle) -> dict[str, Row]:
    """Return claim id to what was fixed about it before step 0."""
    claims = bundle.lock.get("claims")
    rows = [row for row in claims if isinstance(row, dict)] if isinstance(claims, list) else []
    return {row["id"]: row for row in rows if isinstance(row.get("id"), str)}
