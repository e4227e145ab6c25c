"""The run took less time than its arithmetic takes on that device.

What it hunts: wall times below 6 N tokens over the peak of the device, N being the entries of the weight matrices.
Why: no device is faster than its peak; a run that was faster did other work than it says: fewer steps, a smaller
model, shorter batches, or a clock that was read before the device had finished.
How it looks: the seconds that were recorded, and the fewest that there can have been.
What to do: read the clock after the last result is on the host; look at whether every step computes its gradients.
Blind spots: anything slower than the peak at 8 bits, which is some three times what good training reaches. A device
that is not in the table, a mixture of experts, and weights that no ledger lists are not judged.
Source: Kaplan et al. 2020, arXiv:2001.08361, section 2.1 (6 N a token: 2 forward, 4 backward); peaks of dense products,
at 8 bits where training at 8 bits exists, from NVIDIA's data sheets of each device.
"""

from collections.abc import Iterator
from math import prod

from pv.evidence.cards import card_of
from pv.evidence.fields import count, part
from pv.evidence.quantities.ledger import unmoved_tensors
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

FULL, FROZEN = 6, 2
"""Operations a token for each entry of a matrix that learns, and of one that does not."""


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Compare the recorded seconds with the fewest that the arithmetic takes."""
    if not case.of_a_run:
        return
    kind = str(part(case.bundle.run, "device").get("kind") or "an unnamed device")[:80]
    card = card_of(kind)
    tokens = max((count(row.get("tokens")) or 0 for row in case.bundle.metrics), default=0)
    operations = _operations(case)
    if card is None:
        yield RULE.not_judged(f"the peak of {kind} is not known")
    elif not tokens or not operations:
        yield RULE.not_judged("the tokens of the run, or its matrices, are not recorded, or only some of them are used")
    else:
        yield from _compared(case, operations * tokens / (card.fastest * _devices(case)))


def _compared(case: Case, fewest: float) -> Iterator[Finding]:
    for name, place in (("wall_seconds", "raw/run.json"), ("steps_wall_seconds", "raw/metrics.jsonl")):
        seconds = case.value(name)
        if seconds is not None and seconds < fewest:
            yield RULE.finding(f"{name} {seconds:.4g}, the arithmetic takes {fewest:.4g} s or more", place)


def _operations(case: Case) -> int:
    """Return the operations of a token, a lower bound; 0 where it is not known.

    Of several tables over the vocabulary one is looked up and not multiplied.
    """
    model = part(case.bundle.run, "config", "model")
    if any("expert" in key and (count(value) or 0) > 1 for key, value in model.items()):
        return 0
    still = set(unmoved_tensors(case.bundle) or ())
    final = part(case.bundle.tensors, "final")
    shapes = {name: _shape(part(final, name).get("shape")) for name in final}
    matrices = {name: shape for name, shape in shapes.items() if len(shape) == 2}
    costs = {name: prod(shape) * (FROZEN if name in still else FULL) for name, shape in matrices.items()}
    vocabulary = count(model.get("vocab_size"))
    tables = [cost for name, cost in costs.items() if vocabulary in shapes[name]]
    return sum(costs.values()) - (max(tables) if len(tables) > 1 else 0)


def _shape(stored: object) -> tuple[int, ...]:
    sizes = [count(size) for size in stored] if isinstance(stored, list) else []
    return tuple(size for size in sizes if size) if all(sizes) else ()


def _devices(case: Case) -> int:
    """Return how many GPUs anyone used while the run went on; at least one."""
    seen = {row.get("device") for row in case.bundle.device if str(row.get("device")).startswith("gpu")}
    return max(len(seen), count(part(case.bundle.run, "device").get("count")) or 1, 1)


RULE = Rule(id="impossible-speed", effect=Effect.INVALIDATES, page=__doc__, check=check)
