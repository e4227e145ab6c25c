"""The training loop, from an empty run folder or from its last checkpoint, to a finished one."""

from __future__ import annotations

import math
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jax
import numpy as np

from aprtrain.arrays import digest_arrays, ledger_of
from aprtrain.checkpoint import Checkpoints
from aprtrain.config import EvalConfig, ModelConfig, TrainConfig, differences
from aprtrain.data import Batches, Shards
from aprtrain.device import Device
from aprtrain.errors import InputError
from aprtrain.evaluate import document_sums
from aprtrain.files import read_json, write_json
from aprtrain.guard import divergence
from aprtrain.init import Init, starting_params
from aprtrain.journal import Journal, Segments
from aprtrain.progress import Progress
from aprtrain.step import State, initial_state, make_step

COMPLETED, EARLY_STOP, DIVERGED = "completed", "early_stop", "diverged"
UNREAD = 1
"""Steps handed to the device before the first one is read, so that it never waits for the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that decides what a run does, and where it is written."""

    model: ModelConfig
    train: TrainConfig
    eval: EvalConfig
    seed: int
    device: Device
    shards: Shards
    init: Init | None
    folder: Path

    def batches(self) -> Batches:
        """The training batches."""
        return Batches(
            split=self.shards.splits["train"],
            batch_size=self.train.batch_size,
            seq_length=self.train.seq_length,
            seed=self.seed,
        )

    @property
    def config(self) -> dict[str, Any]:
        """What must be the same for a run to be continued."""
        return {
            "model": self.model.to_json(),
            "train": self.train.to_json(),
            "eval": self.eval.to_json(),
            "seed": self.seed,
            "platform": self.device.platform,
            "tokenizer_digest": self.shards.tokenizer_digest,
            "shards_digest": self.shards.digest,
            "init_digest": None if self.init is None else self.init.digest,
        }


def finished(run: Run) -> str | None:
    """The exit reason of a finished run in the folder, None for a new or an interrupted one.

    Raises:
        InputError: the folder holds a run of another configuration.
    """
    path = run.folder / "config.json"
    if path.exists():
        found = differences(read_json(path, fix="give an empty --run-dir"), run.config)
        if found:
            what = f"holds a run of another configuration: {'; '.join(found)}"
            raise InputError(run.folder, what, "give another --run-dir, or the options of the run that is there")
    summary = run.folder / "summary.json"
    if not summary.exists():
        return None
    return str(read_json(summary, fix=f"delete {summary} and run again")["exit_reason"])


def train(run: Run, say: Callable[[str], None], *, say_every: int = 10) -> str:
    """Trains to the end and returns the exit reason; `say` gets a readable line every `say_every` steps."""
    run.folder.mkdir(parents=True, exist_ok=True)
    write_json(run.folder / "config.json", run.config)
    checkpoints = Checkpoints(run.folder / "checkpoint")
    try:
        # (1) Where the run stands: at its start, or at its last checkpoint.
        done = checkpoints.latest()
        segments = Segments(run.folder / "segments.jsonl")
        segments.begin(done, os.getpid(), _now())
        params, ledger = starting_params(run.model, run.seed, run.init)
        state = jax.device_put(initial_state(params, run.train))
        if done:
            say(f"continuing after step {done}")
            state = jax.device_put(checkpoints.restore(done, state))
        else:
            checkpoints.prepare(run.config, run.shards.folder / "tokenizer.json")

        # (2) The steps, and what is reported once, after the last.
        loop = _Loop(run, Journal(run.folder, done), checkpoints, say, say_every)
        state, reason = loop.run(state, done)
        if reason != DIVERGED:
            loss = loop.journal.report(loop.executed, "val-b", split_sums(run, state["params"], "val-b"))
            loop.notice = f"val-b loss {loss:.4f} nats/token"
        say(f"{reason} after {loop.executed} steps in {loop.seconds:.1f} s: {loop.notice}")

        # (3) The record: what the model is made of and how it came about.
        final = {} if reason == DIVERGED else ledger_of(state["params"])
        write_json(run.folder / "ledger.json", ledger | {"final": final})
        write_json(run.folder / "summary.json", _summary(run, loop, segments, reason))
    finally:
        checkpoints.close()
    return reason


def _summary(run: Run, loop: _Loop, segments: Segments, reason: str) -> dict[str, Any]:
    return {
        "planned_steps": run.train.num_steps,
        "executed_steps": loop.executed,
        "exit_reason": reason,
        "device": {"platform": run.device.platform, "kind": run.device.kind, "pid": os.getpid()},
        "modules": sorted(name for name in sys.modules if name.split(".")[0] == "aprtrain"),
        "config": run.config,
        "segments": segments.until(loop.executed),
        "compile_seconds": loop.compile_seconds,
        "wall_seconds": loop.seconds,
        "started_at": segments.started_at(),
        "finished_at": _now(),
    }


def split_sums(run: Run, params: Any, split: str) -> list[tuple[float, int]]:
    """The evaluator's sums over the scored documents of a split."""
    documents = run.shards.splits[split].document_tokens(run.eval.eval_documents)
    return document_sums(params, run.model, documents, context=run.train.seq_length, limit=run.eval.eval_tokens)


class _Loop:
    """The steps of one process, from `done` on."""

    def __init__(
        self, run: Run, journal: Journal, checkpoints: Checkpoints, say: Callable[[str], None], say_every: int
    ) -> None:
        self._run, self._checkpoints, self._say, self._say_every = run, checkpoints, say, say_every
        self._unread: deque[dict[str, jax.Array]] = deque()
        self._clock = 0.0
        self.journal = journal
        self.seconds = sum(row["wall_ms"] for row in journal.rows) / 1e3
        """Time in the loop, with the steps taken over from an earlier process."""
        self.compile_seconds = 0.0
        self.notice = ""

    @property
    def executed(self) -> int:
        """Steps that stand in the journal."""
        return len(self.journal.rows)

    def run(self, state: State, done: int) -> tuple[State, str]:
        """The state after the last step, and the exit reason."""
        train = self._run.train
        batches = self._run.batches()
        began = time.monotonic()
        step = make_step(self._run.model, train, self._run.device.compute_dtype)
        step = step.lower(state, batches.window(done)).compile()
        self._clock = time.monotonic()
        self.compile_seconds = self._clock - began
        began = self._clock
        progress = Progress("train", train.num_steps, unit="steps", done=done)
        reason = self._early_stop(done)
        while reason is None and done < train.num_steps:
            state, metrics = step(state, batches.window(done))
            done += 1
            self._unread.append(metrics)
            epoch_ends = done % train.steps_per_epoch == 0 or done == train.num_steps
            saving = done % train.checkpoint_every == 0 or done == train.num_steps
            reason = self._read(0 if epoch_ends or saving else UNREAD, progress)
            if reason is None and epoch_ends:
                progress.clear()
                reason = self._close_epoch(state, done)
            if reason == EARLY_STOP or (reason is None and saving):
                self._checkpoints.save(done, state)
            if epoch_ends or saving:
                self._clock = time.monotonic()
        progress.clear()
        self.seconds += time.monotonic() - began
        return state, reason or COMPLETED

    def _read(self, unread: int, progress: Progress) -> str | None:
        """All but the last `unread` steps stand in the journal; DIVERGED if one of them tells so."""
        run, journal = self._run, self.journal
        while len(self._unread) > unread:
            metrics = self._unread.popleft()
            loss, grad_norm, lr = (float(metrics[name]) for name in ("loss", "grad_norm", "lr"))
            run.device.check(metrics["loss"])
            now = time.monotonic()
            seconds, self._clock = now - self._clock, now
            tokens = run.train.batch_size * run.train.seq_length
            row = journal.step(loss=loss, grad_norm=grad_norm, lr=lr, tokens=tokens, seconds=seconds)
            progress.advance(1, f"loss {loss:.3f}")
            if self.executed % self._say_every == 0:
                progress.clear()
                took = f"{row['wall_ms']:.1f} ms"
                of = f"{self.executed}/{run.train.num_steps}"
                self._say(f"step {of} loss {loss:.4f} norm {grad_norm:.3f} lr {lr:.2e} {took}")
            found = divergence(journal.losses, grad_norm, run.model.vocab_size)
            if found is not None:
                self.notice = f"at step {row['step']}: {found}"
                return DIVERGED
        return None

    def _close_epoch(self, state: State, done: int) -> str | None:
        """The epoch's readings stand in the journal; the reason to stop that they give."""
        started = time.monotonic()
        number = (done - 1) // self._run.train.steps_per_epoch
        steps = range(number * self._run.train.steps_per_epoch, done)
        val_loss = self.journal.report(done, "val-a", split_sums(self._run, state["params"], "val-a"))
        leaves = enumerate(jax.tree.leaves(state["opt_state"]))
        digest = digest_arrays({str(index): np.asarray(leaf) for index, leaf in leaves})
        train_loss = self.journal.epoch(number, steps, val_loss=val_loss, optimizer_state_digest=digest)
        took = time.monotonic() - started
        self._say(
            f"epoch {number}: {done} steps, train loss {train_loss:.4f}, "
            f"val-a loss {val_loss:.4f} nats/token (evaluated in {took:.1f} s)"
        )
        if not math.isfinite(val_loss):
            self.notice = f"after step {done - 1}: the val-a loss is {val_loss}"
            return DIVERGED
        return self._early_stop(done)

    def _early_stop(self, done: int) -> str | None:
        """EARLY_STOP if the reading of val-a after `done` steps reached the target."""
        target = self._run.train.target_val_loss
        readings = [row["loss"] for row in self.journal.reported if row["step"] == done]
        return EARLY_STOP if target is not None and readings and float(readings[-1]) <= target else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
