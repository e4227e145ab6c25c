"""Prints the story's faults as they are planted in this pipeline: what caught each, and at which stage.

Nothing is run: the kills are derived from the bundles in evidence/, as `pv power --recorded` derives them. The exit
status is 1 where a fault was not caught, or later than by the check that would have caught it first.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pv.cli.matrix import shown
from pv.power import Cell, State

CHECKS: Final[Mapping[str, Sequence[str]]] = {
    "before training": (
        "silent-cpu",
        "ten-fields",
        "encoder-format",
        "scored-unk-share",
        "mixed-units",
        "vacuous-bound",
        "rope-pairing",
        "rmsnorm-eps",
    ),
    "at load": ("init-tensors", "dtype-label"),
    "in training": ("other-data-same-curve", "guard-false-alarm"),
    "at evaluation": (
        "causality",
        "recorded-loss",
        "shuffled-above-claimed",
        "trace-selection",
        "anomaly-without-reference",
    ),
    "at verdict": ("cut-record", "declared-level", "typed-verdict", "empty-mutation"),
}
"""Stages in the order of a run, and the checks of each: those that look at nothing that is known only later."""

STAGES: Final = tuple(CHECKS)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the story."""

    when: str
    recorded: str
    fault: str
    """What it really was."""
    claim: str
    """End of the id of the claim that is attacked under the mutant."""
    mutant: str
    check: str
    """What must catch it."""
    first: str
    """Stage of the check that would have caught it first."""


ROWS: Final = (
    Row("before", "trained on the GPU", "0 MiB in use", "BACKEND-002", "silent-cpu", "silent-cpu", "before training"),
    Row(
        "before",
        "a falling loss",
        "a scripted curve",
        "LOOP-001",
        "scripted-loss",
        "other-data-same-curve",
        "in training",
    ),
    Row(
        "#1070",
        "diverged: 10.31 > 10.0",
        "ln 50,257 is 10.82",
        "LOOP-007",
        "foreign-threshold",
        "guard-false-alarm",
        "in training",
    ),
    Row(
        "section 21",
        "17.2 times, an anomaly",
        "no reference",
        "TRACE-004",
        "cause-by-elimination",
        "anomaly-without-reference",
        "at evaluation",
    ),
    Row(
        "section 21",
        "ratio 18.23",
        "another selection",
        "TRACE-003",
        "degenerate-sample",
        "trace-selection",
        "at evaluation",
    ),
    Row(
        "#1472",
        "an init, 0 lines",
        "constants of another model",
        "POLYMORPHIC-003",
        "defaulted-field",
        "ten-fields",
        "before training",
    ),
    Row("#1474", "tie: false", "it ties", "FINETUNE-005", "untied-head", "init-tensors", "at load"),
    Row("#1578", "500 steps", "it stopped at 300", "SELF-012", "truncated-log-judged", "cut-record", "at verdict"),
    Row("#1578", "219 of 290 tensors", "72 biases dropped", "FINETUNE-005", "dropped-bias", "init-tensors", "at load"),
    Row(
        "#1579",
        "both falsifiers passed",
        "neither had killed anything",
        "SELF-011",
        "crash-as-kill",
        "empty-mutation",
        "at verdict",
    ),
    Row(
        "#1580",
        "train 1.20, val 0.0008",
        "a mean beside a point",
        "LOOP-005",
        "epoch-mean-compared",
        "recorded-loss",
        "at evaluation",
    ),
    Row(
        "#1580",
        "H1C least likely",
        "labels are corrupt",
        "FINETUNE-005",
        "shuffled-labels",
        "shuffled-above-claimed",
        "at evaluation",
    ),
    Row(
        "#1581",
        "two unit tests passed",
        "nothing said live",
        "SELF-019",
        "typed-level-believed",
        "declared-level",
        "at verdict",
    ),
    Row(
        "#1585",
        "val 0.0008",
        "99.99 % <unk>",
        "FINETUNE-005",
        "unk-corpus",
        "scored-unk-share",
        "before training",
    ),
    Row(
        "#1598",
        "17 hours of encoding",
        "hex bytes, byte-level entries",
        "CORPUS-008",
        "gate-skipped",
        "encoder-format",
        "before training",
    ),
    Row(
        "#1600", "19.80 > ln V = 17.21", "17.21 are bits", "SELF-025", "units-dropped", "mixed-units", "before training"
    ),
    Row("#1601", "val 19.80", "bf16 tagged f16", "LAYOUT-007", "dtype-mislabelled", "dtype-label", "at load"),
    Row(
        "#1602",
        "val 19.80",
        "rotary pairs interleaved",
        "ROPE-005",
        "rope-interleaved",
        "rope-pairing",
        "at evaluation",
    ),
    Row(
        "#1607",
        "val 19.80",
        "eps not in a cache's key",
        "RMSNORM-003",
        "shared-kernel-cache",
        "rmsnorm-eps",
        "at evaluation",
    ),
    Row(
        "#2252",
        "the oracle agrees",
        "it was not causal",
        "FINETUNE-005",
        "no-causal-mask",
        "causality",
        "at evaluation",
    ),
    Row(
        "later",
        "5.36 < 9.38",
        "a table reaches 5.14",
        "METHODOLOGY-011",
        "vacuity-unseen",
        "vacuous-bound",
        "before training",
    ),
    Row(
        "later",
        "DISCHARGED, typed",
        "nobody derived it",
        "SELF-009",
        "typed-verdict-believed",
        "typed-verdict",
        "at verdict",
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; the exit status."""
    argparse.ArgumentParser(description=__doc__).parse_args(argv)
    cells = shown((), 1, 1, running=False).matrix.cells
    told = [_told(row, cells) for row in ROWS]
    headings = ("when", "recorded", "what it really was", "planted as", "caught by", "stage", "first check")
    table = [headings, *(line for line, _ in told)]
    widths = [max(len(line[column]) for line in table) for column in range(len(headings))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    right = sum(good for _, good in told)
    print(f"\n{right} of {len(ROWS)} caught, none of them later than by the first check")
    return 0 if right == len(ROWS) else 1


def stage_of(check: str) -> str:
    """The stage after which everything is known that a check looks at."""
    return next(stage for stage, checks in CHECKS.items() if check in checks)


def _told(row: Row, cells: Iterable[Cell]) -> tuple[tuple[str, ...], bool]:
    cell = next((one for one in cells if one.claim.endswith(row.claim) and one.mutant == row.mutant), None)
    state = cell.state if cell else State.NOT_RUN
    caught = state is State.KILLED and cell is not None and row.check in cell.by
    stage = stage_of(row.check)
    known = (row.when, row.recorded, row.fault, row.mutant)
    if not caught:
        return (*known, f"NOT CAUGHT ({state})", "-", row.first), False
    return (*known, row.check, stage, row.first), STAGES.index(stage) <= STAGES.index(row.first)


if __name__ == "__main__":
    sys.exit(main())
