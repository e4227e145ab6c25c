"""The naive gate, for comparison: the reported loss against the claim's bound, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence

from pv.contract import Claim
from pv.evidence import Bundle
from pv.evidence.fields import number
from pv.power.cells import Judged
from pv.power.model import Naive


def naive_readings(judged: Sequence[Judged]) -> Iterator[Naive]:
    """Return what the gate of a contract says of each training run under a mutant of the same recipes.

    The gate is a claim `eval/loss < number`; it believes the loss that the trainer reported last for the claim's split.
    """
    gates = _gates(judged)
    for one in judged:
        seen = {bundle.path: (verdict, bundle) for _, verdict, bundle in one.pairs() if verdict.mutant}
        for verdict, bundle in seen.values():
            gate = gates.get(str(bundle.run.get("recipe_name")))
            if gate and verdict.fresh:
                yield _reading(str(verdict.mutant), bundle, *gate)


def _gates(judged: Sequence[Judged]) -> Mapping[str, tuple[float, str]]:
    """Recipe to the bound and the split of the first contract that gates its loss."""
    found: dict[str, tuple[float, str]] = {}
    for contract in (one.verdict.contract for one in judged):
        if contract is None or contract.system is None:
            continue
        for bound, split in filter(None, map(_gate, contract.claims)):
            for recipe in contract.system.profiles.values():
                found.setdefault(recipe, (bound, split))
    return found


def _gate(claim: Claim) -> tuple[float, str] | None:
    if claim.measure is None or claim.measure.series != "eval/loss" or claim.op not in {"<", "<="}:
        return None
    try:
        return float(str(claim.bound)), claim.measure.split or "val-b"
    except ValueError:  # an expression over recorded quantities asks for more than a constant
        return None


def _reading(mutant: str, bundle: Bundle, bound: float, split: str) -> Naive:
    losses = [number(row.get("loss")) for row in bundle.reported if row.get("split") == split]
    loss = losses[-1] if losses else None
    passes = None if loss is None else loss < bound
    return Naive(mutant=mutant, bundle=bundle.path.name, loss=loss, bound=bound, passes=passes)
