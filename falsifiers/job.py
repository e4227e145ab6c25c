"""What a judge is asked to do, and how it writes down what it did."""

from __future__ import annotations

import importlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from falsifiers.attack import one_line
from falsifiers.law import AnyLaw, Falsifier

Row: TypeAlias = Mapping[str, Any]
Step: TypeAlias = tuple[str, Callable[[], object]]
"""What is done, in words, and the doing of it."""

INDEX = Path(__file__).with_name("index.json")
INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Folders of modules that no project wrote."""


class JobError(ValueError):
    """The job cannot be begun; the message says where, what, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The input of a judge, job.json."""

    trainer: str
    """Name of an entry point of the group `pv.trainers`."""
    device: str
    claims: dict[str, str]
    """Claim id -> falsifier name."""
    controls: list[str]
    seed: int
    cases: int
    """Distinct cases for each law."""
    checkpoint: Path
    init_checkpoint: Path | None
    shards: Path
    run_dir: Path
    work_dir: Path
    """Where one judge leaves arrays for the other."""
    scored_split: str

    def laws(self, evidence: Iterable[str]) -> dict[str, tuple[AnyLaw, ...]]:
        """Claim id -> the laws of its falsifier that are about this kind of evidence."""
        kinds = frozenset(evidence)
        return {
            claim: tuple(law for law in load_falsifier(name).laws if law.evidence in kinds)
            for claim, name in sorted(self.claims.items())
        }


def read_job(path: Path) -> Job:
    """Read job.json; JobError where it is unreadable, incomplete or names folders that do not exist."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        job = Job(**{name: _field(name, entries) for name in Job.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise JobError(f"{path}: not a job ({one_line(fault)}); give job.json as pv writes it") from fault
    folders = {"checkpoint": job.checkpoint, "shards": job.shards, "run_dir": job.run_dir}
    if job.init_checkpoint is not None:
        folders["init_checkpoint"] = job.init_checkpoint
    for name, folder in folders.items():
        if not folder.is_dir():
            raise JobError(f"{path}: {name}={folder} is no folder; run the stage that writes it")
    for name in job.claims.values():
        load_falsifier(name)
    return job


def _field(name: str, entries: Mapping[str, Any]) -> Any:
    value = entries[name]
    return Path(value) if name in _FOLDERS and value is not None else value


_FOLDERS = frozenset({"checkpoint", "init_checkpoint", "shards", "run_dir", "work_dir"})


def load_falsifier(name: str) -> Falsifier:
    """The falsifier of that name, by the static index; JobError where the index has none."""
    known = json.loads(INDEX.read_text(encoding="utf-8"))["falsifiers"]
    if name not in known:
        raise JobError(f"falsifier {name!r}: unknown; known are {', '.join(sorted(known))}")
    falsifier: Falsifier = importlib.import_module(known[name]["module"]).FALSIFIER
    return falsifier


def to_json(value: object) -> str:
    """One line of JSON with sorted keys; a number that is not finite becomes its name as a string."""
    return json.dumps(_finite(value), sort_keys=True, allow_nan=False, ensure_ascii=False)


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): _finite(entry) for key, entry in value.items()}
    return [_finite(entry) for entry in value] if isinstance(value, list | tuple) else value


@dataclass(slots=True, kw_only=True)
class Notebook:
    """Where a judge writes: raw files, a row for each step in judge.jsonl, progress on stderr."""

    out: Path
    judge: str
    steps: int = 0
    taken: int = field(default=0)
    failures: dict[str, str] = field(default_factory=dict)
    """Step -> why it failed."""

    def append(self, name: str, rows: Iterable[Row]) -> None:
        """Add rows to a .jsonl file of the folder."""
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(to_json(row) + "\n" for row in rows)

    def write(self, name: str, value: object) -> None:
        """Write a .json file of the folder."""
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / name).write_text(to_json(value) + "\n", encoding="utf-8")

    def note_imports(self) -> None:
        """Write down what this process has imported: whoever judges may not rest on what is judged."""
        self.append("imports.jsonl", [{"judge": self.judge, "modules": imported()}])

    def run(self, steps: Sequence[Step]) -> None:
        """Do one thing after another, noting how each ended; a failure is noted, and the rest goes on."""
        self.steps += len(steps)
        for name, act in steps:
            self._do(name, act)

    def _do(self, name: str, act: Callable[[], object]) -> None:
        self.taken += 1
        sys.stderr.write(f"{self.judge}: {self.taken}/{self.steps} {name}\n")
        sys.stderr.flush()
        start = time.perf_counter()
        try:
            act()
        except (Exception, SystemExit) as fault:  # noqa: BLE001  - the system under test runs inside; it may fail in any way
            self.failures[name] = one_line(fault)
        reason = self.failures.get(name, "")
        row = {
            "step": f"{self.judge}: {name}",
            "status": "failed" if reason else "done",
            "reason": reason,
            "seconds": round(time.perf_counter() - start, 3),
        }
        self.append("judge.jsonl", [row])


def imported() -> list[str]:
    """Modules that this process holds, sorted, without the standard library; of installed packages the name alone."""
    found = set()
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        if module is None or top in sys.stdlib_module_names or top == "__main__":
            continue
        file = getattr(module, "__file__", None)
        own = top == __package__ or (isinstance(file, str) and not INSTALLED & set(Path(file).parts))
        found.add(name if own else top)
    return sorted(found)


class ReadingError(ValueError):
    """A reading cannot be had; the message says why."""


def rows_of(
    reading: str, evaluator: str, split: str, names: Iterable[str], sums: Iterable[tuple[float, int]]
) -> list[Row]:
    """Rows of evals.jsonl; ReadingError where there is not one finite sum and one count for each document."""
    names, sums = list(names), [(float(total), int(count)) for total, count in sums]
    if len(names) != len(sums):
        raise ReadingError(f"{len(sums)} results for {len(names)} documents")
    strange = [name for name, (total, count) in zip(names, sums, strict=True) if not math.isfinite(total) or count < 1]
    if strange:
        total, count = sums[names.index(strange[0])]
        raise ReadingError(f"{len(strange)} documents without a finite loss, first {strange[0]}: {total} over {count}")
    return [
        {
            "reading": reading,
            "evaluator": evaluator,
            "split": split,
            "document": name,
            "sum_nats": total,
            "tokens": count,
        }
        for name, (total, count) in zip(names, sums, strict=True)
    ]
