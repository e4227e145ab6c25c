"""Carries an attack on functions or commands from its request to a sealed bundle: nothing is trained.

    (1) claim lock  (2) judge of the functions  (3) record  (4) seal

The judge is a process of its own, as it is for runs of a trainer; this one only starts it and keeps what it leaves.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pv.binding import (
    FUNCTION_JUDGE,
    Bound,
    Freshness,
    Packages,
    PlantedFault,
    SyntaxCache,
    closure_modules,
    module_digests,
)
from pv.contract import Claim, evaluate
from pv.errors import ContractError, TrainerError, UsageError
from pv.evidence import read_jsonl, seal, write_json
from pv.trial import environment, record, server
from pv.trial.folders import locked, remove
from pv.trial.overlay import plant
from pv.trial.plan import Claimed, Request
from pv.trial.process import Ended, run_module
from pv.trial.progress import Progress

PROFILE = "functions"
"""Stands in a bundle where that of a run has its profile."""


def run_attack(request: Request, claim: Claim, bound: Bound, progress: Progress) -> Path:
    """Try one claim about functions or commands and return its sealed bundle, under `.pv/runs/`.

    Raises:
        ContractError: The claim does not measure a law, or its bound is no upper bound with a value.
        BindingError: The mutant did not apply.
        TrainerError: The judge could not begin, so nothing was measured.
    """
    claimed = replace(request.claimed[0], profile=PROFILE)
    law, tolerance = asked(claim, claimed.path)
    identity = [claimed.digest, claim.id, request.mutant or "", str(request.seed), str(request.cases)]
    work = request.scratch / "work" / hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]
    with locked(work) as lock:
        overlay = work / "overlay"
        for left in (overlay, work / "staging"):
            remove(left)
        staging, raw = work / "staging", work / "staging" / "raw"
        raw.mkdir(parents=True)
        _write_lock(request, claimed, claim, raw)  # (1)
        if request.mutant:
            patch = plant(_fault(request), overlay, request.packages)
            (raw / "mutant.patch").write_text(patch, encoding="utf-8")
        job = _write_job(request, claim, bound, work, law, tolerance)
        progress.begin({claim.id: 0.0})
        progress.stage(claim.id)
        started_at = record.now()
        ended = run_module(  # (2)
            [FUNCTION_JUDGE, "--job", str(job), "--out", str(raw)],
            environment=environment.of_commands(request.scratch, overlay if request.mutant else None),
            log=raw / "log.txt",
            progress=progress,
            held=(lock,),
            served=server.running(),
        )
        if ended.exit_code != 0:
            raise TrainerError(claim.id, f"it could not be attacked: {ended.last_words}", f"read {raw / 'log.txt'}")
        write_json(raw / "run.json", _run(request, claimed, bound, work, ended, started_at))  # (3)
        if request.redispatch_of:
            record.state_redispatch(staging, request.redispatch_of)
        now = datetime.now(UTC)
        bundle = seal(staging, request.scratch / "runs", contract=claimed.path.stem, profile=PROFILE, when=now)
        shutil.rmtree(work, ignore_errors=True)  # (4)
        progress.end(claim.id, ended.seconds, cached=False)
        return bundle


def asked(claim: Claim, place: Path) -> tuple[str, float]:
    """Return the law that a claim measures, and the largest reading that it allows.

    Raises:
        ContractError: It measures none, or has no upper bound with a value of its own.
    """
    where = f"{place}: {claim.id}"
    series = claim.measure.series if claim.measure else ""
    if claim.measure is None or not series.startswith("attack/"):
        what = f"its falsifier attacks functions, but it measures {series or 'nothing'}"
        raise ContractError(where, what, "measure {series: attack/<law>, reduce: max, unit: …}")
    if claim.op not in {"<", "<=", "=="} or claim.bound is None:
        raise ContractError(where, f"a reading {claim.op} {claim.bound} is no upper bound", 'use op "<=" or "=="')
    value, _ = evaluate(claim.bound, {}, unit=claim.measure.unit)
    import math

    return series.removeprefix("attack/"), math.nextafter(value, -math.inf) if claim.op == "<" else value


def _fault(request: Request) -> PlantedFault:
    """Return the mutant that was asked for.

    Raises:
        UsageError: There is none of that name.
    """
    from pv.binding import mutants

    fault = mutants(packages=request.packages).get(request.mutant or "")
    if fault is None:
        raise UsageError(f"--mutant {request.mutant}", "no such mutant", "see the indexes of the falsifiers")
    return fault


def _write_lock(request: Request, claimed: Claimed, claim: Claim, raw: Path) -> None:
    freshness = Freshness(SyntaxCache(folders=request.packages.folders), packages=request.packages)
    rows = [freshness.lock_row(claim, claimed.contract)]
    write_json(raw / "claim.lock.json", record.lock_content(request, claimed, rows))


def _write_job(request: Request, claim: Claim, bound: Bound, work: Path, law: str, tolerance: float) -> Path:
    overlay = work / "overlay"
    path = work / "job.json"
    content = {
        "claim": claim.id,
        "module": bound.module,
        "file": str(bound.path),
        "law": law,
        "tolerance": tolerance,
        "seed": request.seed,
        "cases": request.cases,
        "work_dir": str(work),
        "folders": [str(request.root), *(folder for folder in request.packages.folders if folder != str(request.root))],
        "overlay": str(overlay) if request.mutant else "",
        "packages": list(request.packages.names),
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def oracles(raw: Path, tested: Iterable[str], packages: Packages, cache: SyntaxCache) -> dict[str, list[str]]:
    """Return each oracle that a judge imported with the modules under test that it imports, itself or by others.

    An oracle is a module of the package `oracles` in a package of falsifiers.
    """
    judged = {module.partition(".")[0] for module in tested}
    imported = read_jsonl(raw / "imports.jsonl")
    loaded = sorted({name for row in imported for name in row["modules"]})
    found = [name for name in loaded if any(name.startswith(f"{package}.oracles.") for package in packages.names)]
    reached = {name: closure_modules(name, (*packages.names, *judged), cache=cache) for name in found}
    return {name: [one for one in those if one.partition(".")[0] in judged] for name, those in reached.items()}


def _run(
    request: Request, claimed: Claimed, bound: Bound, work: Path, ended: Ended, started_at: str
) -> Mapping[str, Any]:
    """Return `run.json`: what was attacked, with what, where, and how it ended."""
    names = json.loads((work / "modules.json").read_text(encoding="utf-8"))
    cache = SyntaxCache(folders=request.packages.folders)
    modules = module_digests(names, cache=cache)
    commit, dirty_digest = environment.revision(request.root)
    return {
        "schema_version": "1",
        "contract": claimed.contract.metadata.id,
        "profile": PROFILE,
        "trainer": {"name": PROFILE, "modules": modules},
        "oracles": oracles(work / "staging" / "raw", modules, request.packages, cache),
        "mutant": {"name": request.mutant, "patch": "mutant.patch"} if request.mutant else None,
        "dataset": None,
        "seed": request.seed,
        "cases": request.cases,
        "argv": [FUNCTION_JUDGE, bound.module],
        "commit": commit,
        "dirty_digest": dirty_digest,
        "packages": environment.packages(),
        "python": sys.version.split()[0],
        "host": environment.host(),
        "flags": environment.flags(dict(os.environ)),
        "started_at": started_at,
        "finished_at": record.now(),
        "exit_code": ended.exit_code,
        "exit_reason": "completed",
        "wall_seconds": ended.seconds,
        "device": {"platform": "cpu"},
        "redispatch_of": None,
    }
