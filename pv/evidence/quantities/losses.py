"""Mean losses with their samples: one cluster a document, for each reading, evaluator and split."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pv.evidence.bundle import Bundle, Row
from pv.evidence.fields import count, reading, total
from pv.evidence.quantity import Quantity

SOURCE = "raw/evals.jsonl"
UNIT = "nats/token"
EVALUATORS = ("system", "oracle", "table")
BASELINES = {
    "bigram_loss": "loss/bigram/table/val-b",
    "untouched_init_loss": "loss/init/system/val-b",
    "scratch_step0_loss": "loss/step0-scratch/oracle/step-0",
}
"""Baselines as claims name them, and the loss that each of them is."""

AGREEMENT = 1e-6
"""How far, relatively, the unigram table's mean may lie from the histogram's entropy; both are exact."""

Cluster = tuple[str, float, int]


def loss_quantities(bundle: Bundle) -> dict[str, Quantity]:
    """Return `loss/<reading>/<evaluator>/<split>`, and the baselines under the names that claims use.

    A loss is the sum of nats over the sum of tokens. It may be NaN or infinite, for a run that diverged.
    A group with one malformed or repeated row is left out whole: what remained would be another sample.
    """
    groups: dict[str, list[Cluster] | None] = {}
    for row in bundle.evals:
        name, cluster = _name(row), _cluster(row)
        group = groups.setdefault(name, []) if name else None
        if group is None:
            continue
        if cluster is None:
            groups[name] = None
        else:
            group.append(cluster)
    found = {name: _mean(name, group) for name, group in groups.items() if group and _distinct(group)}
    aliases = {alias: replace(found[name], name=alias) for alias, name in BASELINES.items() if name in found}
    return found | aliases


def with_sample(entropy: Quantity, losses: Mapping[str, Quantity]) -> Quantity:
    """Return the unigram entropy with the table's sums per document, where the two agree."""
    table = losses.get("loss/unigram/table/val-b")
    if table is None or not math.isclose(table.value, entropy.value, rel_tol=AGREEMENT, abs_tol=AGREEMENT):
        return entropy
    return replace(entropy, clusters=table.clusters)


def disagreement(entropy: Quantity, losses: Mapping[str, Quantity]) -> Iterator[Quantity]:
    """Yield how far the unigram table's mean lies from the entropy of the histogram."""
    table = losses.get("loss/unigram/table/val-b")
    if table is not None:
        difference = abs(table.value - entropy.value)
        yield Quantity(name="unigram_disagreement", value=difference, unit=UNIT, source=SOURCE)


def _name(row: Row) -> str:
    parts = (row.get("reading"), row.get("evaluator"), row.get("split"))
    if not all(isinstance(part, str) and part for part in parts) or row.get("evaluator") not in EVALUATORS:
        return ""
    return "loss/" + "/".join(parts)  # type: ignore[arg-type]


def _cluster(row: Row) -> Cluster | None:
    document, nats, tokens = row.get("document"), reading(row.get("sum_nats")), count(row.get("tokens"))
    return (document, nats, tokens) if isinstance(document, str) and nats is not None and tokens else None


def _distinct(group: list[Cluster]) -> bool:
    return len({document for document, _, _ in group}) == len(group)


def _mean(name: str, group: list[Cluster]) -> Quantity:
    tokens = sum(tokens for _, _, tokens in group)
    value = total(nats for _, nats, _ in group) / tokens
    return Quantity(name=name, value=value, unit=UNIT, clusters=tuple(group), source=SOURCE)
