"""What a source file means to Python, in one digest.

The digest is over the syntax tree without comments, docstrings, other bare strings, positions and
formatting, so that an edit which cannot change behaviour keeps it and any other changes it. It is our own
walk: `ast.dump` differs between versions of Python. Fields that are empty count as absent, since newer
versions add fields that old code leaves empty; neighbouring text in f-strings is joined, since versions
split it differently.
"""

import ast
import hashlib
import warnings
from functools import cache
from typing import Any, cast

from pv.errors import BindingError
from pv.records import dataclass

_SKIPPED = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import statement, as written."""

    level: int
    """Leading dots; 0 for an absolute import."""

    module: str
    """Name after the dots; empty in `from . import x`."""

    names: tuple[str, ...]
    """Imported names, for `from … import`; empty for a plain import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the engine needs to know of a source file."""

    digest: str
    """SHA-256 over the syntax, hex."""

    imports: tuple[Import, ...]
    """Every import in it, at any depth, in reading order, each once."""


def analyse(data: bytes, name: str) -> Source:
    """Return digest and imports of a source file.

    Args:
        data: The file's bytes.
        name: Stands for it in errors.

    Raises:
        BindingError: It is not Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BindingError(name, f"not Python: {error}", "mend the file, or remove it from the package") from error
    walk = _Walk()
    try:
        walk.node(tree)
    except RecursionError as error:
        raise BindingError(name, "an expression is nested too deep", "split it") from error
    text = "".join(walk.spelled)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Source(digest=digest, imports=tuple(walk.imports))


class _Walk:
    """Spells a tree as nested `(Kind field=value …)`; text carries its length, so no two trees read alike."""

    def __init__(self) -> None:
        self.spelled: list[str] = []
        self.imports: dict[Import, None] = {}

    def node(self, node: ast.AST) -> None:
        kind = type(node)
        put = self.spelled.append
        if kind is ast.Constant:
            put(_constant(cast("ast.Constant", node).value))
            return
        if kind in _NOTED:
            self._note_import(node)
        put("(" + kind.__name__)
        if kind is ast.JoinedStr:
            self._pieces(cast("ast.JoinedStr", node).values)
        else:
            self._fields(node, kind)
        put(")")

    def _fields(self, node: ast.AST, kind: type[ast.AST]) -> None:
        put = self.spelled.append
        for name in _fields_of(kind):  # type: ignore[arg-type]
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                if type(value) is ast.JoinedStr and name == "format_spec" and not _text_of(value.values):
                    continue
                put(name)
                self.node(value)
            elif isinstance(value, list):
                self._list(name, value)
            elif value is not None:
                put(f"{name}={value} ")

    def _list(self, name: str, values: list[Any]) -> None:
        kept = [value for value in values if not _does_nothing(value)]
        if not kept:
            return
        put = self.spelled.append
        put(name + "[")
        for value in kept:
            if isinstance(value, ast.AST):
                self.node(value)
            else:
                put(f"{value},")
        put("]")

    def _pieces(self, values: list[ast.expr]) -> None:
        """Spell the parts of an f-string, neighbouring text joined and empty text left out."""
        text = ""
        for value in values:
            if isinstance(value, ast.Constant):
                text += str(value.value)
                continue
            if text:
                self.spelled.append(_constant(text))
            text = ""
            self.node(value)
        if text:
            self.spelled.append(_constant(text))

    def _note_import(self, node: ast.AST) -> None:
        if isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            self.imports[Import(level=node.level, module=node.module or "", names=names)] = None
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self.imports[Import(level=0, module=alias.name, names=())] = None


_NOTED = frozenset({ast.Import, ast.ImportFrom})


@cache
def _fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    return tuple(sorted(set(kind._fields) - _SKIPPED))


def _constant(value: object) -> str:
    match value:
        case str():
            return f"'{len(value)}:{value}'"
        case bytes():
            return f"<{value.hex()}>"
        case bool() | None:
            return f"<{value}>"
        case int():
            return f"<{value:#x}>"
        case _:
            return f"<{value!r}>"


def _text_of(values: list[ast.expr]) -> bool:
    """Whether an f-string's parts come to anything."""
    return any(not isinstance(value, ast.Constant) or value.value for value in values)


def _does_nothing(value: object) -> bool:
    """Whether a member of a list is a statement without effect: a docstring, a bare constant, or `pass`."""
    kind = type(value)
    return kind is ast.Pass or (kind is ast.Expr and isinstance(cast("ast.Expr", value).value, ast.Constant))
