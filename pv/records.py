"""`dataclass` for frozen records, made in a third of the time: a short run of `pv` is mostly the making of classes.

The standard one compiles six functions a class; this one compiles `__init__` alone and shares the rest. Fields,
`replace`, `asdict`, comparison, hashing, `repr`, pickling and `FrozenInstanceError` are what they are there. What is
not frozen with slots, is ordered, or inherits from another record is left to the standard library.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

__all__ = ["dataclass"]

_Class = TypeVar("_Class", bound=type)

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, *, kw_only=False, **options):
        """The class as a dataclass, whatever the options; quickly where it is frozen and has slots."""
        if cls is None:
            return lambda made: dataclass(made, kw_only=kw_only, **options)
        if options != {"frozen": True, "slots": True} or cls.__bases__ != (object,):
            return dataclasses.dataclass(cls, kw_only=kw_only, **options)
        return _record(cls, kw_only=kw_only)


def _record(cls: _Class, *, kw_only: bool) -> _Class:
    made: Any = dataclasses.dataclass(cls, init=False, repr=False, eq=False, slots=True, kw_only=kw_only)
    fields = dataclasses.fields(made)
    made.__init__ = _init(fields, kw_only=kw_only)
    made.__dataclass_params__.frozen = made.__dataclass_params__.eq = True
    for function in (*_values(tuple(field.name for field in fields)), _refuse_set, _refuse_delete):
        if function.__name__ not in cls.__dict__:
            setattr(made, function.__name__, function)
    whole: _Class = made
    return whole


def _init(fields: tuple[dataclasses.Field[Any], ...], *, kw_only: bool) -> Callable[..., None]:
    """The only function that is compiled for each class."""
    names: dict[str, Any] = {"_put": object.__setattr__, "_absent": dataclasses.MISSING}
    parameters, body = ["self", *["*"] * (kw_only and bool(fields))], []
    for field in fields:
        name = field.name
        value, default = name, ""
        if field.default_factory is not dataclasses.MISSING:
            names[f"_new_{name}"], default = field.default_factory, "=_absent"
            value = f"_new_{name}() if {name} is _absent else {name}"
        elif field.default is not dataclasses.MISSING:
            names[f"_default_{name}"], default = field.default, f"=_default_{name}"
        parameters.append(name + default)
        body.append(f"_put(self, {name!r}, {value})")
    exec(f"def __init__({', '.join(parameters)}):\n {'; '.join(body) or 'pass'}", names)  # noqa: S102  as dataclasses do
    init: Callable[..., None] = names["__init__"]
    init.__annotations__ = {field.name: field.type for field in fields} | {"return": None}
    return init


def _values(names: tuple[str, ...]) -> tuple[Callable[..., Any], ...]:
    """What compares, hashes, shows and packs an object by the values of its fields."""
    values: Callable[[Any], tuple[Any, ...]]
    if len(names) > 1:
        values = attrgetter(*names)
    else:

        def values(record: Any) -> tuple[Any, ...]:
            return tuple(getattr(record, name) for name in names)

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(values(self))

    def __repr__(self: Any) -> str:  # noqa: N807
        said = ", ".join(f"{name}={value!r}" for name, value in zip(names, values(self), strict=True))
        return f"{self.__class__.__qualname__}({said})"

    def __getstate__(self: Any) -> list[Any]:  # noqa: N807
        return list(values(self))

    def __setstate__(self: Any, state: list[Any]) -> None:  # noqa: N807
        for name, value in zip(names, state, strict=False):
            _put(self, name, value)

    return __eq__, __hash__, __repr__, __getstate__, __setstate__


_put = object.__setattr__


def _refuse_set(_self: Any, name: str, _value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(_self: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


_refuse_set.__name__, _refuse_delete.__name__ = "__setattr__", "__delattr__"
