"""The registry that binds equations to functions: a kind of file of its own, and no contract."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pv.contract.legacy.shape import departures
from pv.contract.legacy.source import Source
from pv.contract.legacy.tables import REGISTRY
from pv.contract.problem import Path, Problem, nearest
from pv.records import dataclass

_MESSAGE: Final = "this is a binding registry, not a contract: it has no metadata, and nothing in it can be judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One equation of a contract, and the function that is said to implement it."""

    contract: str
    """Name of the contract's file."""

    equation: str
    status: str
    """`implemented`, `partial` or `not_implemented`, as somebody typed it."""

    function: str = ""
    path: Path = ()
    """Where the entry stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """A binding registry."""

    target: str
    """The crate or package that the functions belong to."""

    bindings: tuple[Binding, ...]


def is_registry(data: Mapping[str, Any]) -> bool:
    """Whether a file is a binding registry and no contract."""
    return "metadata" not in data and "bindings" in data and bool({"target_crate", "version"} & set(data))


def read_registry(source: Source) -> tuple[Registry, Iterator[Problem]]:
    """The registry, and everything wrong with it; first of all that it is no contract."""
    bindings = tuple(
        Binding(
            contract=source.text(row, "contract"),
            equation=source.text(row, "equation"),
            status=source.text(row, "status"),
            function=source.text(row, "function"),
            path=row[0],
        )
        for row in source.rows("bindings")
    )
    registry = Registry(target=source.text(((), source.data), "target_crate"), bindings=bindings)
    return registry, _problems(source, registry)


def _problems(source: Source, registry: Registry) -> Iterator[Problem]:
    hint = "name contracts, not their bindings; together with contracts in one folder it is checked against them"
    yield source.error("binding-registry", (), _MESSAGE, hint)
    yield from departures(source.document, REGISTRY)
    seen: dict[tuple[str, str], Binding] = {}
    for binding in registry.bindings:
        first = seen.setdefault((binding.contract, binding.equation), binding)
        if first is not binding:
            line, _ = source.document.place(first.path)
            what = f"{binding.contract[:80]}: `{binding.equation[:80]}` is bound twice, first at line {line}"
            yield source.warning("duplicate-binding", binding.path, f"{what}; the older tool takes the first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A problem between a registry and a contract, at a place in the registry."""

    code: str
    error: bool
    path: Path
    message: str
    hint: str = ""


def against(registry: Registry, contracts: Mapping[str, Sequence[str]]) -> Iterator[Found]:
    """Where a registry and the contracts it names disagree: BIND-001 to BIND-003, and names that lead nowhere.

    Args:
        registry: The registry.
        contracts: Name of a contract's file to the names of its equations.
    """
    bound: dict[str, dict[str, Binding]] = {}
    for binding in registry.bindings:
        bound.setdefault(binding.contract, {}).setdefault(binding.equation, binding)
    absent = {name: next(iter(equations.values())) for name, equations in bound.items() if name not in contracts}
    if absent:
        yield _absent(absent, contracts, len(bound))
    for name, equations in bound.items():
        for equation in contracts.get(name, ()):
            if equation not in equations:
                what = f"equation `{equation[:80]}` of {name[:80]} has no binding"
                yield Found(code="BIND-001", error=True, path=("bindings",), message=what, hint="add an entry for it")
        for binding in equations.values() if name in contracts else ():
            yield from _bound(binding, contracts[name])


def _absent(absent: Mapping[str, Binding], contracts: Mapping[str, Sequence[str]], of: int) -> Found:
    name, first = next(iter(absent.items()))
    near = nearest(name, contracts)
    hint = f"did you mean `{near[0]}`?" if near and len(absent) == 1 else "name their files too, or correct the entries"
    named = ", ".join(f"`{one[:60]}`" for one in list(absent)[:3]) + (", …" if len(absent) > 3 else "")
    what = f"{len(absent)} of {of} contracts are not among the files that were read: {named}"
    return Found(code="unknown-contract", error=False, path=(*first.path, "contract"), message=what, hint=hint)


def _bound(binding: Binding, equations: Sequence[str]) -> Iterator[Found]:
    what = f"`{binding.equation[:80]}` of {binding.contract[:80]}"
    if binding.equation not in equations:
        near = nearest(binding.equation, equations)
        hint = f"did you mean `{near[0]}`?" if near else ""
        path = (*binding.path, "equation")
        yield Found(code="unknown-equation", error=False, path=path, message=f"{what} does not exist", hint=hint)
    elif binding.status == "partial":
        path = (*binding.path, "status")
        yield Found(code="BIND-002", error=False, path=path, message=f"{what} is implemented in part only")
    elif binding.status == "not_implemented":
        path = (*binding.path, "status")
        yield Found(code="BIND-003", error=False, path=path, message=f"{what} is not implemented")
