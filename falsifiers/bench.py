"""What the system judge's readings share, and the readings themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np

from falsifiers.job import Job, ReadingError, Row
from falsifiers.oracles.checkpoint import Arrays, read_arrays, read_config
from falsifiers.oracles.decoder import Ints
from falsifiers.oracles.shards import apart
from falsifiers.program import PROGRAM
from falsifiers.readings import system as readings
from falsifiers.readings.scored import Inputs, Scored, scored_documents
from falsifiers.readings.source import known_source
from falsifiers.subject import RecordSubject, SystemSubject
from falsifiers.system import System, Trainer

SELECTED_SPLIT = "val-a"
LM_LOSS = "lm-loss"
"""The control set that a source of known entropy belongs to."""

Reading: TypeAlias = Callable[[], list[Row]]


@dataclass(kw_only=True)
class Bench:
    """What the readings share, each part made when it is first asked for."""

    job: Job
    inputs: Inputs
    trainer: Callable[[], Trainer]
    record: RecordSubject | None = field(default=None, init=False)
    opened: System | None = field(default=None, init=False)
    subject: SystemSubject | None = field(default=None, init=False)

    def open(self) -> None:
        """Let the trainer open what it trained; once, since what fails may be slow to."""
        job = self.job
        self.opened = self.trainer().open(job.checkpoint, device=job.device, shards=job.shards)

    @property
    def system(self) -> System:
        """The claimed weights in the trainer's own code."""
        if self.opened is None:
            raise ReadingError("the system did not open")
        return self.opened

    @cached_property
    def disk(self) -> Arrays:
        """The claimed weights as the judge reads them."""
        return read_arrays(self.job.checkpoint)

    @cached_property
    def start(self) -> Arrays:
        """The init's weights as the judge reads them; none where there is no init."""
        return read_arrays(self.job.init_checkpoint) if self.job.init_checkpoint else {}

    @cached_property
    def scratch(self) -> System:
        """Freshly drawn weights in the same code."""
        return self.system.reinitialised(self.job.seed)

    def init(self) -> System:
        """The init's weights in the same code; opened by the trainer where they do not fit into it."""
        job = self.job
        if job.init_checkpoint is None:
            raise ReadingError("the run has no init")
        try:
            return readings.with_same_names(self.system, self.start)
        except Exception:  # noqa: BLE001  - a faulty trainer may refuse weights in any way; its own loader is asked next
            return self.trainer().open(job.init_checkpoint, device=job.device, shards=job.shards)

    def make_subject(self) -> None:
        """Put together what the laws are tried on."""
        start = read_config(self.job.init_checkpoint or self.job.checkpoint)
        self.subject = SystemSubject(
            system=self.system,
            documents=self.inputs.scored.sequences,
            train=np.asarray(self.inputs.shards.splits["train"].stream),
            apart=apart(self.inputs.shards),
            disk=self.disk,
            init=self.start,
            config=self.inputs.config,
            tied=bool(start["model"]["tie_word_embeddings"]),
            steps=len(self.record.rows) if self.record else 0,
        )

    @property
    def scored(self) -> Scored:
        """The scored documents."""
        return self.inputs.scored

    @property
    def selected(self) -> Scored:
        """The documents that a run may have been selected by."""
        return scored_documents(self.inputs.shards, SELECTED_SPLIT, self.inputs.config)

    @property
    def vocab_size(self) -> int:
        """Number of ids of the model."""
        return int(self.inputs.config["model"]["vocab_size"])


def named_readings(bench: Bench) -> list[tuple[str, Reading]]:
    """Every reading of the trainer's own evaluator, in words, and how it is had."""
    whole, some = readings.evaluated, partial(readings.evaluated, most=readings.SUBSET)
    found: list[tuple[str, Reading]] = [
        ("final loss", lambda: whole("final", bench.system, bench.scored)),
        ("final loss on val-a", lambda: whole("final", bench.system, bench.selected)),
        ("random weights", lambda: some("random", bench.scratch, bench.scored)),
        ("zero weights", lambda: some("zero", _with(bench, readings.zeroed), bench.scored)),
        ("shuffled targets", lambda: _rescored(bench, "shuffled-targets", _shuffled(bench))),
        ("uniform targets", lambda: _rescored(bench, "uniform-targets", _uniform(bench))),
        *((f"dose response {dose:g}", partial(_dosed, bench, dose)) for dose in readings.DOSES),
    ]
    if bench.job.init_checkpoint is not None:
        found.append(("init loss", lambda: whole("init", bench.init(), bench.scored)))
    if LM_LOSS in bench.job.controls and bench.job.trainer == PROGRAM:
        found.append(("source of known entropy", lambda: known_source(bench.job.seed)))
    return found


def _with(bench: Bench, change: Callable[[Arrays], Arrays]) -> System:
    return bench.system.with_parameters(change(bench.system.parameters()))


def _dosed(bench: Bench, dose: float) -> list[Row]:
    other = _with(bench, partial(readings.permuted, share=dose, seed=bench.job.seed))
    return readings.evaluated(f"dose-{dose:g}", other, bench.scored, readings.SUBSET)


def _rescored(bench: Bench, reading: str, targets: list[Ints]) -> list[Row]:
    return readings.rescored(reading, bench.system, bench.scored, targets)


def _shuffled(bench: Bench) -> list[Ints]:
    return readings.shuffled_targets(bench.scored, bench.job.seed)


def _uniform(bench: Bench) -> list[Ints]:
    return readings.uniform_targets(bench.scored, bench.vocab_size, bench.job.seed)
