"""The project: contracts, trainers, the index of falsifiers, caches."""

import json
import os
import sys
import time
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from pv.binding import mutants
from pv.cli.checkup.check import Check, ask, fail, ok, warn
from pv.cli.project import nearby
from pv.contract import LoadedSet
from pv.errors import BindingError
from pv.trial.trainer import GROUP
from pv.view.layout import count

DAY_S: Final = 86_400
FULL_GIB: Final = 20
_INDEX: Final = """\
import json, sys
from falsifiers import index
stored = json.loads(index.PATH.read_text(encoding="utf-8"))
sys.exit(0 if stored == index.build() else 9)
"""
_STALE: Final = 9


def contracts_check(loaded: LoadedSet) -> Check:
    """Every contract can be read, and none has an error."""
    if not loaded.files:
        return warn("contracts", "none found", "write one: pv new contract NAME")
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    found = f"{count(len(loaded.files), 'file')}, {count(len(errors), 'error')}"
    if errors:
        return fail("contracts", f"{found}; the first: {str(errors[0]).splitlines()[0]}", "see pv validate")
    return ok("contracts", found)


def trainers_check(loaded: LoadedSet) -> Check:
    """Every trainer that a contract names is installed."""
    installed = {point.name for point in entry_points(group=GROUP)}
    named = {contract.system.trainer for contract in loaded.contracts if contract.system and contract.system.trainer}
    listed = ", ".join(sorted(installed)) or "none"
    if lacking := sorted(named - installed):
        remedy = f"install the package that offers it in the entry point group {GROUP}"
        return fail("trainers", f"installed: {listed}; contracts name {', '.join(lacking)}", remedy)
    return ok("trainers", f"installed: {listed}")


def falsifiers_check(timeout_s: float) -> Check:
    """The static index of the falsifiers can be read, and is what their modules say."""
    try:
        planted = mutants()
    except BindingError as error:
        return fail("falsifiers", f"{error.where}: {error.what}", error.fix)
    answer = ask([sys.executable, "-P", "-c", _INDEX], timeout_s)
    if answer.status == _STALE:
        return fail("falsifiers", "index.json is not what the modules say", "python -m falsifiers.index")
    if answer.status != 0:
        return fail("falsifiers", f"cannot be imported: {answer.why}", "python -m falsifiers.index shows the error")
    return ok("falsifiers", f"the index is what the modules say; {count(len(planted), 'mutant')}")


def caches_check(scratch: Path, now_s: float | None = None) -> Check:
    """Nothing in the caches is corrupt or was left behind; all of them are safe to delete."""
    cache = scratch / "cache"
    corrupt = [path for path in sorted([*cache.glob("*.json"), *cache.glob("*/*.json")]) if not _is_json(path)]
    aged = (time.time() if now_s is None else now_s) - DAY_S
    left = [path for path in sorted(cache.glob("*.partial")) if path.stat().st_mtime < aged]
    for paths, what in ((corrupt, "corrupt"), (left, "left behind by a run that was broken off")):
        if paths:
            listed = " ".join(str(nearby(path)) for path in paths[:5])
            return warn("caches", f"{count(len(paths), 'entry')} {what}".replace("entrys", "entries"), _delete(listed))
    gib = sum(_sizes(scratch)) / 2**30
    if gib > FULL_GIB:
        return warn("caches", f"{gib:.1f} GiB below {nearby(scratch)}", _delete(str(nearby(cache))))
    return ok("caches", f"{gib:.2f} GiB below {nearby(scratch)}")


def _delete(what: str) -> str:
    return f"rm -r {what} (caches are made again when they are needed)"


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _sizes(folder: Path) -> Iterator[int]:
    """Bytes of every file below a folder; links are not followed."""
    pending = [str(folder)]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        yield entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
