"""What a deserializer of the older tool accepts: shapes of values, and where a value departs from its shape.

The rules are those of serde_yaml 0.9 for derived structures: any scalar is a text, whatever it looks like; a
missing or empty value is an empty list or mapping, but `~` is neither; a number stands without quotes; a field
of a structure given twice is refused, a key of a table given twice replaces the first; a tag of the file's own is
the name of a word; and whatever no field is for is not looked at.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from pv.contract.problem import Path, Place, Problem, described, dotted, nearest
from pv.contract.reader import Document, Repeat

Kind = Literal["any", "text", "number", "count", "integer", "flag", "word", "part", "list", "table"]

_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)
_COUNT: Final = re.compile(r"\+?(?:0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|0|[1-9][0-9]*)")
_INTEGER: Final = re.compile(r"[+-]?(?:0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|0|[1-9][0-9]*)")
_FLAG: Final = re.compile(r"true|True|TRUE|false|False|FALSE")
_SCALARS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "number": (_NUMBER, "a number without quotes"),
    "count": (_COUNT, "a whole number, not negative, without quotes"),
    "integer": (_INTEGER, "a whole number without quotes"),
    "flag": (_FLAG, "true or false"),
}
_LARGEST: Final[Mapping[str, int]] = {"count": 2**32 - 1, "integer": 2**63 - 1}
_NULL_TAG: Final = "tag:yaml.org,2002:null"
_NOTHING: Final = ("~", "null", "Null", "NULL")
_MAX_UNKNOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands at a place."""

    kind: Kind
    required: bool = False
    optional: bool = False
    """Whether `~` and an empty value stand for nothing; else only a missing key does."""

    of: "Shape | None" = None
    """Shape of the entries of a list or table."""

    words: frozenset[str] = frozenset()
    """Of a word, the ones that are known; none where any will do."""

    fields: Mapping[str, "Shape"] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    """Other names of fields, to the field."""

    known: frozenset[str] = frozenset()
    """Keys that the deserializer drops and that are in use all the same."""


class Departure(NamedTuple):
    """One way in which a file is not what a deserializer accepts."""

    path: Path
    code: str
    message: str
    hint: str = ""
    at_key: bool = False
    said: str = ""
    """A word that is not known there; the nearest of `among` becomes the hint."""

    among: frozenset[str] = frozenset()


def departures(document: Document, shape: Shape) -> Iterator[Problem]:
    """Everything that the deserializer refuses, as errors, and what it drops without a word, as warnings.

    At most 100 unknown keys are told; what is refused is told whole.
    """
    unknown = 0
    for found in _check(document, shape, document.data, ()):
        unknown += found.code == "unknown-key"
        if found.code != "unknown-key" or unknown <= _MAX_UNKNOWN:
            line, column = document.key_place(found.path) if found.at_key else document.place(found.path)
            yield _told(document, (line, column), found)
    for path, tag in document.tags.items():
        if tag == _NULL_TAG and document.plain.get(path, "~") not in _NOTHING and _is_optional(shape, path):
            yield document.problem("bad-value", path, f"{dotted(path)} is tagged as nothing and says something")
    for repeat in document.repeats:
        yield from _repeated(document, shape, repeat)
    for path, problem in document.unread:
        reader = _shape_at(shape, path)
        yield problem if reader is not None and reader.kind != "any" else problem._replace(severity="warning")


def _is_optional(root: Shape, path: Path) -> bool:
    shape = _shape_at(root, path)
    return shape is not None and shape.optional


def _told(document: Document, place: Place, found: Departure) -> Problem:
    near = nearest(found.said, found.among) if found.said else ()
    return _problem(document, place, found.code, found.message, f"did you mean `{near[0]}`?" if near else found.hint)


def _repeated(document: Document, root: Shape, repeat: Repeat) -> Iterator[Problem]:
    shape = None if repeat.parent is None else _shape_at(root, repeat.parent)
    name = _shown(repeat.key)
    refused = shape is not None and shape.kind == "part" and repeat.key in {*shape.fields, *shape.spellings}
    effect = "the older tool refuses the file" if refused else "the older tool takes the last one, without a word"
    what = f"key `{name}` is given twice, first at line {repeat.first[0]}, column {repeat.first[1]}; {effect}"
    told = _problem(document, repeat.place, "duplicate-key", what, "keep one of them")
    yield told if refused else told._replace(severity="warning")
    if shape is not None and shape.kind == "table" and shape.of is not None and repeat.path is not None:
        for found in _check(document, shape.of, repeat.value, repeat.path):
            yield _told(document, document.place(found.path), found)


def _problem(document: Document, place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(
        code=code,
        severity="warning" if code == "unknown-key" else "error",
        path=document.path,
        line=place[0],
        column=place[1],
        message=message,
        hint=hint,
    )


def _shape_at(shape: Shape | None, path: Path) -> Shape | None:
    for part in path:
        if shape is None:
            return None
        if isinstance(part, int) and part < 0:
            continue
        named = shape.spellings.get(str(part), str(part))
        shape = shape.fields.get(named) if shape.kind == "part" else shape.of
    return shape


def _check(document: Document, shape: Shape, value: Any, path: Path) -> Iterator[Departure]:
    """Departures of a value; texts, the common case, cost one comparison."""
    kind = shape.kind
    if kind == "any" or (value is None and shape.optional):
        return
    if kind == "text":
        if type(value) in (dict, list):
            yield _wrong(path, "text", value)
    elif kind == "part":
        yield from _check_part(document, shape, value, path)
    elif kind in ("list", "table"):
        yield from _check_many(document, shape, value, path)
    else:
        yield from _check_scalar(document, shape, value, path)


def _check_scalar(document: Document, shape: Shape, value: Any, path: Path) -> Iterator[Departure]:
    if shape.kind == "word":
        yield from _check_word(document, shape, value, path)
        return
    pattern, wanted = _SCALARS[shape.kind]
    said = document.plain.get(path, "")
    if not pattern.fullmatch(said) or _too_large(shape.kind, said):
        yield _wrong(path, wanted, value)


def _check_word(document: Document, shape: Shape, value: Any, path: Path) -> Iterator[Departure]:
    """A word stands as text, or as a tag of the file's own with nothing behind it."""
    tag = document.tags.get(path, "")
    if tag.startswith("!") and (type(value) in (dict, list) or document.plain.get(path) not in ("", *_NOTHING)):
        what = f"{dotted(path)} has the tag `{_shown(tag)}`, which is the word there, and something behind it"
        yield Departure(path, "bad-value", what, "leave the tag out")
    elif type(value) in (dict, list):
        yield _wrong(path, "a word", value)
    elif shape.words and (said := _word(tag) or document.text(path, value)) not in shape.words:
        what = f"{dotted(path)} `{_shown(said)}` is none of the {len(shape.words)} words that are known there"
        hint = f"known: {', '.join(sorted(shape.words))}"
        yield Departure(path, "unknown-value", what, hint, said=said, among=shape.words)


def _word(tag: str) -> str:
    return (tag[1:] or tag) if tag.startswith("!") else ""


def _too_large(kind: Kind, said: str) -> bool:
    if kind == "number":
        return "." + said.lstrip("+-.").lower() not in (".inf", ".nan") and not math.isfinite(float(said))
    if kind not in _LARGEST:
        return False
    return len(said) > 60 or abs(int(said, 10 if said.lstrip("+-").isdigit() else 0)) > _LARGEST[kind]


def _check_many(document: Document, shape: Shape, value: Any, path: Path) -> Iterator[Departure]:
    if document.blank(path, value):
        return
    inner = shape.of
    if type(value) is not (list if shape.kind == "list" else dict) or inner is None:
        yield _wrong(path, "a list" if shape.kind == "list" else "a mapping", value)
        return
    entries: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
    for place, entry in entries:
        if inner.kind != "text" or type(entry) in (dict, list):
            yield from _check(document, inner, entry, (*path, place))


def _check_part(document: Document, shape: Shape, value: Any, path: Path) -> Iterator[Departure]:
    if document.blank(path, value):
        value = {}
    if type(value) is not dict:
        yield _wrong(path, "a mapping", value)
        return
    fields = shape.fields
    given: dict[str, str] = {}
    among: frozenset[str] = frozenset()
    for key, entry in value.items():
        name = shape.spellings.get(key, key)
        inner = fields.get(name)
        if inner is None:
            if key not in shape.known:
                among = among or frozenset({*fields, *shape.spellings, *shape.known})
                what = f"key `{_shown(key)}` is unknown in {dotted(path)}: nothing reads it"
                yield Departure((*path, key), "unknown-key", what, at_key=True, said=key, among=among)
            continue
        if name in given:
            what = f"`{key}` and `{given[name]}` are the same field; the tool refuses the file"
            yield Departure((*path, key), "duplicate-key", what, "keep one of them", at_key=True)
        given[name] = key
        if inner.kind != "text" or type(entry) in (dict, list):
            yield from _check(document, inner, entry, (*path, key))
    for name, inner in fields.items():
        if inner.required and name not in given:
            said = value.get("id")
            who = f"{_shown(said)} ({dotted(path)})" if isinstance(said, str) and said else dotted(path)
            yield Departure(
                path, "missing-key", f"{who} lacks `{name}`, without which the file is rejected", f"add `{name}`"
            )


def _wrong(path: Path, wanted: str, value: Any) -> Departure:
    return Departure(path, "bad-value", f"{dotted(path)} must be {wanted}, not {described(value)}")


def _shown(text: str) -> str:
    return text[:60]
