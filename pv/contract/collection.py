"""Many contracts: found in folders, checked against each other, and searched by name."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from pv.contract.claim import Claim
from pv.contract.cycles import leading_to_cycles, reaches
from pv.contract.dialect import Dialect
from pv.contract.loading import Loaded, load
from pv.contract.model import Contract
from pv.contract.problem import Problem, Severity, nearest
from pv.errors import UsageError

_SUFFIXES: Final = (".yaml", ".yml")
_MAX_CONSTANTS: Final = 20
_SCHEMAS: Final = ("schema.yaml", "schema.yml")


_Found = tuple[Claim, Contract]

_WAYS: Final[tuple[Callable[[Claim, str], bool], ...]] = (
    lambda claim, name: claim.id == name,
    lambda claim, name: name in claim.aliases,
    lambda claim, name: claim.id.endswith(f"-{name.lstrip('-')}"),
)
"""In order: exact id, alias, suffix of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSet:
    """Contract files that were read together."""

    files: tuple[Loaded, ...]
    """In the order they were asked for; each with its own problems and those it has with the others."""

    stray: tuple[Problem, ...] = ()
    """Problems of no contract: folders that could not be listed."""

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """The contracts that could be understood."""
        return tuple(loaded.contract for loaded in self.files if loaded.contract is not None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, file by file."""
        return (*self.stray, *(problem for loaded in self.files for problem in loaded.problems))


def load_all(
    paths: Iterable[str | Path],
    read: Callable[[Sequence[Path]], Iterable[Loaded]] | None = None,
    *,
    dialect: Dialect = "old",
) -> LoadedSet:
    """Read files, and folders with everything below them, and check them against each other.

    Hidden files, hidden folders and schema files are left out unless they are named themselves.

    Args:
        paths: Files and folders.
        read: Reads files in their order; one after the other, in the dialect, unless something faster is given.
        dialect: For files of the older tool: which of its generations decides what is rejected.

    Raises:
        UsageError: A path does not exist.
    """
    stray: list[Problem] = []
    found: dict[str, Path] = {}
    for path in map(Path, paths):
        if not os.path.lexists(path):
            raise UsageError(str(path), "no such file or folder", "check the path; nothing was judged")
        for file in _files(path, stray) if path.is_dir() else (path,):
            found.setdefault(os.path.realpath(file), file)
    listed = tuple(found.values())
    files = tuple(read(listed) if read else (load(file, dialect=dialect) for file in listed))
    return LoadedSet(files=tuple(_checked(files)), stray=tuple(stray))


def _files(folder: Path, stray: list[Problem]) -> Iterator[Path]:
    """Contract files below a folder, sorted; each real folder is visited once."""
    visited: set[str] = set()

    def unlisted(error: OSError) -> None:
        where = str(error.filename or folder)
        what = f"folder cannot be listed: {error.strerror}"
        stray.append(Problem(code="unreadable", severity="error", path=where, line=1, column=1, message=what))

    for root, folders, names in os.walk(folder, followlinks=True, onerror=unlisted):
        real = os.path.realpath(root)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if real not in visited else []
        if real not in visited:
            yield from (Path(root, name) for name in sorted(names) if _is_contract(name))
        visited.add(real)


def _is_contract(name: str) -> bool:
    lower = name.lower()
    hidden_or_schema = lower.startswith(".") or lower in _SCHEMAS or lower.endswith((".schema.yaml", ".schema.yml"))
    return lower.endswith(_SUFFIXES) and not hidden_or_schema


@dataclass(frozen=True, slots=True)
class _Named:
    """An id or alias, and where it is given."""

    name: str
    path: tuple[str | int, ...]
    loaded: Loaded
    legacy: bool
    what: str


def _checked(files: Sequence[Loaded]) -> Iterator[Loaded]:
    """The files, each with the problems it has with the others."""
    found: dict[Path, list[Problem]] = {loaded.path: [] for loaded in files}
    for problem in (
        *_collisions(files),
        *_dependencies(files),
        *_discharges(files),
        *_bindings(files),
        *_siblings(files),
    ):
        found[Path(problem.path)].append(problem)
    for loaded in files:
        extra = found[loaded.path]
        ordered = sorted((*loaded.problems, *extra), key=lambda p: (p.line, p.column, p.code))
        yield replace(loaded, problems=tuple(ordered)) if extra else loaded


def _collisions(files: Sequence[Loaded]) -> Iterator[Problem]:
    """Names that two contracts give; an error between two of our own schema, else a warning at the older."""
    seen: dict[str, _Named] = {}
    for named in (*_ids(files), *_aliases(files)):
        first = seen.setdefault(named.name, named)
        if first.loaded is not named.loaded:
            at, other = (first, named) if first.legacy and not named.legacy else (named, first)
            line, column = other.loaded.place(*other.path)
            what = f"{at.what} `{at.name}` is also given at {other.loaded.path}:{line}:{column}"
            yield _problem(at.loaded, at.path, "duplicate-id", what, "rename one of them", warn=at.legacy)


def _ids(files: Sequence[Loaded]) -> Iterator[_Named]:
    for loaded, contract in _understood(files):
        yield _Named(contract.id, ("metadata", "id"), loaded, contract.legacy, "contract")
        for index, claim in enumerate(contract.claims):
            if not (contract.legacy and claim.id.startswith("TEST-")):
                path = ("falsification_tests", index, "id")
                yield _Named(claim.id, path, loaded, contract.legacy, "claim")


def _aliases(files: Sequence[Loaded]) -> Iterator[_Named]:
    for loaded, contract in _understood(files):
        for index, claim in enumerate(contract.claims):
            for place, alias in enumerate(claim.aliases):
                path = ("falsification_tests", index, "aliases", place)
                yield _Named(alias, path, loaded, contract.legacy, "alias")


def _dependencies(files: Sequence[Loaded]) -> Iterator[Problem]:
    """Dependencies that are not among the files, and contracts that depend on themselves."""
    names = {name: contract.id for loaded, contract in _understood(files) for name in (contract.id, loaded.path.stem)}
    graph = {
        contract.id: [names.get(_stem(d), "") for d in contract.metadata.depends_on]
        for _, contract in _understood(files)
    }
    entangled = leading_to_cycles(graph)
    for loaded, contract in _understood(files):
        for place, needed in enumerate(contract.metadata.depends_on):
            path = ("metadata", "depends_on", place)
            target = names.get(_stem(needed))
            if target is None:
                near = nearest(needed, names)
                hint = f"name its file too, or correct the entry{f'; `{near[0]}` is there' if near else ''}"
                what = f"`{needed}` is not among the files that were read"
                yield _problem(loaded, path, "unknown-dependency", what, hint, warn=True)
            elif (contract.id in entangled or target not in graph[contract.id]) and reaches(graph, target, contract.id):
                what = f"`{needed}` leads back to this contract"
                yield _problem(loaded, path, "circular", what, "remove one of the steps", warn=contract.legacy)


def _discharges(files: Sequence[Loaded]) -> Iterator[Problem]:
    """Claims that rest on claims which are not there, or on themselves."""
    contracts = [contract for _, contract in _understood(files)]
    resting = [
        (loaded, index, claim)
        for loaded, contract in _understood(files)
        for index, claim in enumerate(contract.claims)
        if claim.discharged_by
    ]
    graph: dict[str, list[str]] = {}
    for loaded, index, claim in resting:
        try:
            graph[claim.id] = [resolve(claim.discharged_by, contracts)[0].id]
        except UsageError as error:
            path = ("falsification_tests", index, "discharged_by")
            yield _problem(loaded, path, "unknown-claim", error.what, error.fix, warn=True)
    for loaded, index, claim in resting:
        if any(reaches(graph, target, claim.id) for target in graph.get(claim.id, ())):
            path = ("falsification_tests", index, "discharged_by")
            yield _problem(loaded, path, "circular", f"`{claim.id}` rests on itself", "name another claim")


def _bindings(files: Sequence[Loaded]) -> Iterator[Problem]:
    """Where binding registries and the contracts they name disagree; all of it is told at the registry."""
    equations = {loaded.path.name: tuple(contract.equations) for loaded, contract in _understood(files)}
    if not equations or not any(loaded.registry for loaded in files):
        return
    from pv.contract.legacy import against

    for loaded in files:
        for found in against(loaded.registry, equations) if loaded.registry else ():
            yield _problem(loaded, found.path, found.code, found.message, found.hint, warn=not found.error)


def _siblings(files: Sequence[Loaded]) -> Iterator[Problem]:
    """Constants and thresholds that a contract and one it depends on give different values."""
    if not any(loaded.constants for loaded in files):
        return
    from pv.contract.legacy import disagreements

    named = {name: loaded for loaded, contract in _understood(files) for name in (contract.id, loaded.path.stem)}
    for loaded, contract in _understood(files):
        for needed in contract.metadata.depends_on:
            other = named.get(_stem(needed))
            if other is None or other is loaded:
                continue
            for mine, theirs in islice(disagreements(loaded.constants, other.constants), _MAX_CONSTANTS):
                line, column = other.place(*theirs.path)
                there = f"{theirs.op} {theirs.value:g} at {other.path}:{line}:{column}"
                what = f"`{mine.name[:60]}` {mine.op} {mine.value:g} here, {there}"
                hint = "agree on one value, or give the two different names"
                yield _problem(loaded, mine.path, "constant-differs", what, hint, warn=True)


def _stem(name: str) -> str:
    return name.removesuffix(".yaml").removesuffix(".yml")


def _understood(files: Sequence[Loaded]) -> Iterator[tuple[Loaded, Contract]]:
    return ((loaded, loaded.contract) for loaded in files if loaded.contract is not None)


def _problem(
    loaded: Loaded, path: tuple[str | int, ...], code: str, what: str, hint: str, *, warn: bool = False
) -> Problem:
    line, column = loaded.place(*path)
    severity: Severity = "warning" if warn else "error"
    return Problem(
        code=code, severity=severity, path=str(loaded.path), line=line, column=column, message=what, hint=hint
    )


def resolve(reference: str, contracts: Iterable[Contract]) -> tuple[Claim, Contract]:
    """The one claim that a reference names, and its contract.

    Tried in order: exact id, alias, suffix of an id after a dash; `PART/REF` looks for REF only in contracts
    whose id contains PART, whatever its case.

    Raises:
        UsageError: No claim has that name, or several have; the candidates are listed.
    """
    part, slash, name = reference.strip().rpartition("/")
    among = [contract for contract in contracts if part.lower() in contract.id.lower()]
    for way in _WAYS:
        found = [pair for pair in _pairs(among) if name and way(pair[0], name)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(f"{contract.id}/{claim.id}" for claim, contract in found[:12])
            raise UsageError(reference, f"{len(found)} claims have that name", f"choose one of {listed}")
    where = f"no claim has that name in {len(among)} contracts"
    raise UsageError(reference or "claim", f"{where}{f' matching `{part}`' if slash else ''}", _candidates(name, among))


def _pairs(contracts: Iterable[Contract]) -> Iterator[_Found]:
    return ((claim, contract) for contract in contracts for claim in contract.claims)


def _candidates(name: str, contracts: Iterable[Contract]) -> str:
    known = {word: claim.id for claim, _ in _pairs(contracts) for word in (claim.id, *claim.aliases)}
    if near := nearest(name, known, count=5):
        return f"did you mean {', '.join(near)}?"
    return f"known: {', '.join(list(known)[:12])}" if known else "name files or folders that hold contracts"
