"""The series that claims may measure, and their reading from a bundle."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pv.errors import BindingError
from pv.evidence.bundle import Bundle
from pv.evidence.fields import count, mean, part
from pv.evidence.quantities.training import loss_by_step
from pv.evidence.quantity import Quantity

LAST: Final = ("last",)
REDUCERS: Final = ("first", "last", "min", "max", "mean", "median", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Something a claim can measure."""

    unit: str
    reducers: tuple[str, ...] = LAST
    splits: bool = False
    """Whether a claim says which split it means."""

    doc: str


SERIES: Final[Mapping[str, Series]] = {
    "checkpoint/mismatches": Series(
        unit="tensors",
        doc="Tensors on disk that differ in form from the design, or in bytes from what was evaluated.",
    ),
    "control/constant-logits-apart": Series(
        unit="nats/token", doc="How far from ln V the evaluator reads the scored documents where every weight is zero."
    ),
    "control/dose-1-above-claimed": Series(
        unit="nats/token",
        doc="Loss with the entries of every tensor permuted less that of the claimed weights, on the same documents.",
    ),
    "control/evaluated-weights": Series(
        unit="tensors", doc="Tensors that a fresh process evaluates and that the disk has otherwise, and the reverse."
    ),
    "control/evaluator-repeat": Series(
        unit="nats/token",
        doc="Largest change of a loss when a document is evaluated again, alone or after another, or padded otherwise.",
    ),
    "control/init-loaded": Series(
        unit="tensors",
        doc="Tensors before step 0 that are not the init's, by name, shape, dtype or bytes.",
    ),
    "control/init-tensors": Series(
        unit="tensors", doc="Tensors of the final checkpoint that the init lacks or has otherwise, and the reverse."
    ),
    "control/one-tokenizer": Series(
        unit="1", doc="Places among shards, checkpoint and init whose tokenizer is not that of the scored data."
    ),
    "control/oracle": Series(
        unit="nats/token",
        doc="How far the evaluator, or what the run reported, lies from the oracle on val-b, whichever is farther.",
    ),
    "control/overlap": Series(
        unit="ratio",
        doc="Share of scored windows that stand in the train stream, less what two halves of it share.",
    ),
    "control/random-above-claimed": Series(
        unit="nats/token", doc="Loss of freshly drawn weights less that of the claimed ones, on the same documents."
    ),
    "control/round-trip": Series(
        unit="ratio", doc="Share of the scored documents that decode to the bytes whose digest names them."
    ),
    "control/scored-entropy": Series(unit="nats/token", doc="Entropy of the scored targets' frequencies."),
    "control/scored-top-share": Series(unit="ratio", doc="Share of the scored targets that the commonest id has."),
    "control/scored-unk-share": Series(unit="ratio", doc="Share of the scored targets that are the unknown token."),
    "control/shared-documents": Series(unit="documents", doc="Documents that are both scored and trained on."),
    "control/shuffled-targets": Series(
        unit="nats/token", doc="Loss of the claimed weights where the scored targets are dealt out anew."
    ),
    "control/uniform-targets": Series(
        unit="nats/token", doc="Loss of the claimed weights on targets drawn alike from all ids."
    ),
    "device/resident_share": Series(
        unit="ratio",
        doc="Share of the samples inside the loop in which its process holds weights and both moments on a GPU.",
    ),
    "eval/loss": Series(
        unit="nats/token",
        splits=True,
        doc="Held-out loss of the final weights, by the oracle where it read every scored document.",
    ),
    "run/device_errors": Series(unit="errors", doc="Lines of the log that report a fault of a device."),
    "run/exit_status": Series(unit="status", doc="Exit status of the training process; negative for a signal."),
    "run/looks_at_val_b": Series(unit="1", doc="Readings of val-b that the run recorded."),
    "run/model_flops_utilisation": Series(
        unit="ratio", doc="Share of the card's peak at 16 bits that the matrix products of a step of median time need."
    ),
    "run/monitor_share": Series(
        unit="ratio", doc="Share of the steps' time that recording and watching them took, by the loop's own clock."
    ),
    "run/step_time": Series(unit="s", doc="Median seconds of a step, the first 20 left out."),
    "run/wall": Series(unit="s", doc="Seconds the training loop took, by its own clock."),
    "step0/init_loss": Series(
        unit="nats/token", doc="Loss of the init on the sequences of step 0, recomputed by the oracle."
    ),
    "step0/scratch_loss": Series(
        unit="nats/token",
        doc="Loss of freshly drawn weights on the sequences of step 0, recomputed by the oracle.",
    ),
    "train/loss": Series(
        unit="nats/token",
        reducers=REDUCERS,
        doc="Loss the trainer recorded for a step's batch before its update; `at` takes the step `index`.",
    ),
}


ATTACK: Final = "attack/"
"""Begins the series of a law: the readings of the cases that it was tried on, in the law's own unit."""


RACE: Final = "race/"
"""Begins the series of a size, SHAPE:BATCHxTOKENS, at which the trainer and a peer took turns."""


def check_series(series: str, reduce: str | None = None) -> Series:
    """Return the series of that name; that of a law, `attack/<law>`, has its largest reading and no unit of its own.

    Raises:
        BindingError: There is none, or it has no such reducer; lists those there are.
    """
    if series.startswith(ATTACK) and len(series) > len(ATTACK):
        if reduce not in {None, "max"}:
            raise BindingError(f"series {series!r}", f"it has no reducer {reduce!r}", "a law is judged by its max")
        return Series(unit="", reducers=("max",), doc="Largest reading of a law over the cases that it was tried on.")
    if series.startswith(RACE) and len(series) > len(RACE):
        if reduce not in {None, "last"}:
            raise BindingError(f"series {series!r}", f"it has no reducer {reduce!r}", "its turns have one median")
        return Series(unit="ratio", doc="Tokens a second over those of a peer at a size, in turns on one device.")
    if series not in SERIES:
        raise BindingError(
            f"series {series!r}", "no such series", f"one of {', '.join(SERIES)}, attack/<law>, race/<size>"
        )
    known = SERIES[series].reducers
    if reduce is not None and reduce not in known:
        raise BindingError(f"series {series!r}", f"it has no reducer {reduce!r}", f"one of {', '.join(known)}")
    return SERIES[series]


def measure(
    bundle: Bundle,
    series: str,
    reduce: str | None = None,
    split: str | None = None,
    index: int | None = None,
    *,
    known: Mapping[str, Quantity],
) -> Quantity | None:
    """Return the quantity a claim measures; None where the bundle does not hold it.

    Args:
        bundle: Where to look.
        series: One of `SERIES`.
        reduce: One of the series' reducers; `last` if not given.
        split: Which documents, for `eval/loss`; `val-b` if not given.
        index: Step number, for the reducer `at`.
        known: The bundle's quantities, with those that follow from them.

    Returns:
        Its `name` is the phrase `series reducer split`; its `source` says which rows were left out.

    Raises:
        BindingError: As `check_series`.
    """
    check_series(series, reduce)
    how = reduce or "last"
    if series == "train/loss":
        return _train_loss(bundle, how, index)
    if series == "eval/loss":
        return _eval_loss(bundle, split or "val-b", known)
    if series.startswith(RACE):
        ratio = known.get(series)
        return None if ratio is None else replace(ratio, name=f"{series} last")
    if series.startswith(ATTACK):
        law = known.get(series)
        return None if law is None else replace(law, name=f"{series} max")
    found = known.get(RECOMPUTED[series])
    return None if found is None else replace(found, name=f"{series} {how}")


def _train_loss(bundle: Bundle, how: str, index: int | None) -> Quantity | None:
    losses = loss_by_step(bundle)
    if not losses:
        return None
    if how in _OVER_STEPS:
        value, which, name = _OVER_STEPS[how](list(losses.values())), f"all {len(losses)} steps", how
    else:
        step = {"first": 0, "last": max(losses)}.get(how, index)
        if step not in losses:
            return None
        value, which = losses[step], f"step {step}; {len(losses) - 1} other steps left out"
        name = f"at {step}" if how == "at" else how
    return Quantity(name=f"train/loss {name}", value=value, unit="nats/token", source=f"raw/metrics.jsonl: {which}")


def _median(losses: list[float]) -> float:
    from statistics import median

    return median(losses)


def _or_nan(reduce: Callable[[list[float]], float]) -> Callable[[list[float]], float]:
    """Return a reducer that is NaN where any of the losses is."""
    return lambda losses: math.nan if any(map(math.isnan, losses)) else reduce(losses)


_OVER_STEPS: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "min": _or_nan(min),
    "max": _or_nan(max),
    "mean": mean,
    "median": _or_nan(_median),
}


def _eval_loss(bundle: Bundle, split: str, losses: Mapping[str, Quantity]) -> Quantity | None:
    system = losses.get(f"loss/final/system/{split}")
    oracle = losses.get(f"loss/final/oracle/{split}")
    whole = oracle is not None and _covers(bundle, oracle, system, split)
    found, who = (oracle, "oracle") if whole else (system, "system")
    if found is None:
        return None
    documents = f"{who}, {len(found.clusters)} documents"
    return replace(found, name=f"eval/loss last {split}", source=f"raw/evals.jsonl: {documents}")


def _covers(bundle: Bundle, oracle: Quantity, system: Quantity | None, split: str) -> bool:
    """Whether the oracle read every document that was scored."""
    read = {document for document, _, _ in oracle.clusters}
    if system is not None and not read >= {document for document, _, _ in system.clusters}:
        return False
    scored = part(bundle.data, "scored")
    return scored.get("split") == split and count(scored.get("documents")) == len(read)


RECOMPUTED: Final[Mapping[str, str]] = {
    "checkpoint/mismatches": "checkpoint_mismatches",
    "control/constant-logits-apart": "constant_logits_apart",
    "control/dose-1-above-claimed": "dose_1_above_claimed",
    "control/evaluated-weights": "final_vs_evaluated_mismatches",
    "control/evaluator-repeat": "evaluator_changes",
    "control/init-loaded": "init_vs_loaded_mismatches",
    "control/init-tensors": "tensors_init_vs_final",
    "control/one-tokenizer": "tokenizer_mismatches",
    "control/oracle": "oracle_apart",
    "control/overlap": "overlap_excess",
    "control/random-above-claimed": "random_above_claimed",
    "control/round-trip": "round_trip_share",
    "control/scored-entropy": "unigram_entropy",
    "control/scored-top-share": "scored_top_share",
    "control/scored-unk-share": "scored_unk_share",
    "control/shared-documents": "shared_documents",
    "control/shuffled-targets": "loss/shuffled-targets/system/val-b",
    "control/uniform-targets": "loss/uniform-targets/system/val-b",
    "device/resident_share": "resident_share",
    "run/device_errors": "device_errors",
    "run/exit_status": "exit_status",
    "run/looks_at_val_b": "reported_val_b_looks",
    "run/model_flops_utilisation": "model_flops_utilisation",
    "run/monitor_share": "monitor_share",
    "run/step_time": "step_time",
    "run/wall": "wall_seconds",
    "step0/init_loss": "loss/step0-init/oracle/step-0",
    "step0/scratch_loss": "loss/step0-scratch/oracle/step-0",
}
"""Series to the quantity that it is."""
