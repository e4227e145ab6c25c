"""Which falsifier is bound to which claim, read from the package's static index without importing it."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from pv.binding.locate import Locator
from pv.errors import BindingError
from pv.records import dataclass

PACKAGE = "falsifiers"
JUDGES = ("system_judge", "oracle_judge")
"""Programs of the package that measure, in the order they run; the second reads what the first leaves."""

REWRITE = "write it anew: python -m falsifiers.index"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedFault:
    """A mutant that the package can plant."""

    name: str
    module: str
    path: Path
    """Source file of the module."""

    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The static index of a package of falsifiers."""

    claims: Mapping[str, str]
    """Claim id to name of a falsifier."""

    falsifiers: Mapping[str, Bound]
    mutants: Mapping[str, PlantedFault]


def bind(claim_id: str, *, package: str = PACKAGE) -> Bound | None:
    """Return the falsifier bound to a claim; None where the index has none.

    Raises:
        BindingError: The index is missing or malformed, or names a module that does not exist.
    """
    index = load_index(package)
    name = index.claims.get(claim_id)
    return None if name is None else index.falsifiers[name]


def mutants(*, package: str = PACKAGE) -> Mapping[str, PlantedFault]:
    """Return mutant name to mutant, sorted by name.

    Raises:
        BindingError: As `bind`.
    """
    return load_index(package).mutants


def judges(*, package: str = PACKAGE) -> tuple[str, ...]:
    """Return the modules of the judges, in the order they run."""
    named = (f"{package}.{name}" for name in JUDGES)
    return tuple(module for module in named if Locator().module_file(module))


@lru_cache(maxsize=8)
def load_index(package: str = PACKAGE) -> Index:
    """Return a package's index, checked: every module exists and every claim leads to a falsifier.

    Raises:
        BindingError: As `bind`.
    """
    root = Locator().package_root(package)
    if root is None:
        raise BindingError(f"package {package}", "it is not installed", "install the project: pip install -e .")
    path = root / "index.json"
    content = _content(path)
    falsifiers = {name: _bound(path, name, row) for name, row in _rows(path, content, "falsifiers").items()}
    claims = _rows(path, content, "claims")
    for claim, name in claims.items():
        if not isinstance(name, str) or name not in falsifiers:
            _refuse(path, f"claims.{claim}", f"{name!r} is no falsifier of the index")
    planted = {name: _planted(path, name, row) for name, row in sorted(_rows(path, content, "mutants").items())}
    return Index(claims=claims, falsifiers=falsifiers, mutants=planted)


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


def _bound(path: Path, name: str, row: Any) -> Bound:
    module, file, hunts = _module(path, f"falsifiers.{name}", row, "hunts")
    laws = row.get("laws")
    if not isinstance(laws, list) or not all(isinstance(law, str) for law in laws):
        _refuse(path, f"falsifiers.{name}.laws", "expected a list of names")
    return Bound(falsifier=name, module=module, path=file, hunts=hunts, laws=tuple(laws))


def _planted(path: Path, name: str, row: Any) -> PlantedFault:
    module, file, summary = _module(path, f"mutants.{name}", row, "summary")
    return PlantedFault(name=name, module=module, path=file, summary=summary)


def _module(path: Path, place: str, row: Any, text: str) -> tuple[str, Path, str]:
    """Return module, its file, and the text under the key `text` of an index row."""
    match row:
        case {"module": str(module)} if isinstance(row.get(text), str):
            file = Locator().module_file(module)
        case _:
            _refuse(path, place, f"expected an object with the texts module and {text}")
    if file is None:
        _refuse(path, f"{place}.module", f"module {module!r} does not exist")
    return module, file, row[text]


def _refuse(path: Path, place: str, what: str) -> NoReturn:
    raise BindingError(f"{path}: {place}", what, REWRITE)
