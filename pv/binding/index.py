"""Which falsifier is bound to which claim, read from the packages' static indexes without importing them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from pv.binding.locate import Locator
from pv.errors import BindingError

PACKAGE = "falsifiers"
JUDGES = ("system_judge", "oracle_judge")
"""Programs of the package that measure, in the order they run; the second reads what the first leaves."""

FUNCTION_JUDGE = "falsifiers.function_judge"
"""Program that tries a falsifier on functions and commands, without a run of a trainer."""

REWRITE = "write it anew: python -m falsifiers.index"


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages whose indexes bind claims: those of a project, and the one that comes with the tool."""

    own: tuple[str, ...] = ()
    """Packages of the project, by name."""

    folders: tuple[str, ...] = ()
    """Where to look for what is not installed."""

    shipped: str = PACKAGE

    @property
    def names(self) -> tuple[str, ...]:
        """Every package, the project's first."""
        return tuple(dict.fromkeys((*self.own, self.shipped)))

    def locator(self) -> Locator:
        """Return what finds their modules."""
        return Locator(self.folders)


SHIPPED = Packages()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A claim's falsifier."""

    falsifier: str
    """Its name, which says the defect it hunts."""

    module: str
    path: Path
    """Source file of the module."""

    hunts: str
    laws: tuple[str, ...]
    about: str = "run"
    """What it is tried on: the `run` of a trainer, or `functions` and commands, for which nothing is trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedFault:
    """A mutant that the package can plant."""

    name: str
    module: str
    path: Path
    """Source file of the module."""

    summary: str
    edits: tuple[str, ...]
    """Modules that it changes."""

    group: str = ""
    """Kind of fault, e.g. `data` or `loss`; empty where the index does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The static indexes of packages of falsifiers, as one."""

    claims: Mapping[str, str]
    """Claim id to name of a falsifier."""

    falsifiers: Mapping[str, Bound]
    mutants: Mapping[str, PlantedFault]


def bind(claim_id: str, *, packages: Packages = SHIPPED) -> Bound | None:
    """Return the falsifier bound to a claim; None where no index has one.

    Raises:
        BindingError: An index is missing or malformed, names a module that does not exist, or says of a claim what
            another one says too.
    """
    index = load_index(packages)
    name = index.claims.get(claim_id)
    return None if name is None else index.falsifiers[name]


def mutants(*, packages: Packages = SHIPPED) -> Mapping[str, PlantedFault]:
    """Return mutant name to mutant, sorted by name.

    Raises:
        BindingError: As `bind`.
    """
    return load_index(packages).mutants


def judges(*, package: str = PACKAGE) -> tuple[str, ...]:
    """Return the modules of the judges, in the order they run."""
    named = (f"{package}.{name}" for name in JUDGES)
    return tuple(module for module in named if Locator().module_file(module))


@lru_cache(maxsize=8)
def load_index(packages: Packages = SHIPPED) -> Index:
    """Return the indexes of packages, checked: every module exists and every claim leads to a falsifier.

    A package of a project may bind its claims to its own falsifiers and to those of the packages after it.

    Raises:
        BindingError: As `bind`.
    """
    locator = packages.locator()
    claims: dict[str, str] = {}
    falsifiers: dict[str, Bound] = {}
    planted: dict[str, PlantedFault] = {}
    for package in reversed(packages.names):
        path = _index_file(package, locator)
        content = _content(path)
        for name, row in _rows(path, content, "falsifiers").items():
            _once(path, f"falsifiers.{name}", falsifiers, name)
            falsifiers[name] = _bound(path, name, row, locator, own=package != packages.shipped)
        for claim, name in _rows(path, content, "claims").items():
            _once(path, f"claims.{claim}", claims, claim)
            if not isinstance(name, str) or name not in falsifiers:
                _refuse(path, f"claims.{claim}", f"{name!r} is no falsifier of the index")
            claims[claim] = name
        for name, row in _rows(path, content, "mutants").items():
            _once(path, f"mutants.{name}", planted, name)
            planted[name] = _planted(path, name, row, locator)
    return Index(claims=claims, falsifiers=falsifiers, mutants=dict(sorted(planted.items())))


def _once(path: Path, place: str, known: Mapping[str, object], name: str) -> None:
    if name in known:
        raise BindingError(f"{path}: {place}", "the index of another package has it too", "rename one of the two")


def _index_file(package: str, locator: Locator) -> Path:
    root = locator.package_root(package)
    if root is None:
        fix = "install it, or name another one in [tool.pv] falsifiers"
        raise BindingError(f"package {package}", "it is not installed, and no folder of the project", fix)
    return root / "index.json"


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BindingError(str(path), f"cannot be read: {error}", REWRITE) from error
    if not isinstance(content, dict) or content.get("schema_version") != "1":
        _refuse(path, "schema_version", "it is not an index of schema_version 1")
    return content


def _rows(path: Path, content: Mapping[str, Any], key: str) -> dict[str, Any]:
    rows = content.get(key)
    if not isinstance(rows, dict):
        _refuse(path, key, f"expected an object, got {type(rows).__name__}")
    return rows


def _bound(path: Path, name: str, row: Any, locator: Locator, *, own: bool) -> Bound:
    module, file, hunts = _module(path, f"falsifiers.{name}", row, "hunts", locator)
    laws = row.get("laws")
    if not isinstance(laws, list) or not all(isinstance(law, str) for law in laws):
        _refuse(path, f"falsifiers.{name}.laws", "expected a list of names")
    about = row.get("about", "run")
    if about not in (("functions",) if own else ("run", "functions")):
        known = '"functions"' if own else '"run" or "functions"'
        _refuse(path, f"falsifiers.{name}.about", f"expected {known}, got {about!r}")
    return Bound(falsifier=name, module=module, path=file, hunts=hunts, laws=tuple(laws), about=about)


def _planted(path: Path, name: str, row: Any, locator: Locator) -> PlantedFault:
    module, file, summary = _module(path, f"mutants.{name}", row, "summary", locator)
    edits = row.get("edits")
    if not isinstance(edits, list) or not edits or not all(isinstance(edit, str) for edit in edits):
        _refuse(path, f"mutants.{name}.edits", "expected a list of modules, at least one")
    group = row.get("group", "")
    if not isinstance(group, str):
        _refuse(path, f"mutants.{name}.group", "expected a text")
    return PlantedFault(name=name, module=module, path=file, summary=summary, edits=tuple(edits), group=group)


def _module(path: Path, place: str, row: Any, text: str, locator: Locator) -> tuple[str, Path, str]:
    """Return module, its file, and the text under the key `text` of an index row."""
    match row:
        case {"module": str(module)} if isinstance(row.get(text), str):
            file = locator.module_file(module)
        case _:
            _refuse(path, place, f"expected an object with the texts module and {text}")
    if file is None:
        _refuse(path, f"{place}.module", f"module {module!r} does not exist")
    return module, file, row[text]


def _refuse(path: Path, place: str, what: str) -> NoReturn:
    package = path.parent.name
    raise BindingError(f"{path}: {place}", what, REWRITE if package == PACKAGE else f"{REWRITE} {package}")
