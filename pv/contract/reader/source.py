"""YAML text as JSON values, with the place of every value, and everything that is wrong with it.

The reader follows the core schema of YAML 1.2 as editors do: `1e-6` is a number, `no` is text, `017` is 17, a
date is text. Anchors, aliases and tags are refused, and size, depth and count of values are bounded, so that
no file can cost much time or memory.

Source: YAML 1.2.2, section 10.3.2 (tag resolution of the core schema).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import yaml

from pv.contract.problem import Path, Place, Problem, Severity
from pv.contract.reader.document import Document
from pv.contract.reader.scalar import Scalar, resolve_scalar

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 50
MAX_VALUES: Final = 100_000
MAX_PROBLEMS: Final = 100

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT_TAGS: Final = ("!", "tag:yaml.org,2002:str")


def read(raw: bytes, path: str) -> Document:
    """Parse bytes; never raises, whatever they hold.

    Args:
        raw: Content of the file; at most `MAX_BYTES` of it is accepted.
        path: Name of the file in problems.
    """
    builder = _Builder(path)
    whole = False
    try:
        builder.consume(_decoded(raw, builder))
        whole = True
    except _StopReadingError:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = "; ".join(filter(None, (error.context, error.problem)))
        builder.note("bad-yaml", _place(mark), f"not YAML: {what}", _yaml_hint(what))
    except yaml.YAMLError as error:
        builder.note("bad-yaml", (1, 1), f"not YAML: {str(error)[:200]}")
    return builder.document(whole=whole)


def _place(mark: yaml.Mark | None) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _yaml_hint(what: str) -> str:
    if "cannot start any token" in what:
        return "indent with spaces, never tabs; quote text that starts with a special sign"
    return "quote text that holds `: ` or ` #`" if "mapping values" in what else ""


class _StopReadingError(Exception):
    """The rest of the file is not worth reading; the problem is noted."""


def _decoded(raw: bytes, builder: "_Builder") -> str:
    if len(raw) > MAX_BYTES:
        builder.stop("file-too-large", (1, 1), f"more than {MAX_BYTES:,} bytes", "split the contract")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        what = f"byte 0x{raw[offset]:02x} is not UTF-8"
        before = raw[:offset].decode("utf-8-sig", errors="replace")
        builder.stop("not-utf-8", _end_of(before), what, "save the file as UTF-8")
    if bad := _UNPRINTABLE.search(text):
        what = f"control character U+{ord(bad.group()):04X}"
        builder.stop("bad-character", _end_of(text[: bad.start()]), what, "remove it, or write an escape in quotes")
    return text


def _end_of(text: str) -> Place:
    lines = re.split(r"\r\n|\r|\n", text)
    return len(lines), len(lines[-1]) + 1


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open."""

    container: Any
    path: Path | None
    """None below a duplicate key: the content is read for its faults and dropped."""

    seen: dict[str, Place]
    """Keys of an open mapping to their places."""

    key: str | None = None
    duplicate: bool = False

    @property
    def expects_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None


class _Builder:
    """Turns a stream of parser events into values; iterative, so that depth costs no stack."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._problems: list[Problem] = []
        self._values: dict[Path, Place] = {}
        self._keys: dict[Path, Place] = {}
        self._stack: list[_Frame] = []
        self._root: Any = None
        self._count = 0

    def document(self, *, whole: bool) -> Document:
        """What was read; the beginning of a file alone has no value."""
        return Document(
            path=self._path,
            data=self._root if whole else None,
            values=self._values,
            keys=self._keys,
            problems=tuple(self._problems),
        )

    def note(self, code: str, place: Place, message: str, hint: str = "", *, warn: bool = False) -> None:
        """Record a problem."""
        severity: Severity = "warning" if warn else "error"
        self._problems.append(
            Problem(
                code=code,
                severity=severity,
                path=self._path,
                line=place[0],
                column=place[1],
                message=message,
                hint=hint,
            )
        )

    def stop(self, code: str, place: Place, message: str, hint: str = "") -> NoReturn:
        """Record a problem that makes the rest unreadable."""
        self.note(code, place, message, hint)
        raise _StopReadingError

    def consume(self, text: str) -> None:
        """Read every event of the text."""
        documents = 0
        for event in _events(text):
            place = _place(event.start_mark)
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event, place)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event, place)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._stack.pop()
            elif isinstance(event, yaml.AliasEvent):
                self.note("alias", place, f"alias `*{event.anchor}` is refused", "write the value out")
                self._accept(None, place, is_key_text=f"*{event.anchor}")
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.stop("second-document", place, "a second document starts here", "one file, one contract")
            if len(self._problems) > MAX_PROBLEMS:
                self.stop("too-many-problems", place, f"more than {MAX_PROBLEMS} problems; the rest is not read")

    def _scalar(self, event: Any, place: Place) -> None:
        self._check_node(event, place, _TEXT_TAGS)
        in_key = bool(self._stack) and self._stack[-1].expects_key
        token = Scalar(event.value)
        if event.implicit[0] and event.tag is None and not in_key:
            token = resolve_scalar(event.value)
        if token.trouble:
            shown = event.value[:40]
            self.note(
                "number-out-of-range",
                place,
                f"`{shown}` {token.trouble}",
                "quote it if it is text",
                warn=True,
            )
        self._accept(token.value, place, is_key_text=event.value)

    def _open(self, event: Any, place: Place) -> None:
        self._check_node(event, place, ())
        if len(self._stack) >= MAX_DEPTH:
            self.stop("too-deep", place, f"nested deeper than {MAX_DEPTH} levels")
        container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._accept(container, place, is_key_text=None)
        self._stack.append(_Frame(container, path, {}))

    def _check_node(self, event: Any, place: Place, allowed: tuple[str, ...]) -> None:
        if event.anchor is not None:
            self.note(
                "anchor",
                place,
                f"anchor `&{event.anchor}` is refused",
                "write the value out where it is used",
            )
        if event.tag is not None and event.tag not in allowed:
            self.note("tag", place, f"tag `{event.tag[:60]}` is refused", "leave the tag out; it is never executed")
        self._count += 1
        if self._count > MAX_VALUES:
            self.stop("too-many-values", place, f"more than {MAX_VALUES:,} values", "split the contract")

    def _accept(self, value: Any, place: Place, *, is_key_text: str | None) -> Path | None:
        """Put a value where the open container expects one; the path it got, or None where it is dropped."""
        if not self._stack:
            self._root = value
            self._values[()] = place
            return ()
        frame = self._stack[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
            return self._record(frame.path, len(frame.container) - 1, place)
        if frame.key is None:
            self._start_key(frame, is_key_text, place)
            return None
        key, frame.key = frame.key, None
        if frame.duplicate:
            return None
        frame.container[key] = value
        return self._record(frame.path, key, place)

    def _start_key(self, frame: _Frame, text: str | None, place: Place) -> None:
        if text is None:
            self.stop("key-not-text", place, "a mapping or a list stands where a key is expected")
        frame.key = text
        frame.duplicate = text in frame.seen
        if frame.duplicate:
            line, column = frame.seen[text]
            first = f"first given at line {line}, column {column}"
            self.note("duplicate-key", place, f"key `{text[:60]}` is given twice ({first})", "keep one of them")
            return
        frame.seen[text] = place
        if frame.path is not None:
            self._keys[*frame.path, text] = place

    def _record(self, parent: Path | None, part: str | int, place: Place) -> Path | None:
        if parent is None:
            return None
        path = (*parent, part)
        self._values[path] = place
        return path


def _events(text: str) -> Iterator[Any]:
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    return events
