"""Every field of a claim that demands something is compared with the evidence; one that is only told changes nothing.

Hunts for: a demand that is loaded, shown and never compared.
Why it matters: its author believes that it guards the claim.
How it looks: the field that now contradicts the evidence; both claims stand as before, or a word of prose moved them.
If it strikes, suspect: weighed and compared in pv/verdict/measuring.py; the rule of the field in pv/methodology/rules.
Blind spots: control sets, of which one that exists would need the record of a trainer; combinations of fields.
Sources: contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-006.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Edit: TypeAlias = tuple[str, str]
"""What stands in the contract, and what takes its place."""

SOUND: Final = "DISCHARGED"
FIELDS: Final[Mapping[str, Callable[[float], Edit]]] = {
    "measure": lambda x: ("split: val-b", f"split: val-{'acdefg'[int(6 * x)]}"),
    "reducer": lambda x: ("reduce: last", f"reduce: {'first' if x < 0.5 else 'min'}"),
    "series": lambda x: ("attack/steady", f"attack/{'steadier' if x < 0.5 else 'other'}"),
    "operator": lambda x: ('op: "<"\n', f'op: "{">" if x < 0.5 else ">="}"\n'),
    "equality": lambda _: ('op: "<="', 'op: "=="'),
    "bound": lambda x: ("bound: 3.0", f"bound: {1.9 * x:.4f}"),
    "law bound": lambda x: ("bound: 0.5", f"bound: {0.24 * x:.4f}"),
    "expression": lambda x: ("bound: 3.0", f"bound: {0.1 + 0.3 * x:.4f} * ln(vocab_size)"),
    "unit": lambda x: ("unit: nats/token, split", f"unit: bits/{'token' if x < 0.5 else 'byte'}, split"),
    "law unit": lambda x: ("reduce: max, unit: nats", f"reduce: max, unit: {'bits' if x < 0.5 else 'ratio'}"),
    "baseline": lambda _: ("[unigram_entropy]", "[unigram_entropy, bigram_loss]"),
    "baseline that nobody measured": lambda _: ("[unigram_entropy]", "[unigram_entropy, untouched_init_loss]"),
    "band": lambda x: ("low: 1.0", f"low: {2.1 + 6.8 * x:.4f}"),
    "upper end of the band": lambda x: ("high: 9.0", f"high: {1.01 + 0.9 * x:.4f}"),
    "confidence": lambda x: ("confidence: 0.95", f"confidence: {1 - 10 ** -(8 + 6 * x)!r}"),
    "controls": lambda x: (
        "    confidence:",
        f"    controls: {'lm-loss' if x < 0.5 else 'none-such'}\n    confidence:",
    ),
    "level": lambda _: ("requires: integration", "requires: live"),
    "mutants": lambda x: ("[planted]", f"[planted, other{int(100 * x)}]"),
}
"""What a field says instead, by a number from 0 to below 1, so that the evidence contradicts it."""
PROSE: Final = {
    "rule": ("rule: r", "rule: {}"),
    "prediction": ("prediction: p", "prediction: {}"),
    "if_fails": ("if_fails: f", "if_fails: {}"),
    "source of the band": ("source: s", "source: {}"),
    "tracked_by": ("if_fails: f", "if_fails: f\n    tracked_by: {}"),
    "aliases": ("if_fails: f", "if_fails: f\n    aliases: [ALIAS-{}]"),
    "ship_blocking": ("if_fails: f", "if_fails: f\n    ship_blocking: true"),
    "description": ("description: d", "description: {}"),
}
"""What demands nothing, and how it reads otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How far each demand changes, each alone, and which prose changes."""

    percent: int
    prose: tuple[str, ...]
    word: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every amount, with any prose."""
    from hypothesis import strategies as st

    prose = st.lists(st.sampled_from(list(PROSE)), unique=True, max_size=4).map(tuple)
    word = st.text("abcdefg", min_size=1, max_size=4)
    return st.builds(Case, percent=st.integers(0, 99), prose=prose, word=word)


def reading(_subject: None, case: Case) -> float:
    """How many changed demands went unnoticed, and whether a word of prose was taken for one."""
    told = exhibit.CONTRACT
    for name in case.prose:
        old, new = PROSE[name]
        told = told.replace(old, new.format(case.word), 1)
    parts, receipt = exhibit.record(), exhibit.record(mutant="planted")
    for one in (parts, receipt):
        one["evals.jsonl"] += _better(one["evals.jsonl"])
    with exhibit.bench() as root:
        bundles = [exhibit.sealed(one, root) for one in (parts, receipt)]
        unread = sum(_sound(bundles, _demanding(told, field, case.percent / 100)) for field in FIELDS)
        taken = not _sound(bundles, told)
    return float(unread + taken)


def _demanding(text: str, field: str, amount: float) -> str:
    old, new = FIELDS[field](amount)
    if field == "confidence":
        text = text.replace("bound: 3.0", f"bound: {_near():.6f}")
    return text.replace(old, new, 1)


def _sound(bundles: list[Path], text: str) -> bool:
    return all(claim.verdict == SOUND for claim in exhibit.judged(bundles, text=text).values())


def _near() -> float:
    """A bound that the loss meets with a confidence of 0.95, and not with one of almost 1."""
    losses = [row["sum_nats"] / row["tokens"] for row in exhibit.record()["evals.jsonl"] if row["reading"] == "final"]
    mean = math.fsum(losses) / len(losses)
    spread = math.sqrt(math.fsum((loss - mean) ** 2 for loss in losses) / len(losses))
    return mean + 4 * spread / math.sqrt(exhibit.DOCUMENTS)


def _better(rows: list[exhibit.Record]) -> list[exhibit.Record]:
    """A baseline that the model does not beat; neither claim names it."""
    scored = [row for row in rows if (row["reading"], row["evaluator"]) == ("final", "oracle")]
    return [row | {"reading": "bigram", "evaluator": "table", "sum_nats": row["sum_nats"] / 2} for row in scored]


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
