"""A number that was measured, with its unit and, where it has one, its sample."""

from pv.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A value recomputed from raw evidence."""

    name: str
    value: float
    unit: str
    """One of the units that bounds know, e.g. `nats/token`, `s`, `ids`, `tensors`, `ratio`, `1`."""

    clusters: tuple[tuple[str, float, int], ...] = ()
    """(cluster id, sum of nats, tokens) for a sampled mean; empty for a number without a sample."""

    source: str = ""
    """Raw file it was recomputed from."""
