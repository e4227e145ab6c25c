"""A parsed file as a frozen model, or every way it departs from that model, told in the words of the file."""

from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pv.contract import problem
from pv.contract.problem import Problem, described, did_you_mean, dotted
from pv.contract.reader import MAX_PROBLEMS, Document

_WANTED_AT: Final[Mapping[str | int, str]] = MappingProxyType(
    {"bound": "a number or an expression", "program": "the name of a module", "version": "a quoted semantic version"}
)
_WANTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "string_type": "text",
        "string_too_short": "text that is not empty",
        "float_type": "a number",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "bool_type": "true or false",
        "tuple_type": "a list",
        "dict_type": "a mapping",
        "model_type": "a mapping",
    }
)

_Model = TypeVar("_Model", bound=BaseModel)


def fitted(document: Document, content: bytes, model: type[_Model]) -> tuple[_Model | None, list[Problem]]:
    """Return what a file describes, and every way it departs from the schema.

    Args:
        document: The parsed file.
        content: Its canonical JSON.
        model: What it should be.
    """
    try:
        return model.model_validate_json(content), []
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=True)
        details = islice((one for one in told if not _follows(document, one)), MAX_PROBLEMS)
        return None, [_departure(document, detail, model) for detail in details]


def _follows(document: Document, detail: ErrorDetails) -> bool:
    """Whether a list is called too short only because an entry of it departs from its own model."""
    at = _existing(document, detail["loc"])
    found = _value(document.data, at) if detail["type"] == "too_short" else None
    return isinstance(found, list) and len(found) >= detail.get("ctx", {}).get("min_length", 1)


def _departure(document: Document, detail: ErrorDetails, model: type[BaseModel]) -> Problem:
    at = _existing(document, detail["loc"])
    match detail["type"]:
        case "missing":
            name = str(detail["loc"][-1])
            return document.problem("missing-key", at, f"{dotted(at)} lacks `{name}`", f"add `{name}`", key=True)
        case "extra_forbidden":
            key = str(at[-1])
            what = f"key `{key[:60]}` is unknown in {dotted(at[:-1])}"
            return document.problem("unknown-key", at, what, did_you_mean(key, _fields(model, at[:-1])), key=True)
        case _:
            return _bad_value(document, at, detail)


def _bad_value(document: Document, at: problem.Path, detail: ErrorDetails) -> Problem:
    value = _value(document.data, at)
    wanted = _wanted(at, detail)
    what = f"{dotted(at)} must be {wanted}, not {described(value)}"
    if at[-1:] == ("version",):
        return document.problem("bad-version", at, what, _version_hint(value))
    if len(at) == 1 and _options(detail) == ["1"]:
        return document.problem("bad-value", at, what, f'write `{at[0]}: "1"`, in quotes')
    hint = ""
    if isinstance(value, str) and detail["type"] == "literal_error":
        hint = did_you_mean(value, _options(detail))
    elif detail["type"] == "string_type" and isinstance(value, int | float):
        hint = "put it in quotes"
    return document.problem("bad-value", at, what, hint)


def _wanted(at: problem.Path, detail: ErrorDetails) -> str:
    if at and at[-1] in _WANTED_AT:
        return _WANTED_AT[at[-1]]
    match detail["type"]:
        case "literal_error":
            options = _options(detail)
            return f"one of {', '.join(options) if len(options) < 12 else f'{len(options)} known words'}"
        case "string_pattern_mismatch":
            return "letters, digits, `.`, `_` and `-`"
        case "too_short":
            return "given with at least one entry"
        case kind:
            said = detail["msg"].removeprefix("Input should be ").removesuffix(", not an empty string")
            return _WANTED.get(kind, said[:120])


def _options(detail: ErrorDetails) -> list[str]:
    """The values that a literal field takes."""
    said = str(detail.get("ctx", {}).get("expected", ""))
    return [option.strip("' ") for option in said.replace(" or ", ", ").split(",")]


def _version_hint(value: Any) -> str:
    if isinstance(value, int | float):
        return f'put it in quotes, as in "{value}.0": without them YAML reads a number, and 1.10 becomes 1.1'
    return 'write three numbers in quotes, e.g. "1.0.0"'


def _existing(document: Document, loc: tuple[int | str, ...]) -> problem.Path:
    """The part of a model's location that stands in the file; the rest is no key of it."""
    end = next(end for end in range(len(loc), -1, -1) if loc[:end] in document.values or end == 0)
    return loc[:end]


def _value(data: Any, at: problem.Path) -> Any:
    for part in at:
        data = data[part]
    return data


def _fields(model: type[BaseModel], at: problem.Path) -> Iterator[str]:
    """The keys that are known in the part at a path."""
    part = _part(model, at)
    yield from part.model_fields if part else ()


def _part(kind: Any, at: problem.Path) -> type[BaseModel] | None:
    """The model of the part at a path, from the type of the whole; None where it is none."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if not at:
            return kind
        field = kind.model_fields.get(str(at[0]))
        return _part(field.annotation, at[1:]) if field else None
    inside = at[1:] if get_origin(kind) in {dict, tuple} else at
    return next((found for one in get_args(kind) if (found := _part(one, inside))), None)
