"""The judge that trusts nobody's arithmetic: float64 NumPy, everything read from disk, jax blocked.

`python -m falsifiers.oracle_judge --job JOB --out RAW` runs after the system judge, whose work folder holds
the batch of step 0 and the freshly drawn weights. Exit status 0 when everything that could be read is
written, 3 when the job cannot be begun.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from falsifiers.job import Job, Notebook, Row, Step
    from falsifiers.readings.scored import Inputs

MANY_CORES = 8
BLOCKED = ("jax", "jaxlib", "flax", "aprtrain")
FIRST_BATCH, KEPT_BATCHES, SCRATCH = "step0.npz", "kept.npz", "scratch.npz"
"""Files of the work folder, left there by the system judge."""


class _Refusal(MetaPathFinder):
    """Refuses to import what the oracle must not rest on."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"{name} is blocked: an oracle rests on NumPy alone", name=name)


def block() -> None:
    """From here on this process cannot import jax or the trainer; RuntimeError where it already has."""
    loaded = sorted(set(BLOCKED) & set(sys.modules))
    if loaded:
        raise RuntimeError(f"{', '.join(loaded)} imported before the oracle began")
    sys.modules["jax"] = None  # type: ignore[assignment]
    sys.meta_path.insert(0, _Refusal())


def _spare_threads() -> None:
    """On few cores let NumPy use one: threads that wait for each other made small products five times slower."""
    if (os.cpu_count() or 1) < MANY_CORES:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(argv: Sequence[str] | None = None) -> int:
    """Judge one job; the exit status."""
    block()
    _spare_threads()
    from falsifiers.job import JobError, Notebook, read_job

    parser = argparse.ArgumentParser(prog="oracle_judge", description=__doc__.partition("\n")[0])
    parser.add_argument("--job", type=Path, required=True, help="job.json")
    parser.add_argument("--out", type=Path, required=True, help="folder of raw evidence")
    options = parser.parse_args(argv)
    try:
        _judge(read_job(options.job), Notebook(out=options.out, judge="oracle judge"))
    except JobError as fault:
        sys.stderr.write(f"oracle judge: {fault}\n")
        return 3
    return 0


def _judge(job: Job, notebook: Notebook) -> None:
    from falsifiers.readings.scored import open_inputs

    inputs = open_inputs(job)
    facts: dict[str, dict[str, Any]] = {"data.json": {}, "tensors.json": {}}
    losses: dict[str, Any] = {}
    notebook.run(
        [
            *_data_steps(job, inputs, facts["data.json"]),
            *_tensor_steps(job, facts["tensors.json"]),
            *_loss_steps(job, inputs, notebook, losses),
            *_law_steps(job, inputs, notebook, losses),
        ]
    )
    for name, value in facts.items():
        notebook.write(name, value)
    notebook.note_imports()


def _data_steps(job: Job, inputs: Inputs, facts: dict[str, Any]) -> list[Step]:
    from falsifiers.readings import data

    corpus = data.Corpus(
        shards=inputs.shards,
        scored=inputs.scored,
        checkpoint=job.checkpoint,
        init_checkpoint=job.init_checkpoint,
        seed=job.seed,
        first_batch=job.work_dir / FIRST_BATCH,
    )
    return [(f"data {name}", partial(_gather, facts, reading, corpus)) for name, reading in data.READINGS.items()]


def _tensor_steps(job: Job, facts: dict[str, Any]) -> list[Step]:
    from falsifiers.readings import tensors

    steps: list[Step] = [
        ("tensors expected", partial(_gather, facts, tensors.expected, job.checkpoint, job.init_checkpoint)),
        ("tensors final", partial(_gather, facts, tensors.on_disk, "final", job.checkpoint)),
        ("tensors ledger", partial(_gather, facts, tensors.ledger, job.run_dir)),
    ]
    if job.init_checkpoint is not None:
        steps.append(("tensors init", partial(_gather, facts, tensors.on_disk, "init", job.init_checkpoint)))
    return steps


def _gather(facts: dict[str, Any], reading: Callable[..., dict[str, Any]], *about: object) -> None:
    facts.update(reading(*about))


def _loss_steps(job: Job, inputs: Inputs, notebook: Notebook, losses: dict[str, Any]) -> list[Step]:
    from falsifiers.oracles.checkpoint import read_arrays, read_config
    from falsifiers.readings import oracle

    batch = job.work_dir / FIRST_BATCH

    def record(rows: Callable[[], list[Row]]) -> None:
        notebook.append("evals.jsonl", rows())

    def first(kind: str, arrays: Callable[[], Any], config: Path) -> None:
        losses[kind] = oracle.batch_nats(*oracle.usable(arrays(), read_config(config)), batch)
        record(lambda: oracle.step_zero(f"step0-{kind}", losses[kind]))

    scored, init = inputs.scored, job.init_checkpoint
    steps: list[Step] = [
        ("unigram table", lambda: record(lambda: oracle.unigram(scored))),
        ("bigram table", lambda: record(lambda: oracle.bigram(inputs.shards, scored))),
        ("final loss", lambda: record(lambda: oracle.final(job.checkpoint, scored))),
        (
            "step 0 from scratch",
            lambda: first("scratch", lambda: oracle.saved(job.work_dir / SCRATCH), job.checkpoint),
        ),
    ]
    if init is not None:
        steps.append(("step 0 from the init", lambda: first("init", lambda: read_arrays(init), init)))
    return steps


def _law_steps(job: Job, inputs: Inputs, notebook: Notebook, losses: dict[str, Any]) -> list[Step]:
    from falsifiers.docket import Exhibit, law_steps
    from falsifiers.readings import oracle

    def subject() -> object:
        if not {"init", "scratch"} <= losses.keys():
            return None
        vocab_size = int(inputs.config["model"]["vocab_size"])
        return oracle.step_zero_subject(losses["init"], losses["scratch"], vocab_size, job.run_dir)

    def kept() -> object:
        start = losses.get("init" if job.init_checkpoint else "scratch")
        return oracle.kept_subject(start, job.work_dir / KEPT_BATCHES, job.checkpoint, job.run_dir)

    def reason() -> str:
        failed = [f"{name}: {why}" for name, why in notebook.failures.items() if name.startswith("step 0")]
        return "; ".join(failed) or "the run has no init"

    bf16 = on_accelerator(inputs)
    exhibits: dict[Any, Exhibit] = {
        "step-0": Exhibit(subject=subject, reason=reason, bf16=bf16),
        "kept-steps": Exhibit(subject=kept, reason=lambda: "no checkpoint was kept before the last step", bf16=bf16),
    }
    return law_steps(job, notebook, exhibits)


def on_accelerator(inputs: Inputs) -> bool:
    """Whether the run's own losses were computed in bfloat16, which trainers do on accelerators."""
    return bool(inputs.config.get("platform", "cpu") != "cpu")


if __name__ == "__main__":
    raise SystemExit(main())
