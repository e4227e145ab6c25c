"""The judge of functions and commands: tries the laws of one falsifier where nothing is trained.

`python -m falsifiers.function_judge --job JOB --out RAW` writes the attack on one claim, the processes that its laws
ran and what it imported itself, and into the job's work folder which modules of the project were imported on the way,
here or in one of them. Exit status 0 when every law was tried, however it ended, and 3 when the job cannot be begun.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib
import json
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from falsifiers.attack import attacked, one_line
from falsifiers.job import INSTALLED, JobError, Notebook, Row
from falsifiers.law import AnyLaw, Falsifier
from falsifiers.process import Note


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FunctionJob:
    """The input of the judge, job.json."""

    claim: str
    module: str
    """Module that holds the falsifier."""
    file: str
    """Where the index says that its source lies."""
    law: str
    """The law that the claim measures; the falsifier may have further ones, which guard it."""
    tolerance: float
    """Largest reading that the claim allows: its bound."""
    seed: int
    cases: int
    work_dir: str
    folders: list[str]
    """Where modules of the project lie that are not installed."""
    overlay: str
    """Copy of the functions with a planted fault; empty for an honest run."""
    packages: list[str]
    """Packages of falsifiers: their modules are not under test."""


def main(argv: Sequence[str] | None = None) -> int:
    """Try one falsifier; the exit status."""
    parser = argparse.ArgumentParser(prog="function_judge", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--job", type=Path, required=True, help="job.json")
    parser.add_argument("--out", type=Path, required=True, help="folder of raw evidence")
    options = parser.parse_args(argv)
    try:
        _judge(read_job(options.job), Notebook(out=options.out, judge="function judge"))
    except JobError as fault:
        sys.stderr.write(f"function judge: {fault}\n")
        return 3
    return 0


def read_job(path: Path) -> FunctionJob:
    """Read job.json; JobError where it is no job."""
    try:
        return FunctionJob(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as fault:
        raise JobError(f"{path}: not a job ({one_line(fault)}); give job.json as pv writes it") from fault


def load(job: FunctionJob) -> Falsifier:
    """The falsifier; JobError where its module cannot be imported, or is not the one that the index names."""
    sys.path += [folder for folder in job.folders if folder not in sys.path]
    try:
        module = importlib.import_module(job.module)
        found: Falsifier = module.FALSIFIER
    except Exception as fault:  # a module of a project may fail in any way
        raise JobError(f"{job.module}: cannot be imported ({one_line(fault)}); mend the module") from fault
    if Path(str(module.__file__)).resolve() != Path(job.file).resolve():
        raise JobError(f"{job.module}: lies at {module.__file__}, the index means {job.file}; rename one of the two")
    if job.law not in {law.name for law in found.laws}:
        known = ", ".join(law.name for law in found.laws)
        raise JobError(f"{job.module}: it has no law {job.law}, but {known}; write the index anew")
    return found


def own(files: Iterable[tuple[str, Any]], job: FunctionJob) -> dict[str, str]:
    """Name and file of those of the modules that are the project's, without those of the falsifiers."""
    roots = [Path(folder).resolve() for folder in (job.overlay, *job.folders) if folder]
    others = {*job.packages, "__main__"}
    return {name: file for name, file in files if name.partition(".")[0] not in others and _lies_in(file, roots)}


def _lies_in(file: Any, roots: list[Path]) -> bool:
    """Whether a source file is the project's own: in one of its folders, and in none that is hidden or installed."""
    if not isinstance(file, str) or not file.endswith(".py"):
        return False
    path = Path(file).resolve()
    for root in roots:
        if path.is_relative_to(root):
            parts = path.relative_to(root).parts
            return not INSTALLED & set(parts) and not any(part.startswith(".") for part in parts)
    return False


def _judge(job: FunctionJob, notebook: Notebook) -> None:
    from hypothesis.configuration import set_hypothesis_home_dir

    set_hypothesis_home_dir(Path(job.work_dir) / "hypothesis")
    falsifier = load(job)

    modules: set[str] = set()

    def act(law: AnyLaw) -> None:
        asked = dataclasses.replace(law, tolerance=job.tolerance) if law.name == job.law else law
        found = attacked(asked, None, seed=job.seed, cases=job.cases)
        notebook.append(f"attacks/{job.claim}.jsonl", [found.row])
        rows = [_process(job, law, case, note) for case, note in found.notes]
        if rows:
            notebook.append("processes.jsonl", rows)
        modules.update(name for _, note in found.notes for name in own(note.imported, job))

    notebook.run([(f"law {law.name}", lambda law=law: act(law)) for law in falsifier.laws])  # type: ignore[misc]
    notebook.note_imports()
    modules.update(own([(name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items())], job))
    (Path(job.work_dir) / "modules.json").write_text(json.dumps(sorted(modules)), encoding="utf-8")


def _process(job: FunctionJob, law: AnyLaw, case: int | None, note: Note) -> Row:
    """A row of processes.jsonl."""
    files = own(note.imported, job)
    sources = "".join(f"{name} {_digest(file)}\n" for name, file in sorted(files.items()))
    said = {name: value for name, value in dataclasses.asdict(note).items() if name != "imported"}
    return {
        "claim": job.claim,
        "law": law.name,
        "case": case,
        **said,
        "modules": len(files),
        "modules_sha256": hashlib.sha256(sources.encode()).hexdigest() if files else None,
    }


@lru_cache(maxsize=4096)
def _digest(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
