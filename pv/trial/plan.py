"""What a trial is asked to do, and which commands that takes."""

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pv.binding import SHIPPED, Packages, closure_modules, module_digests
from pv.contract import Contract
from pv.errors import ContractError, UsageError
from pv.evidence import Opened
from pv.trial.environment import packages
from pv.trial.trainer import Stage, Trainer, find_trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A contract whose claims a trial is about."""

    contract: Contract
    path: Path
    digest: str
    claims: tuple[str, ...]
    """Those that were asked for; only their laws and controls are tried."""

    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A trial that somebody asked for."""

    root: Path
    """Project folder; `.pv/` and `evidence/` lie in it."""

    claimed: tuple[Claimed, ...]
    """Contracts that share one run, each of which gets a bundle; an attack on functions is about one."""

    seed: int = 0
    mutant: str | None = None
    dataset: Path | None = None
    device: str = "auto"
    cases: int = 50
    """Hypothesis cases per law; at least 50 valid ones are needed for an outcome."""

    redispatch_of: Opened | None = None
    """Bundle of an earlier run that this one is made again of."""

    packages: Packages = SHIPPED
    """Packages whose indexes bind the contract's claims."""

    @property
    def scratch(self) -> Path:
        """Folder for caches and unfinished work; safe to delete."""
        return self.root / ".pv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStage:
    """A stage with the key of its output."""

    stage: Stage
    key: str
    output: Path
    """Where a finished output lies."""

    @property
    def ready(self) -> bool:
        """Whether a finished output exists already."""
        return self.stage.cached and self.output.exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything a trial will run, in order."""

    request: Request
    trainer: Trainer
    recipe_name: str
    recipe: Mapping[str, Any]
    stages: tuple[PlannedStage, ...]
    work: Path
    """Folder of this trial's unfinished work; the same request resumes there."""

    modules: Mapping[str, str]
    """Trainer module to syntax digest, of everything that the stages and the judged system import."""

    dataset_digest: str = field(default="")


def make_plan(request: Request, patch: str = "") -> Plan:
    """Return what the trial would run.

    Args:
        request: What is asked for.
        patch: The mutant as a unified diff; empty for an honest run.

    Raises:
        ContractError: A contract has no system at all, or several do not name the same recipe.
        UsageError: A contract has no such profile, or the data set cannot be read.
        TrainerError: The contracts' trainer is not installed.
    """
    named = {_named(claimed) for claimed in request.claimed}
    if len(named) > 1:
        what = f"they name {', '.join(sorted(f'{recipe} of {trainer}' for trainer, recipe in named))}"
        where = ", ".join(str(claimed.path) for claimed in request.claimed)
        raise ContractError(where, what, "run each by itself")
    trainer_name, recipe_name = named.pop()
    trainer = find_trainer(trainer_name)
    dataset_digest = folder_digest(request.dataset) if request.dataset else ""
    try:
        recipe = trainer.recipe(recipe_name)
        stages = trainer.stages(recipe_name, seed=request.seed, dataset=request.dataset, device=request.device)
    except (ValueError, OSError) as error:
        raise UsageError(f"trainer {trainer.name}", str(error)) from error
    keys: dict[str, str] = {}
    planned = []
    for stage in stages:
        key = _key(stage, keys, patch if stage.mutable else "", dataset_digest)
        keys[stage.name] = key
        output = request.scratch / "cache" / f"{stage.name}-{key[:16]}"
        planned.append(PlannedStage(stage=stage, key=key, output=output))
    about = [part for claimed in request.claimed for part in (claimed.digest, claimed.profile, *claimed.claims)]
    identity = [*about, request.mutant or "", keys[stages[-1].name]]
    work = request.scratch / "work" / hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]
    return Plan(
        request=request,
        trainer=trainer,
        recipe_name=recipe_name,
        recipe=recipe,
        stages=tuple(planned),
        work=work,
        modules=module_digests(_trainer_modules(trainer, stages)),
        dataset_digest=dataset_digest,
    )


def _named(claimed: Claimed) -> tuple[str, str]:
    """Return the trainer and the recipe that a contract names for its profile."""
    system, profile = claimed.contract.system, claimed.profile
    if system is None or not system.trainer:
        what = "it names no trainer to run"
        raise ContractError(str(claimed.path), what, "add `trainer` and `profiles` to `system`")
    if profile not in system.profiles:
        known = ", ".join(sorted(system.profiles))
        raise UsageError(f"--profile {profile}", f"{claimed.path} has no such profile", f"one of {known}")
    return system.trainer, system.profiles[profile]


def folder_digest(folder: Path) -> str:
    """Return a digest over the relative paths and contents of all files below `folder`."""
    if not folder.is_dir():
        raise UsageError(f"--dataset {folder}", "no such folder", "give a folder of documents or of shards")
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UsageError(str(path), f"cannot be read: {error.strerror}", "make it readable") from error
        total.update(f"{path.relative_to(folder)}\0{digest}\n".encode(errors="surrogateescape"))
    return total.hexdigest()


def _key(stage: Stage, keys: Mapping[str, str], patch: str, dataset_digest: str) -> str:
    """Digest of everything that decides what a stage's output is."""
    modules = _closure(stage.modules)
    parts = {
        "argv": stage.argv,
        "modules": module_digests(modules),
        "inputs": [keys[name] for name in stage.inputs],
        "fingerprint": stage.fingerprint,
        "dataset": dataset_digest,
        "patch": patch if patched_modules(patch) & set(modules) else "",
        "packages": packages(),
        "python": sys.version_info[:2],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def patched_modules(patch: str) -> set[str]:
    """Return the modules that a unified diff changes."""
    return {path[:-3].replace("/", ".") for path in re.findall(r"^\+\+\+ (?:b/)?(\S+\.py)", patch, re.MULTILINE)}


def _trainer_modules(trainer: Trainer, stages: tuple[Stage, ...]) -> tuple[str, ...]:
    """Every module of the trainer's package that a stage or the plugin itself imports."""
    roots = {module for stage in stages for module in stage.modules}
    return _closure((*sorted(roots), type(trainer).__module__))


def _closure(modules: tuple[str, ...]) -> tuple[str, ...]:
    """The modules and what they import of their own package, sorted."""
    found: set[str] = set()
    for module in modules:
        found.update(closure_modules(module, packages=(module.partition(".")[0],)))
    return tuple(sorted(found))
