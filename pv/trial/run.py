"""Carries one trial from its request to a sealed bundle.

    (1) claim lock  (2) stages of the trainer  (3) judge of the system  (4) judge by the oracle
    (5) record  (6) controls  (7) seal

One process trains, two others judge, and this one only starts them and keeps what they leave. Contracts that share the
run get a bundle each: the same record, with a contract's own claims, laws and controls.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pv.binding import Freshness, judges
from pv.contract import Contract
from pv.errors import TrainerError
from pv.evidence import seal, write_json
from pv.trial import environment, record
from pv.trial.folders import LOCK, locked, remove
from pv.trial.overlay import make_overlay
from pv.trial.plan import Claimed, Plan, PlannedStage, Request, make_plan
from pv.trial.process import Ended, run_module
from pv.trial.progress import Progress, Timings
from pv.trial.sampler import Sampler

CHECKPOINT = "checkpoint"


WriteControls = Callable[[Contract, Path], None]
"""Reads the raw record in a folder and adds `controls.jsonl` to it, for the claims of a contract."""


def run_trial(request: Request, progress: Progress, write_controls: WriteControls) -> list[Path]:
    """Run the trial and return the sealed bundle of each contract, under `.pv/runs/`.

    Args:
        request: What to run.
        progress: Receives the course of the trial.
        write_controls: Called once for each contract.

    Raises:
        TrainerError: A stage before the training failed, so there is nothing to judge.
        BindingError: The mutant did not apply.
    """
    plan = make_plan(request)
    with locked(plan.work) as lock:
        overlay = plan.work / "overlay"
        patch = make_overlay(plan.trainer.name, request.mutant, overlay, request.packages) if request.mutant else ""
        if patch:
            plan = make_plan(request, patch)
        return _Trial(plan, progress, overlay if patch else None, lock).run(patch, write_controls)


class _Trial:
    """One trial in its work folder; an interrupted one goes on where it stopped."""

    def __init__(self, plan: Plan, progress: Progress, overlay: Path | None, lock: int) -> None:
        self.lock = lock
        self.plan = plan
        self.progress = progress
        self.overlay = overlay
        self.raw = plan.work / "raw"
        """The record of the run, before contracts take their parts of it."""
        self.locks = {
            claimed.path.stem: plan.work / "locks" / f"{claimed.path.stem}.json" for claimed in plan.request.claimed
        }
        self.timings = Timings(plan.request.scratch / "timings.json")
        self.outputs: dict[str, Path] = {}
        self.stage_rows: list[dict[str, Any]] = []

    def run(self, patch: str, write_controls: WriteControls) -> list[Path]:
        """Carry out the numbered steps of the module's docstring."""
        self._announce()
        self.raw.mkdir(parents=True, exist_ok=True)
        self._lock_claims()  # (1)
        if patch:
            (self.raw / "mutant.patch").write_text(patch)
        for planned in self.plan.stages[:-1]:  # (2)
            self._prepare(planned)
        started_at, ended = self._train(self.plan.stages[-1])
        run = self.outputs[self.plan.stages[-1].stage.name]
        if (run / CHECKPOINT).exists() and ended.exit_code == 0:
            self._judge(run)  # (3) (4)
        record.gather_run(run, self.raw)  # (5)
        record.merge_evaluated(self.raw)
        record.name_from_root(self.raw, self.plan.request.root)
        content = record.run_content(self.plan, self.raw, ended=ended, started_at=started_at, stages=self.stage_rows)
        bundles = []
        for claimed in self.plan.request.claimed:
            staging = self._taken(claimed, content)
            write_controls(claimed.contract, staging)  # (6)
            bundles.append(self._seal(claimed, staging, run))  # (7)
        for entry in self.plan.work.iterdir():
            if entry.name != LOCK:
                remove(entry)
        return bundles

    def _lock_claims(self) -> None:
        freshness = Freshness(packages=self.plan.request.packages)
        for claimed in self.plan.request.claimed:
            path = self.locks[claimed.path.stem]
            path.parent.mkdir(exist_ok=True)
            record.write_lock(self.plan.request, claimed, path, freshness)

    def _taken(self, claimed: Claimed, content: Mapping[str, Any]) -> Path:
        """Return a folder with what one contract takes of the record: the laws of others are left out."""
        staging = self.plan.work / "staging" / claimed.path.stem
        remove(staging)
        lock = self.locks[claimed.path.stem]
        own = {f"{row['id']}.jsonl" for row in record.read_object(lock)["claims"]}

        def of_others(folder: str, names: list[str]) -> list[str]:
            return [name for name in names if name not in own] if Path(folder).name == "attacks" else []

        shutil.copytree(self.raw, staging / "raw", ignore=of_others)
        shutil.copyfile(lock, staging / "raw" / "claim.lock.json")
        own_content = {"contract": claimed.contract.metadata.id, "profile": claimed.profile}
        write_json(staging / "raw" / "run.json", {**content, **own_content})
        if self.plan.request.redispatch_of:
            record.state_redispatch(staging, self.plan.request.redispatch_of)
        return staging

    def _announce(self) -> None:
        estimates = {
            planned.stage.name: 0.0 if planned.ready else self._estimate_s(planned.stage.name)
            for planned in self.plan.stages
        }
        self.progress.begin(estimates | {name: self._estimate_s(name) for name in _judges()})

    def _estimate_s(self, name: str) -> float:
        return self.timings.estimate_s(f"{self.plan.recipe_name}/{name}")

    def _prepare(self, planned: PlannedStage) -> None:
        """Run a stage before the training, or take its output from the cache."""
        with locked(planned.output.with_suffix(".lock.d"), wait=True) as lock:
            cached = planned.ready
            self.progress.stage(planned.stage.name)
            seconds = 0.0
            if not cached:
                partial = planned.output.with_suffix(".partial")
                ended = self._run_stage(planned, partial, self.plan.work / f"{planned.stage.name}.log", held=(lock,))
                if ended.exit_code != 0:
                    raise TrainerError(
                        f"stage {planned.stage.name}",
                        f"exit status {ended.exit_code}: {ended.last_words}",
                        f"read {self.plan.work / planned.stage.name}.log",
                    )
                partial.rename(planned.output)
                seconds = ended.seconds
        self.outputs[planned.stage.name] = planned.output
        self._note(planned.stage.name, seconds, cached=cached)

    def _train(self, planned: PlannedStage) -> tuple[str, Ended]:
        """Run the stage that trains; how it ends is evidence, whatever it is."""
        started_at = record.now()
        self.progress.stage(planned.stage.name)
        device = self.raw / "device.csv"
        ended = self._run_stage(
            planned, self.plan.work / "run", self.raw / "log.txt", watch=lambda pid: Sampler(pid, device)
        )
        self.outputs[planned.stage.name] = self.plan.work / "run"
        self._note(planned.stage.name, ended.seconds, cached=False)
        return started_at, ended

    def _run_stage(
        self,
        planned: PlannedStage,
        out: Path,
        log: Path,
        *,
        watch: Callable[[int], Any] | None = None,
        held: tuple[int, ...] = (),
    ) -> Ended:
        places = {name: str(path) for name, path in self.outputs.items()} | {"out": str(out)}
        argv = [_filled(part, places) for part in planned.stage.argv]
        out.parent.mkdir(parents=True, exist_ok=True)
        environment = self._environment(mutated=planned.stage.mutable)
        extra = {"watch": watch} if watch else {}
        return run_module(
            argv,
            environment=environment,
            log=log,
            progress=self.progress,
            held=(self.lock, *held),
            served=self._served,
            **extra,
        )

    def _judge(self, run: Path) -> None:
        """Let both judges look at the checkpoint, each in a fresh process."""
        for name in ("evals.jsonl", "judge.jsonl", "imports.jsonl", "attacks"):
            remove(self.raw / name)
        job = self._write_job(run)
        for name, module in _judges().items():
            self.progress.stage(name)
            ended = run_module(
                [module, "--job", str(job), "--out", str(self.raw)],
                environment=self._environment(mutated=name == "judge-system"),
                log=self.plan.work / f"{name}.log",
                progress=self.progress,
                held=(self.lock,),
                served=self._served and name != "judge-oracle",
            )
            if ended.exit_code != 0:
                self._note_failure(name, ended)
            self._note(name, ended.seconds, cached=False)

    @property
    def _served(self) -> bool:
        """Whether a server forks commands: on a CPU, where importing takes a good part of a short run.

        The oracle's judge must not have imported what the trainer computes with, and always starts afresh.
        """
        return self.plan.request.device == "cpu" or shutil.which("nvidia-smi") is None

    def _note_failure(self, name: str, ended: Ended) -> None:
        """Record that a judge did not end by itself; what it had read stays, the rest is not run."""
        reason = f"exit status {ended.exit_code}: {ended.last_words}"
        row = {"step": name, "status": "failed", "reason": reason, "seconds": round(ended.seconds, 3)}
        with (self.raw / "judge.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, sort_keys=True) + "\n")

    def _write_job(self, run: Path) -> Path:
        request = self.plan.request
        bindings = self._bindings()
        claims = [claim for claimed in request.claimed for claim in claimed.contract.claims if claim.id in bindings]
        shards = self.outputs.get("encode", request.dataset)
        init = self.outputs.get("init")
        job = self.plan.work / "job.json"
        write_json(
            job,
            {
                "trainer": self.plan.trainer.name,
                "device": request.device,
                "claims": bindings,
                "controls": sorted({claim.controls for claim in claims if claim.controls}),
                "seed": request.seed,
                "cases": request.cases,
                "checkpoint": str(run / CHECKPOINT),
                "init_checkpoint": str(init / CHECKPOINT) if init else None,
                "shards": str(shards),
                "run_dir": str(run),
                "work_dir": str(self.plan.work),
                "scored_split": "val-b",
            },
        )
        return job

    def _bindings(self) -> dict[str, str]:
        rows = [row for lock in self.locks.values() for row in record.read_object(lock)["claims"]]
        return {row["id"]: row["falsifier"] for row in rows if row["falsifier"]}

    def _environment(self, *, mutated: bool) -> dict[str, str]:
        return environment.of_commands(self.plan.request.scratch, self.overlay if mutated else None)

    def _note(self, name: str, seconds: float, *, cached: bool) -> None:
        self.stage_rows.append({"name": name, "seconds": round(seconds, 3), "cached": cached})
        if not cached:
            self.timings.record(f"{self.plan.recipe_name}/{name}", seconds)
        self.progress.end(name, seconds, cached=cached)

    def _seal(self, claimed: Claimed, staging: Path, run: Path) -> Path:
        """Seal one bundle, with the run's checkpoint beside its evidence; its files are the same for all bundles."""
        request = self.plan.request
        bundle = seal(
            staging,
            request.scratch / "runs",
            contract=claimed.path.stem,
            profile=claimed.profile,
            when=datetime.now(UTC),
        )
        if (run / CHECKPOINT).exists() and not (bundle / CHECKPOINT).exists():
            shutil.copytree(run / CHECKPOINT, bundle / CHECKPOINT, copy_function=os.link)
        return bundle


def _judges() -> dict[str, str]:
    """Stage name to module: `judge-system`, then `judge-oracle`."""
    return {f"judge-{module.rpartition('.')[2].removesuffix('_judge')}": module for module in judges()}


def _filled(part: str, places: Mapping[str, str]) -> str:
    for name, path in places.items():
        part = part.replace("{" + name + "}", path)
    return part
