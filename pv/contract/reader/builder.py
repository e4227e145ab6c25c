"""A stream of parser events as JSON values: places, anchors, keys that are given twice; bounded in depth and count."""

from collections import Counter
from typing import Any, Final, NoReturn

import yaml

from pv.contract.problem import Path, Place, Problem, Severity
from pv.contract.reader.anchors import Anchored, Written
from pv.contract.reader.document import Document, Repeat
from pv.contract.reader.frame import Frame
from pv.contract.reader.places import Mark, Places, place_of
from pv.contract.reader.scalar import SPECIAL, resolve_scalar

MAX_DEPTH: Final = 50
MAX_VALUES: Final = 100_000
MAX_PROBLEMS: Final = 100
_MAX_ALIKE: Final = 20
"""Most anchors, aliases, tags and odd numbers that are told each; they may be many in a file of the older tool."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REFUSED: Final = frozenset({"alias", "anchor", "tag", "number-out-of-range", "duplicate-key", "key-not-text"})
_TEXT_TAGS: Final = ("!", "tag:yaml.org,2002:str")
_NULL_TAG: Final = "tag:yaml.org,2002:null"
_BASED: Final = ("0b", "0o", "0x")


class StopReadingError(Exception):
    """The rest of the file is not worth reading; the problem is noted."""


class Builder:
    """Turns a stream of parser events into values; iterative, so that depth costs no stack."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._problems: list[Problem] = []
        self._values = Places()
        self._keys = Places()
        self._stack: list[Frame] = []
        self._root: Any = None
        self._count = 0
        self._documents = 0
        self._written = Written()
        self._repeats: list[Repeat] = []
        self._unread: list[tuple[Path, Problem]] = []
        self._marked = False
        self._told: Counter[str] = Counter()

    def document(self, *, whole: bool) -> Document:
        """What was read; the beginning of a file alone has no value."""
        return Document(
            path=self._path,
            data=self._root if whole else None,
            values=self._values,
            keys=self._keys,
            plain=self._written.plain,
            tags=self._written.tags,
            repeats=tuple(self._repeats),
            unread=tuple(self._unread),
            marked=self._marked,
            problems=tuple(self._problems),
        )

    def mark(self) -> None:
        """Remember that the file starts with a byte order mark."""
        self._marked = True

    def note(
        self,
        code: str,
        place: Place,
        message: str,
        hint: str = "",
        *,
        warn: bool = False,
        skipped: Path | None = None,
    ) -> None:
        """Record a problem; who skips the part at the path `skipped` does not have it."""
        severity: Severity = "warning" if warn else "error"
        line, column = place
        found = Problem(
            code=code, severity=severity, path=self._path, line=line, column=column, message=message, hint=hint
        )
        if skipped is not None:
            self._unread.append((skipped, found))
        self._told[code] += 1
        if code in _REFUSED and self._told[code] > _MAX_ALIKE:
            return
        self._problems.append(found)
        if len(self._problems) == MAX_PROBLEMS + 1:
            self.stop("too-many-problems", place, f"more than {MAX_PROBLEMS} problems; the rest is not read")

    def stop(self, code: str, place: Place, message: str, hint: str = "") -> NoReturn:
        """Record a problem that makes the rest unreadable."""
        self.note(code, place, message, hint)
        raise StopReadingError

    def consume(self, text: str) -> None:
        """Read every event of the text."""
        loader = _LOADER(text)
        try:
            following, stack, scalar = loader.get_event, self._stack, yaml.ScalarEvent
            kind: Any = None
            while kind is not yaml.StreamEndEvent:
                event = following()
                kind = type(event)
                if kind is scalar and stack and event.tag is None and event.anchor is None:
                    self._bare(event, stack[-1])
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._close(stack.pop())
                else:
                    self._other(kind, event)
        finally:
            loader.dispose()

    def _bare(self, event: Any, frame: Frame) -> None:
        """A scalar without anchor and tag inside a mapping or sequence: most events of most files."""
        value, mark, key = event.value, event.start_mark, frame.key
        self._count += 1
        if self._count > MAX_VALUES:
            self._grow(0, mark)
        if key is None and not frame.is_list and not frame.dropped:
            self._start_key(frame, value, mark)
        elif value[:1] in SPECIAL and event.implicit[0]:
            self._resolved(value, mark)
        elif frame.dropped or frame.again:
            self._accept(value, mark, value)
        elif key is None:
            frame.values[len(frame.container)] = mark
            frame.container.append(value)
        else:
            frame.values[key] = mark
            frame.container[key] = value
            frame.key = None

    def _other(self, kind: Any, event: Any) -> None:
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, is_list=kind is yaml.SequenceStartEvent)
        elif kind is yaml.AliasEvent:
            self._alias(str(event.anchor), event.start_mark)
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                place = place_of(event.start_mark)
                self.stop("second-document", place, "a second document starts here", "one file, one contract")

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        self._check_node(event, _TEXT_TAGS)
        self._grow(1, mark)
        in_key = self._expects_key()
        value: Any = event.value
        if event.implicit[0] and event.tag is None and not in_key:
            value, path = self._resolved(event.value, mark)
        else:
            plain = not event.style and event.tag is not None
            if plain and event.tag == _NULL_TAG and event.value and resolve_scalar(event.value).value is None:
                value = None
            path = self._accept(value, mark, event.value)
            if path is not None and event.tag is not None:
                self._written.tags[path] = event.tag
                if plain:
                    self._written.plain[path] = event.value
        if event.anchor is not None:
            self._written.anchors[event.anchor] = Anchored(value, 1, path, event.value)

    def _resolved(self, text: str, mark: Mark) -> tuple[Any, Path | None]:
        """Put what a plain scalar stands for, and remember how it was written where it is no text."""
        token = resolve_scalar(text)
        if token.trouble:
            what = f"`{text[:40]}` {token.trouble}"
            self.note("number-out-of-range", place_of(mark), what, "quote it if it is text", warn=True)
        path = self._accept(token.value, mark, text)
        if path is not None and (token.trouble or type(token.value) is not str or text.lstrip("+-")[:2] in _BASED):
            self._written.plain[path] = text
        return token.value, path

    def _alias(self, anchor: str, mark: Mark) -> None:
        """Put the value that an alias stands for; all of it counts again, so that no bomb goes off later."""
        named = self._written.anchors.get(anchor)
        if named is None or not named.whole:
            said = "stands inside of what it names" if named else "names no anchor before it"
            path = self._accept(None, mark, f"*{anchor}")
            skipped = path if named else None
            self.note("unknown-anchor", place_of(mark), f"alias `*{anchor[:60]}` {said}", skipped=skipped)
            return
        self.note("alias", place_of(mark), f"alias `*{anchor[:60]}` is refused", "write the value out")
        self._grow(named.size, mark)
        if named.text is None and self._expects_key():
            self._odd_key(mark)
            self._stack[-1].dropped = True
            return
        path = self._accept(named.value, mark, named.text)
        if path is not None and named.path is not None:
            self._written.copy(named.value, named.path, path)

    def _expects_key(self) -> bool:
        if not self._stack:
            return False
        frame = self._stack[-1]
        return frame.key is None and not frame.is_list and not frame.dropped

    def _odd_key(self, mark: Mark) -> None:
        path = self._stack[-1].path
        what = "a mapping or a list stands where a key is expected"
        self.note("key-not-text", place_of(mark), what, "quote the key, or the text that holds a brace", skipped=path)

    def _grow(self, size: int, mark: Mark) -> None:
        self._count += size
        if self._count > MAX_VALUES:
            self.stop("too-many-values", place_of(mark), f"more than {MAX_VALUES:,} values", "split the contract")

    def _open(self, event: Any, *, is_list: bool) -> None:
        mark = event.start_mark
        if event.anchor is not None or event.tag is not None:
            self._check_node(event, ())
        self._grow(1, mark)
        if len(self._stack) >= MAX_DEPTH:
            self.stop("too-deep", place_of(mark), f"nested deeper than {MAX_DEPTH} levels")
        container: Any = [] if is_list else {}
        is_key = self._expects_key()
        if is_key:
            self._odd_key(mark)
        path = None if is_key else self._accept(container, mark, None)
        if path is not None and event.tag is not None:
            self._written.tags[path] = event.tag
        if event.anchor is not None:
            self._written.anchors[event.anchor] = Anchored(container, 1, path, whole=False)
        keys, values = ({}, {}) if path is None else (self._keys.inside(path), self._values.inside(path))
        self._stack.append(Frame(container, is_list, path, keys, values, event.anchor, self._count, is_key))

    def _close(self, frame: Frame) -> None:
        if frame.anchor is not None:
            self._written.close(frame.anchor, frame.container, self._count - frame.before + 1)
        if frame.is_key:
            self._stack[-1].dropped = True

    def _check_node(self, event: Any, allowed: tuple[str, ...]) -> None:
        if event.anchor is not None:
            what = f"anchor `&{event.anchor[:60]}` is refused"
            self.note("anchor", place_of(event.start_mark), what, "write the value out where it is used")
        if event.tag is not None and event.tag not in allowed:
            what = f"tag `{event.tag[:60]}` is refused"
            self.note("tag", place_of(event.start_mark), what, "leave the tag out; it is never executed")

    def _accept(self, value: Any, mark: Mark, text: str | None) -> Path | None:
        """Put a value, or its text as a key, where the open container expects it; the path it got, or None."""
        if not self._stack:
            self._root = value
            self._values.put((), place_of(mark))
            return ()
        frame = self._stack[-1]
        part: str | int
        if frame.dropped:
            frame.dropped = False
            return None
        if frame.is_list:
            part = len(frame.container)
            frame.container.append(value)
        elif frame.key is None:
            self._start_key(frame, text or "", mark)
            return None
        else:
            part, frame.key = frame.key, None
            if frame.again:
                return self._repeated(frame, part, value, place_of(mark))
            frame.container[part] = value
        frame.values[part] = mark
        return None if frame.path is None else (*frame.path, part)

    def _repeated(self, frame: Frame, key: str, value: Any, place: Place) -> Path | None:
        """Keep what a key was given again aside, at a path of its own."""
        path = None if frame.path is None else (*frame.path, key, -1 - len(self._repeats))
        at, first = place_of(frame.again), place_of(frame.keys[key])
        frame.again = None
        self._repeats.append(Repeat(parent=frame.path, key=key, place=at, first=first, value=value, path=path))
        if path is not None:
            self._keys.put(path, at)
            self._values.put(path, place)
        return path

    def _start_key(self, frame: Frame, text: str, mark: Mark) -> None:
        frame.key = text
        if text not in frame.keys:
            frame.keys[text] = mark
            return
        frame.again = mark
        line, column = place_of(frame.keys[text])
        what = f"key `{text[:60]}` is given twice (first given at line {line}, column {column})"
        self.note("duplicate-key", place_of(mark), what, "keep one of them")
