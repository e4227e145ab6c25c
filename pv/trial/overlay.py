"""A mutated copy of the trainer's source, made outside the trainer and put first on its path."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from pv.errors import BindingError


def make_overlay(package: str, mutant: str, folder: Path) -> str:
    """Copy `package` into `folder`, plant `mutant` there, and return the patch that was applied.

    Raises:
        BindingError: The mutant does not exist, or did not apply to today's source.
    """
    source = package_root(package)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-P", "-m", "falsifiers.mutants.apply", mutant, "--root", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BindingError(
            f"mutant {mutant}",
            f"it did not apply: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}",
            "bring the mutant's edits in line with the trainer's source",
        )
    if not done.stdout.strip():
        raise BindingError(f"mutant {mutant}", "it changed nothing", "a mutant must change the source")
    return done.stdout


def package_root(package: str) -> Path:
    """Return the folder of an installed top-level package, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise BindingError(f"package {package}", "it is not installed", "install the project: pip install -e .")
    return Path(next(iter(spec.submodule_search_locations)))
