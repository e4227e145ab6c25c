"""Digests of source code that change when behaviour can change, and only then."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pv.binding.cache import SyntaxCache
from pv.binding.syntax import Import
from pv.errors import BindingError

OURS = ("falsifiers",)
"""Packages whose modules belong to a falsifier that imports them."""


def syntax_digest(file: Path, *, cache: SyntaxCache | None = None) -> str:
    """Return the digest of a source file's syntax, without comments, docstrings and formatting.

    It is the same on every Python from 3.11 to 3.13.

    Raises:
        BindingError: The file cannot be read, or is not Python.
    """
    return (cache or SyntaxCache()).source(file).digest


def closure_modules(
    module: str, packages: tuple[str, ...] = OURS, *, cache: SyntaxCache | None = None
) -> tuple[str, ...]:
    """Return a module and everything of `packages` that it imports, over any number of steps, sorted.

    Imports inside functions count, and so do the packages around a module, since importing it runs them.
    What is imported by a name made at run time is not seen.

    Raises:
        BindingError: The module does not exist, or one of the files is not Python.
    """
    known = cache or SyntaxCache()
    module_file = known.locator.module_file
    if module_file(module) is None:
        raise BindingError(f"module {module}", "it has no source file", "bring the index in line with the package")
    found: set[str] = set()
    pending = [module]
    while pending:
        name = pending.pop()
        file = None if name in found else module_file(name)
        if file is None:
            continue
        found.add(name)
        for statement in known.source(file).imports:
            pending.extend(_targets(statement, name, file))
        pending.extend(_around(name))
        pending = [target for target in pending if target.partition(".")[0] in packages]
    return tuple(sorted(found))


def closure_digest(module: str, packages: tuple[str, ...] = OURS, *, cache: SyntaxCache | None = None) -> str:
    """Return the digest of a module together with everything of `packages` that it imports.

    Raises:
        BindingError: As `closure_modules`.
    """
    known = cache or SyntaxCache()
    digests = module_digests(closure_modules(module, packages, cache=known), cache=known)
    text = "".join(f"{name} {digest}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def module_digests(names: Iterable[str], *, cache: SyntaxCache | None = None) -> dict[str, str]:
    """Return module to syntax digest; a module that has no source file any more is left out.

    Raises:
        BindingError: One of the files is not Python.
    """
    known = cache or SyntaxCache()
    files = ((name, known.locator.module_file(name)) for name in sorted(set(names)))
    return {name: known.source(file).digest for name, file in files if file is not None}


def _targets(statement: Import, importer: str, file: Path) -> Iterator[str]:
    """Yield the modules that an import statement may load; names that are no modules are dropped later."""
    base = statement.module
    if statement.level:
        parts = importer.split(".")
        kept = len(parts) - statement.level + (file.name == "__init__.py")
        if kept < 1:
            return
        base = ".".join([*parts[:kept], *filter(None, [statement.module])])
    yield base
    yield from _around(base)
    for name in statement.names:
        yield f"{base}.{name}"


def _around(module: str) -> Iterator[str]:
    """Yield the packages that a module lies in."""
    parts = module.split(".")
    for length in range(1, len(parts)):
        yield ".".join(parts[:length])
