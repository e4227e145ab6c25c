"""The training loop, from an empty run folder or from its last checkpoint, to a finished one."""

from __future__ import annotations

import math
import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jax

from aprtrain.arrays import digest_arrays, ledger_of
from aprtrain.checkpoint import Checkpoints
from aprtrain.files import write_json
from aprtrain.guard import divergence
from aprtrain.init import starting_params
from aprtrain.journal import Journal
from aprtrain.mesh import agreed, gathered, readable
from aprtrain.progress import Progress
from aprtrain.run import Run
from aprtrain.signals import noted_signals
from aprtrain.step import State, initial_state, make_step
from aprtrain.utilisation import flops_per_token, utilisation

COMPLETED, EARLY_STOP, DIVERGED, INTERRUPTED = "completed", "early_stop", "diverged", "interrupted by "
UNREAD = 1
"""Steps handed to the device before the first one is read, so that it never waits for the host."""


def train(run: Run, say: Callable[[str], None], *, say_every: int = 10) -> str:
    """Trains to the end and returns the exit reason; `say` gets a readable line every `say_every` steps.

    SIGINT or SIGTERM ends it after the step at hand: a checkpoint is saved, and the run can be continued.
    """
    with closing(Checkpoints(run.folder / "checkpoint", keep=run.train.keep_checkpoints)) as checkpoints:
        # (1) Where the run stands: at its start, or at its last checkpoint.
        done = agreed(checkpoints.latest())
        folder = _record_folder(run.folder)
        write_json(folder / "config.json", run.config)
        journal = Journal(folder, agreed(done), _now())
        params, ledger = starting_params(run.model, run.seed, run.init)
        place = run.layout.place if run.layout else jax.device_put
        state = place(initial_state(params, run.train))
        if done:
            say(f"continuing after step {done}")
            state = place(checkpoints.restore(done, state))
        else:
            checkpoints.prepare(run.config, run.shards.folder / "tokenizer.json")

        # (2) The steps, and what is reported once, after the last.
        loop = _Loop(run, journal, checkpoints, say, say_every)
        state, reason = loop.run(state, done)
        if reason.startswith(INTERRUPTED):
            say(f"{reason} after {loop.executed} steps, all of them saved: the same command goes on from there")
            return reason
        if reason != DIVERGED:
            loss = journal.report(loop.executed, "val-b", run.scored(readable(state["params"]), "val-b"))
            loop.notice = f"val-b loss {loss:.4f} nats/token"
        say(f"{reason} after {loop.executed} steps in {loop.seconds:.1f} s: {loop.notice}")

        # (3) The record: what the model is made of and how it came about.
        final = {} if reason == DIVERGED else ledger_of(gathered(state["params"]))
        write_json(folder / "ledger.json", ledger | {"final": final})
        checkpoints.finish()
        write_json(folder / "summary.json", _summary(run, loop, reason))
    return reason


def _record_folder(folder: Path) -> Path:
    """Where this process writes its record: the first one in the run's folder, another in its own, from a copy."""
    if jax.process_index() == 0:
        return folder
    own = folder / "processes" / str(jax.process_index())
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    for path in folder.glob("*.jsonl"):
        shutil.copy(path, own)
    return own


def _summary(run: Run, loop: _Loop, reason: str) -> dict[str, Any]:
    count = run.layout.mesh.size if run.layout else 1
    device = {"platform": run.device.platform, "kind": run.device.kind, "count": count, "pid": os.getpid()}
    return {
        "planned_steps": run.train.num_steps,
        "executed_steps": loop.executed,
        "exit_reason": reason,
        "device": device | {"xla_flags": os.environ.get("XLA_FLAGS", "")},
        "modules": sorted(name for name in sys.modules if name.split(".")[0] == "aprtrain"),
        "config": run.config,
        "segments": loop.journal.segments(),
        "compile_seconds": loop.compile_seconds,
        "monitor_seconds": loop.monitor_seconds,
        "wall_seconds": loop.seconds,
        "started_at": loop.journal.started_at,
        "finished_at": _now(),
    }


class _Loop:
    """The steps of one process, from `done` on."""

    def __init__(
        self, run: Run, journal: Journal, checkpoints: Checkpoints, say: Callable[[str], None], say_every: int
    ) -> None:
        self._run, self._checkpoints, self._say, self._say_every = run, checkpoints, say, say_every
        self._unread: deque[dict[str, jax.Array]] = deque()
        self._clock = 0.0
        self._flops = flops_per_token(run.model, run.train.seq_length)
        self.journal = journal
        self.seconds = sum(row["wall_ms"] for row in journal.rows) / 1e3
        """Time in the loop, with the steps taken over from an earlier process."""
        self.compile_seconds = self.monitor_seconds = 0.0
        """To make the step ready; to record and to watch the steps of this process."""
        self.notice = ""

    @property
    def executed(self) -> int:
        """Steps that stand in the journal."""
        return len(self.journal.rows)

    def run(self, state: State, done: int) -> tuple[State, str]:
        """The state after the last step, and the exit reason."""
        train, batches = self._run.train, self._run.shards.batches(self._run.train, self._run.seed)
        began = time.monotonic()
        layout = self._run.layout
        spread = layout.spread if layout else dict
        step = make_step(self._run.model, train, self._run.device.compute_dtype, layout)
        step = step.lower(state, spread(batches.batch(done))).compile()
        self._clock = time.monotonic()
        self.compile_seconds = self._clock - began
        began = self._clock
        progress = Progress("train", train.num_steps, unit="steps", done=done)
        reason = self._early_stop(done)
        with noted_signals() as signals:
            while reason is None and done < train.num_steps:
                state, metrics = step(state, spread(batches.batch(done)))
                done += 1
                self._unread.append(metrics)
                last = done == train.num_steps
                epoch_ends = last or done % train.steps_per_epoch == 0
                saving = last or done % train.checkpoint_every == 0
                stopped = not last and _told_to_stop(signals, epoch_ends or saving)
                pausing = epoch_ends or saving or stopped
                reason = self._read(0 if pausing else UNREAD, progress)
                if reason is None and epoch_ends:
                    reason = self._close_epoch(state, done)
                if reason is None and stopped:
                    reason = INTERRUPTED + (signals or ["SIGTERM"])[0]
                if reason != DIVERGED and (saving or reason):
                    self._checkpoints.save(done, state, self._val_loss(done))
                if pausing:
                    self._clock = time.monotonic()
        progress.close()
        self.seconds += time.monotonic() - began
        return state, reason or COMPLETED

    def _read(self, unread: int, progress: Progress) -> str | None:
        """All but the last `unread` steps stand in the journal; DIVERGED if one of them tells so."""
        run, journal = self._run, self.journal
        while len(self._unread) > unread:
            metrics = self._unread.popleft()
            loss, grad_norm, lr = (float(metrics[name]) for name in ("loss", "grad_norm", "lr"))
            now = time.monotonic()
            run.device.check(metrics["loss"])
            seconds, self._clock = now - self._clock, now
            tokens = run.train.batch_size * run.train.seq_length
            row = journal.step(loss=loss, grad_norm=grad_norm, lr=lr, tokens=tokens, seconds=seconds)
            pace = self._pace()
            progress.advance(1, f"loss {loss:.3f}, {pace}")
            if self.executed % self._say_every == 0:
                of = f"{self.executed}/{run.train.num_steps}"
                took = f"{row['wall_ms']:.1f} ms, {pace}"
                self._say(f"step {of} loss {loss:.4f} norm {grad_norm:.3f} lr {lr:.2e} {took}")
            found = divergence(journal.losses, grad_norm, run.model.vocab_size)
            self.monitor_seconds += time.monotonic() - now
            if found is not None:
                self.notice = f"at step {row['step']}: {found}"
                return DIVERGED
        return None

    def _pace(self) -> str:
        """Tokens a second over the last steps, and the share of the device's peak where that is known."""
        rate = self.journal.tokens_per_s()
        share = utilisation(rate * self._flops, self._run.device.kind)
        return f"{rate:,.0f} tokens/s" + ("" if share is None else f", MFU {share:.1%}")

    def _close_epoch(self, state: State, done: int) -> str | None:
        """The epoch's readings stand in the journal; the reason to stop that they give."""
        started = time.monotonic()
        number = (done - 1) // self._run.train.steps_per_epoch
        steps = range(number * self._run.train.steps_per_epoch, done)
        val_loss = self.journal.report(done, "val-a", self._run.scored(readable(state["params"]), "val-a"))
        leaves = enumerate(jax.tree.leaves(gathered(state["opt_state"])))
        digest = digest_arrays({str(index): leaf for index, leaf in leaves})
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

    def _val_loss(self, done: int) -> float | None:
        """The val-a loss after `done` steps, where it was read then."""
        readings = [row["loss"] for row in self.journal.reported if row["step"] == done]
        return float(readings[-1]) if readings else None

    def _early_stop(self, done: int) -> str | None:
        """EARLY_STOP if the reading of val-a after `done` steps reached the target."""
        target, loss = self._run.train.target_val_loss, self._val_loss(done)
        return EARLY_STOP if target is not None and loss is not None and loss <= target else None


def _told_to_stop(signals: list[str], pausing: bool) -> bool:
    """Whether a signal came; several processes ask the first one, and only where they pause anyway."""
    if jax.process_count() == 1:
        return bool(signals)
    return pausing and bool(agreed(len(signals)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
