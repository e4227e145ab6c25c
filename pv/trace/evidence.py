"""The last evidence about a claim."""

import re
from pathlib import Path

from pv.verdict import BundleVerdict, ClaimVerdict


def last_bundle(verdict: ClaimVerdict) -> BundleVerdict | None:
    """The youngest bundle that counts for the claim, by the date in its folder's name; None without one."""
    honest = [bundle for bundle in verdict.bundles if bundle.mutant is None]
    return max(honest, key=lambda bundle: (bundle_date(bundle.bundle), bundle.digest), default=None)


def bundle_date(path: Path) -> str:
    """`2026-11-20`, from the name of a bundle's folder; empty where it carries no date."""
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", path.name)
    return "-".join(match.groups()) if match else ""
