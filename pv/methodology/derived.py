"""Quantities that controls need beside the recorded ones: paired differences, and what rounding may do."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from pv.evidence import Bundle, Quantity, quantities
from pv.methodology.interval import clustered, paired

NATS: Final = "nats/token"
EVALS: Final = "raw/evals.jsonl"
BARE: Final = ""
"""Unit of a number that takes the unit of what it is compared with."""

DIFFERENCES: Final = {
    "random_above_claimed": ("random", "final"),
    "shuffled_above_claimed": ("shuffled-targets", "final"),
    "dose_0_01_step": ("dose-0.01", "final"),
    "dose_0_05_step": ("dose-0.05", "dose-0.01"),
    "dose_0_25_step": ("dose-0.25", "dose-0.05"),
    "dose_1_step": ("dose-1", "dose-0.25"),
    "dose_1_above_claimed": ("dose-1", "final"),
}
"""Name to two readings of the system on val-b: the first minus the second, paired by document."""

CHAINS: Final = (1, 2)
"""Lags of the Markov chains that make up the source of known entropy."""

ERRORS: Final = {
    "loss_error": (1e-3, 2e-2),
    "repeat_error": (1e-4, 2e-2),
    "alignment_error": (1e-3, 5e-2),
    "logit_error": (5e-5, 2e-2),
}
"""Name to the largest honest difference where the arithmetic is float32, and where it may be bfloat16:
between two implementations of one loss; between two ways through one implementation; between two ways through
logits that are rounded on the way; between the logits of two implementations, in units of their spread.

Source: units in the last place, 6e-8 and 4e-3 relative, times logits of tens; errors average out over tokens.
"""


def tolerances(platform: str) -> dict[str, Quantity]:
    """Return the rounding errors that a platform is granted."""
    at = 0 if platform == "cpu" else 1
    return {name: Quantity(name=name, value=pair[at], unit=BARE) for name, pair in ERRORS.items()}


def recomputed(bundle: Bundle) -> dict[str, Quantity]:
    """Return the quantities of a bundle, and those derived from them."""
    found = quantities(bundle)
    return found | derived(found)


def derived(measured: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return the derived quantities whose parts were recorded."""
    parts = (_differences, _excesses, _claimed, _errors_of_means, _constant_logits, _apart, _changes, _sizes)
    return {quantity.name: quantity for part in parts for quantity in part(measured)}


def system_loss(reading: str) -> str:
    """Return the name of a reading of the system on the scored split."""
    return f"loss/{reading}/system/val-b"


def _differences(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    for name, (first, second) in DIFFERENCES.items():
        yield from _difference(name, measured.get(system_loss(first)), measured.get(system_loss(second)))


def _excesses(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    """Yield what the documents of each chain cost a trained model beyond a predictor that knows the chain."""
    for lag in CHAINS:
        model, ideal = (measured.get(f"loss/lag-{lag}/{by}/known-source") for by in ("system", "table"))
        yield from _difference(f"known_source_{lag}", model, ideal)


def _difference(name: str, first: Quantity | None, second: Quantity | None) -> Iterator[Quantity]:
    """Yield the first mean minus the second and its standard error, paired by document."""
    difference = paired(first.clusters, second.clusters) if first and second else None
    if difference:
        yield Quantity(name=name, value=difference.mean, unit=NATS, source=EVALS)
        yield Quantity(name=f"{name}_se", value=difference.standard_error, unit=NATS)


def _claimed(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    """Yield the claimed loss, and that on the documents that were read under damaged weights."""
    final, dose = measured.get(system_loss("final")), measured.get(system_loss("dose-0.01"))
    if final:
        yield Quantity(name="claimed_loss", value=final.value, unit=NATS)
    if final and dose:
        names = {name for name, _, _ in dose.clusters}
        rows = [row for row in final.clusters if row[0] in names]
        if rows:
            yield Quantity(name="claimed_on_subset", value=clustered(rows).mean, unit=NATS)


def _errors_of_means(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    for name in ("uniform-targets", "shuffled-targets"):
        loss = measured.get(system_loss(name))
        if loss and loss.clusters:
            error = clustered(loss.clusters).standard_error
            yield Quantity(name=f"{name.replace('-', '_')}_se", value=error, unit=NATS)


def _constant_logits(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    """Yield how far the loss of weights of zero lies from ln V, which equal logits cost."""
    zero, vocab = measured.get(system_loss("zero")), measured.get("vocab_size")
    if zero and vocab:
        apart = abs(zero.value - math.log(vocab.value))
        yield Quantity(name="constant_logits_apart", value=apart, unit=NATS, source=EVALS)


def _apart(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    system, oracle = measured.get(system_loss("final")), measured.get("loss/final/oracle/val-b")
    first = measured.get("train_loss_first")
    pairs = (
        ("evaluators_apart", system, oracle),
        ("reported_apart", measured.get("reported_val_b"), oracle),
        ("step_0_apart", first, measured.get("loss/step0-init/oracle/step-0")),
        ("step_0_apart_from_drawn", first, measured.get("loss/step0-scratch/oracle/step-0")),
    )
    found = {name: abs(one.value - other.value) for name, one, other in pairs if one and other}
    for name, value in found.items():
        yield Quantity(name=name, value=value, unit=NATS)
    if found.keys() >= {"evaluators_apart", "reported_apart"}:
        value = _larger(found["evaluators_apart"], found["reported_apart"])
        yield Quantity(name="oracle_apart", value=value, unit=NATS, source=EVALS)
    if system and oracle:
        counts = [{(name, count) for name, _, count in loss.clusters} for loss in (system, oracle)]
        documents = {name for name, _ in counts[0] ^ counts[1]}
        yield Quantity(name="documents_apart", value=float(len(documents)), unit="documents")


def _changes(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    """Yield how much the evaluator's answer about a document changed, in whichever way it was asked."""
    repeat, padding = measured.get("attack/evaluator-repeat"), measured.get("attack/padding-invariance")
    if repeat and padding and repeat.unit == padding.unit:
        value = _larger(repeat.value, padding.value)
        yield Quantity(name="evaluator_changes", value=value, unit=repeat.unit, source=repeat.source)


def _larger(first: float, second: float) -> float:
    """Return the larger number; NaN where either is."""
    return math.nan if math.isnan(first + second) else max(first, second)


def _sizes(measured: Mapping[str, Quantity]) -> Iterator[Quantity]:
    vocab, scored = measured.get("vocab_size"), measured.get("scored_tokens")
    if vocab:
        yield Quantity(name="number_of_ids", value=vocab.value, unit=BARE)
    if vocab and scored:
        yield Quantity(name="possible_ids", value=min(vocab.value, scored.value), unit="ids")
    overlap, usual = measured.get("overlap_val_b"), measured.get("overlap_calibration")
    if overlap and usual:
        yield Quantity(name="overlap_excess", value=overlap.value - usual.value, unit="ratio", source="raw/data.json")
