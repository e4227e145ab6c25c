"""What may be the symptom in a bundle: each reading that could be wrong, with where it was expected."""

import math
from collections.abc import Iterator

from pv.investigation.library import measured_by
from pv.investigation.model import Band
from pv.methodology import control_set
from pv.verdict import BundleVerdict, ClaimVerdict


def suspected(claim: ClaimVerdict, bundle: BundleVerdict) -> Iterator[tuple[str, Band]]:
    """Yield the names of readings: the claim's number, controls that read wrong, the claim's bound, the law under it.

    Args:
        claim: The claim.
        bundle: One of its bundles; a reading of the claim itself may be right in it.
    """
    found, plausible, broken = bundle.measurement, claim.claim.plausible, bundle.counterexample or {}
    controls = {one.name: one for one in control_set(claim.claim.controls)}
    if plausible:
        yield measured_by(claim), Band(low=plausible.low, high=plausible.high, unit=plausible.unit)
    for row in bundle.controls:
        if row.ok is False:
            yield controls[row.name].quantity, Band(low=row.low, high=row.high, unit=row.unit)
    if found and math.isfinite(found.bound_value):
        low = found.bound_value if found.op in {">", ">=", "=="} else None
        high = found.bound_value if found.op in {"<", "<=", "=="} else None
        yield measured_by(claim), Band(low=low, high=high, unit=found.unit)
    if isinstance(broken.get("tolerance"), float):
        yield f"attack/{broken['law']}", Band(high=broken["tolerance"], unit=str(broken["unit"]))
