"""The judge that questions the trainer's own code: its evaluator under right and wrong weights, and the laws.

`python -m falsifiers.system_judge --job JOB --out RAW` runs in a fresh process, before the oracle judge,
for which it leaves the batch of step 0 and freshly drawn weights in the work folder. Exit status 0 when
everything that could be read is written, 3 when the job cannot be begun.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np

from falsifiers.bench import Bench, Reading, named_readings
from falsifiers.docket import Exhibit, law_steps
from falsifiers.job import Job, JobError, Notebook, Step, read_job
from falsifiers.oracle_judge import FIRST_BATCH, KEPT_BATCHES, SCRATCH, on_accelerator
from falsifiers.oracles.checkpoint import facts, saved_steps
from falsifiers.race.turns import SIZES, race
from falsifiers.readings.scored import open_inputs
from falsifiers.subject import read_record
from falsifiers.system import Trainer
from falsifiers.training import slower_than_peer

GROUP = "pv.trainers"


def main(argv: Sequence[str] | None = None) -> int:
    """Judge one job; the exit status."""
    parser = argparse.ArgumentParser(prog="system_judge", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--job", type=Path, required=True, help="job.json")
    parser.add_argument("--out", type=Path, required=True, help="folder of raw evidence")
    options = parser.parse_args(argv)
    try:
        job = read_job(options.job)
        bench = Bench(job=job, inputs=open_inputs(job), trainer=find_trainer(job.trainer))
    except JobError as fault:
        sys.stderr.write(f"system judge: {fault}\n")
        return 3
    job.work_dir.mkdir(parents=True, exist_ok=True)
    notebook = Notebook(out=options.out, judge="system judge")
    _judge(bench, notebook)
    notebook.note_imports()
    return 0


def find_trainer(name: str) -> Callable[[], Trainer]:
    """What loads the trainer of that name; JobError where no installed distribution offers one."""
    offered = {point.name: point for point in entry_points(group=GROUP)}
    if name not in offered:
        known = ", ".join(sorted(offered)) or "none"
        raise JobError(f"trainer {name!r}: no entry point of the group {GROUP}; known: {known}; install its package")
    return offered[name].load


def _judge(bench: Bench, notebook: Notebook) -> None:
    exhibits: dict[Any, Exhibit] = {
        "record": Exhibit(subject=lambda: bench.record, reason=partial(_why, notebook, "record of the run")),
        "system": Exhibit(
            subject=lambda: bench.subject,
            reason=partial(_why, notebook, "open", "subject of the laws"),
            bf16=on_accelerator(bench.inputs),
        ),
    }
    notebook.run(
        [
            ("record of the run", partial(_read_record, bench, notebook)),
            ("open", bench.open),
            *_handover_steps(bench, notebook),
            *_reading_steps(bench, notebook),
            *_race_steps(bench.job, notebook),
            ("subject of the laws", bench.make_subject),
            *law_steps(bench.job, notebook, exhibits),
        ]
    )


def _why(notebook: Notebook, *steps: str) -> str:
    """What failed first of these steps."""
    return "crashed: " + next((f"{n}: {notebook.failures[n]}" for n in steps if n in notebook.failures), "")


def _read_record(bench: Bench, notebook: Notebook) -> None:
    log = notebook.out / "log.txt"
    bench.record = read_record(bench.job.run_dir, bench.inputs.config, log)


def _handover_steps(bench: Bench, notebook: Notebook) -> list[Step]:
    work = bench.job.work_dir

    def first_batch() -> None:
        np.savez(work / FIRST_BATCH, window=np.asarray(bench.system.window(0)))

    def kept_batches() -> None:
        steps = [step for step in saved_steps(bench.job.checkpoint) if bench.record and step < len(bench.record.rows)]
        windows = {str(step): np.asarray(bench.system.window(step)) for step in steps}
        np.savez(work / KEPT_BATCHES, **windows)  # type: ignore[arg-type]

    def scratch() -> None:
        np.savez(work / SCRATCH, **bench.scratch.parameters())  # type: ignore[arg-type]

    def evaluated() -> None:
        notebook.write("evaluated.json", {"evaluated": facts(bench.system.parameters())})

    return [
        ("batch of step 0", first_batch),
        ("batches after kept checkpoints", kept_batches),
        ("weights from scratch", scratch),
        ("evaluated tensors", evaluated),
    ]


def _reading_steps(bench: Bench, notebook: Notebook) -> list[Step]:
    def record(reading: Reading) -> None:
        notebook.append("evals.jsonl", reading())

    return [(name, partial(record, reading)) for name, reading in named_readings(bench)]


def _race_steps(job: Job, notebook: Notebook) -> list[Step]:
    """Where a claim of the job is about a peer, and there is a GPU: a race at each size."""
    if slower_than_peer.FALSIFIER.name not in job.claims.values() or job.device != "cuda":
        return []

    def run(size: str) -> None:
        for row in race(size, device=job.device):
            notebook.append("race.jsonl", [row])

    return [(f"race at {size}", partial(run, size)) for size in SIZES]


if __name__ == "__main__":
    raise SystemExit(main())
