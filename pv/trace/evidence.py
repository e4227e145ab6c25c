"""The evidence that a claim's verdict rests on."""

import re
from pathlib import Path

from pv.verdict import BundleVerdict, ClaimVerdict


def deciding_bundle(verdict: ClaimVerdict) -> BundleVerdict | None:
    """The bundle that decides the claim, the youngest of several; where none does, the youngest of an honest run.

    How young a bundle is says the date in its folder's name. None without any.
    """
    deciding = [bundle for bundle in verdict.bundles if bundle.bundle in verdict.rests_on]
    honest = [bundle for bundle in verdict.bundles if bundle.mutant is None]
    return max(deciding or honest, key=lambda bundle: (bundle_date(bundle.bundle), bundle.digest), default=None)


def bundle_date(path: Path) -> str:
    """`2026-11-20`, from the name of a bundle's folder; empty where it carries no date."""
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", path.name)
    return "-".join(match.groups()) if match else ""
