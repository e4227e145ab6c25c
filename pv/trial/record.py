"""Gathers what the trainer and the judges left into the `raw/` folder of a bundle."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pv.binding import Freshness
from pv.evidence import Opened, changes, lock_rows, open_unsealed, write_json
from pv.trial import environment
from pv.trial.plan import Claimed, Plan, Request
from pv.trial.process import Ended

COPIED = ("metrics.jsonl", "reported.jsonl", "summary.json", "epochs")


def write_lock(request: Request, claimed: Claimed, path: Path, freshness: Freshness) -> None:
    """Write a contract's `claim.lock.json`: the claims asked for, fixed before step 0; an existing one is kept."""
    if path.exists():
        return
    rows = lock_rows(claimed.contract, freshness=freshness)
    asked = [row for row in rows if row["id"] in claimed.claims]
    write_json(path, lock_content(request, claimed, asked))


def lock_content(request: Request, claimed: Claimed, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what `claim.lock.json` holds: the contract, and the claims as they stand before anything is tried."""
    return {
        "schema_version": "1",
        "contract": {
            "id": claimed.contract.metadata.id,
            "version": claimed.contract.metadata.version,
            "path": _relative(claimed.path, request.root),
            "digest": claimed.digest,
        },
        "profile": claimed.profile,
        "claim": claimed.claims[0],
        "claims": rows,
        "locked_at": now(),
    }


def gather_run(run: Path, raw: Path) -> None:
    """Copy the trainer's own record; a crashed run leaves what it had written."""
    for name in COPIED:
        source = run / name
        if source.is_dir():
            shutil.copytree(source, raw / name, dirs_exist_ok=True)
        elif source.exists():
            shutil.copyfile(source, raw / name)


def run_content(
    plan: Plan, raw: Path, *, ended: Ended, started_at: str, stages: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what `run.json` holds beside the contract: what ran, with what, where, and how it ended."""
    request = plan.request
    summary = read_object(raw / "summary.json")
    commit, dirty_digest = environment.revision(request.root)
    return {
        "schema_version": "1",
        "recipe_name": plan.recipe_name,
        "recipe": dict(plan.recipe),
        "trainer": {"name": plan.trainer.name, "modules": dict(plan.modules)},
        "mutant": {"name": request.mutant, "patch": "mutant.patch"} if request.mutant else None,
        "dataset": ({"name": request.dataset.name, "digest": plan.dataset_digest} if request.dataset else None),
        "seed": request.seed,
        "cases": request.cases,
        "argv": [*plan.stages[-1].stage.argv],
        "commit": commit,
        "dirty_digest": dirty_digest,
        "packages": environment.packages(),
        "python": sys.version.split()[0],
        "host": environment.host(),
        "flags": environment.flags(dict(os.environ)),
        "started_at": started_at,
        "finished_at": now(),
        "stages": stages,
        "exit_code": ended.exit_code,
        "redispatch_of": None,
        **_from_summary(summary, ended),
    }


def state_redispatch(staging: Path, former: Opened) -> None:
    """Write into the run record what the run is made again of, and what has changed since by the two records."""
    opened = open_unsealed(staging)
    if opened.bundle is None or former.bundle is None:
        return
    changed = [asdict(change) for change in changes(former.bundle, opened.bundle)]
    row = {"bundle": former.path.name, "digest": former.bundle.digest, "changed": changed}
    path = staging / "raw" / "run.json"
    write_json(path, {**read_object(path), "redispatch_of": row})


def _from_summary(summary: Mapping[str, Any], ended: Ended) -> dict[str, Any]:
    """What only the trainer knows; a run that left no summary has crashed."""
    crashed = not summary or ended.exit_code < 0
    return {
        "planned_steps": summary.get("planned_steps"),
        "executed_steps": summary.get("executed_steps"),
        "exit_reason": "crashed" if crashed else summary.get("exit_reason"),
        "wall_seconds": summary.get("wall_seconds", ended.seconds),
        "device": summary.get("device", {}),
        "segments": summary.get("segments", []),
        "config": summary.get("config", {}),
    }


def merge_evaluated(raw: Path) -> None:
    """Put what the fresh process evaluated beside what lies on disk, in `tensors.json`."""
    part = raw / "evaluated.json"
    tensors = read_object(raw / "tensors.json")
    if part.exists():
        evaluated = read_object(part)
        tensors["evaluated"] = evaluated.get("evaluated", evaluated)
        part.unlink()
    if tensors:
        write_json(raw / "tensors.json", tensors)


def name_from_root(raw: Path, root: Path) -> None:
    """In what was printed and told, name the files of the project from its root: evidence is read elsewhere."""
    absolute = f"{root.resolve()}{os.sep}"
    for name in ("log.txt", "judge.jsonl"):
        path = raw / name
        if path.exists():
            path.write_bytes(path.read_bytes().replace(os.fsencode(absolute), b""))


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in `path`; empty if there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def now() -> str:
    """Return the time in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _relative(path: Path, root: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(root)) if resolved.is_relative_to(root) else path.name
