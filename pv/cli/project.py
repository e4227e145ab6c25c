"""Where a project keeps its contracts, its evidence and its scratch."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pv.errors import UsageError
from pv.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Folders of one project; any of them may be missing."""

    root: Path
    contracts: Path
    evidence: Path

    @property
    def scratch(self) -> Path:
        """The folder for caches and runs tried by hand; it is never evidence."""
        return self.root / ".pv"

    @property
    def runs(self) -> Path:
        """Bundles of runs tried by hand."""
        return self.scratch / "runs"


def find_project(paths: Sequence[Path] = (), environ: Mapping[str, str] | None = None) -> Project:
    """The project that the first path lies in, else the one of the working folder.

    Its root is PV_ROOT where that is set, else the nearest folder upwards whose `pyproject.toml` has a table
    `[tool.pv]` or which holds a folder `contracts`, else the working folder.

    Raises:
        UsageError: PV_ROOT is no folder, or the table `[tool.pv]` cannot be read.
    """
    environ = os.environ if environ is None else environ
    if chosen := environ.get("PV_ROOT"):
        root = Path(chosen).absolute()
        if not root.is_dir():
            raise UsageError("PV_ROOT", f"{chosen!r} is no folder", "unset it, or name the folder above contracts/")
        return _project(root)
    starts = [Path(os.path.normpath(path.absolute())) for path in (*paths[:1], Path.cwd())]
    roots = (root for start in starts for root in (start, *start.parents) if _is_root(root))
    return _project(next(roots, Path.cwd()))


def _is_root(folder: Path) -> bool:
    try:
        return (folder / "contracts").is_dir() or _table(folder) is not None
    except (OSError, ValueError):  # a name that no folder can have
        return False


def _project(root: Path) -> Project:
    table = _table(root) or {}
    return Project(
        root=root,
        contracts=root / str(table.get("contracts", "contracts")),
        evidence=root / str(table.get("evidence", "evidence")),
    )


def _table(folder: Path) -> dict[str, Any] | None:
    """The table `[tool.pv]` of a folder's `pyproject.toml`; None where there is none."""
    file = folder / "pyproject.toml"
    try:
        content = file.read_bytes()
    except OSError:
        return None
    if b"tool.pv" not in content:
        return None
    import tomllib

    try:
        table = tomllib.loads(content.decode()).get("tool", {}).get("pv")
    except ValueError as error:
        raise UsageError(
            str(file), f"is no valid TOML ({error})", "mend the file; pv reads its table [tool.pv]"
        ) from error
    return table if isinstance(table, dict) else None


def nearby(path: Path) -> Path:
    """The path as seen from the working folder where it lies in it, else as it is."""
    here = Path.cwd()
    absolute = Path(os.path.normpath(path.absolute()))
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path
