"""A mutated copy of the source under test, made outside it and put first on its path."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from pv.binding import SHIPPED, Packages, PlantedFault, mutants
from pv.errors import BindingError
from pv.trial.folders import remove

_CACHES: Final = shutil.ignore_patterns("__pycache__")


def make_overlay(package: str, mutant: str, folder: Path, packages: Packages = SHIPPED) -> str:
    """Copy `package` into `folder`, plant `mutant` there, and return the patch that was applied.

    Raises:
        BindingError: The mutant does not exist, or did not apply to today's source.
    """
    fault = mutants(packages=packages).get(mutant)
    if fault is None:
        raise BindingError(f"mutant {mutant}", "no index has it", "add it to an index of the falsifiers")
    remove(folder)
    shutil.copytree(package_root(package), folder / package, ignore=_CACHES)
    return _planted(fault, folder, packages)


def plant(fault: PlantedFault, folder: Path, packages: Packages = SHIPPED) -> str:
    """Copy what a mutant of functions edits into `folder`, plant it there, and return the patch.

    Raises:
        BindingError: What it edits is not there, or the mutant does not apply to it.
    """
    remove(folder)
    folder.mkdir(parents=True)
    locator = packages.locator()
    for top in sorted({module.partition(".")[0] for module in fault.edits}):
        if root := locator.package_root(top):
            shutil.copytree(root, folder / top, ignore=_CACHES)
        elif file := locator.module_file(top):
            shutil.copyfile(file, folder / file.name)
        else:
            raise BindingError(f"mutant {fault.name}", f"module {top} does not exist", "bring its edits in line")
    return _planted(fault, folder, packages)


def _planted(fault: PlantedFault, folder: Path, packages: Packages) -> str:
    mutant = fault.name
    command = [sys.executable, "-P", "-m", "falsifiers.mutants.apply", mutant, "--root", str(folder)]
    if fault.module.partition(".")[0] != packages.shipped:
        command += ["--module", fault.module, *(f"--path={path}" for path in packages.folders)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BindingError(
            f"mutant {mutant}",
            f"it did not apply: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}",
            "bring the mutant's edits in line with the source",
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
