"""Applying a mutant to a copy of the trainer's source, as a patch that can be stored and applied again.

`python -m falsifiers.mutants.apply NAME --root DIR` edits the copy below DIR, the folder that holds the
package, and prints the patch. With `--patch FILE` a stored patch is applied instead, without a name.
`--dry-run` leaves the copy as it is. Exit status 2 where it does not apply: then nothing was changed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from falsifiers.mutants.mutant import Edit, Mutant, MutantError

_HUNK: Final = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")


def apply(mutant: Mutant, source_root: Path) -> str:
    """The unified diff that plants the fault; no file is changed.

    Raises:
        MutantError: a passage is absent or ambiguous, an edit changes nothing that runs, or the result is no Python.
    """
    edited: dict[str, str] = {}
    for edit in mutant.edits:
        path = edit.module.replace(".", "/") + ".py"
        edited[path] = _edit(edit, path, edited.get(path) or _read(source_root, path))
    if not edited:
        raise MutantError(f"{mutant.name}: has no edits")
    for path, text in edited.items():
        if _parsed(path, text) == _parsed(path, _read(source_root, path)):
            raise MutantError(f"{path}: changes nothing that runs")
    return "".join(_diff(path, _read(source_root, path), text) for path, text in sorted(edited.items()))


def _edit(edit: Edit, path: str, text: str) -> str:
    found = text.count(edit.old)
    if found != 1:
        raise MutantError(f"{path}: did not apply: {found} matches, expected 1, for {edit.old!r}")
    if edit.old == edit.new:
        raise MutantError(f"{path}: changes nothing: {edit.old!r}")
    return text.replace(edit.old, edit.new)


def _read(root: Path, path: str) -> str:
    try:
        return (root / path).read_text(encoding="utf-8")
    except OSError as fault:
        raise MutantError(f"{path}: did not apply: {fault.strerror} below {root}") from fault


def _parsed(path: str, text: str) -> str:
    """What a source says to whoever runs it; MutantError where it is no Python."""
    try:
        compile(text, path, "exec")
        return ast.dump(ast.parse(text, path))
    except SyntaxError as fault:
        raise MutantError(f"{path}: does not compile once edited: line {fault.lineno}: {fault.msg}") from fault


def _diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    return "".join(line + "\n" for line in lines)


def patched(patch: str, source_root: Path) -> dict[str, str]:
    """What each file that a patch names looks like afterwards; no file is changed.

    Raises:
        MutantError: the patch names no file, a passage stands elsewhere or reads otherwise, or the result is
            no Python.
    """
    parts = re.split(r"^--- a/(.+)\n\+\+\+ b/.+\n", patch, flags=re.MULTILINE)
    texts = {
        path: _patch(path, _read(source_root, path), hunks)
        for path, hunks in zip(parts[1::2], parts[2::2], strict=True)
    }
    if parts[0].strip() or not texts:
        raise MutantError(f"not a patch: {(parts[0].strip() or 'names no file')[:80]!r}")
    for path, text in texts.items():
        _parsed(path, text)
    return texts


def _patch(path: str, text: str, hunks: str) -> str:
    before, after, taken = text.splitlines(), list[str](), 0
    for start, lines in _hunks(path, hunks):
        old = [line[1:] for line in lines if line[0] in " -"]
        if start < taken or before[start : start + len(old)] != old:
            raise MutantError(f"{path}: did not apply: line {start + 1} is not {old[0] if old else ''!r}")
        after += before[taken:start] + [line[1:] for line in lines if line[0] in " +"]
        taken = start + len(old)
    return "\n".join(after + before[taken:]) + "\n"


def _hunks(path: str, text: str) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for line in text.splitlines():
        header = _HUNK.match(line)
        if header:
            lines = 1 if header[2] is None else int(header[2])
            found.append((int(header[1]) - (1 if lines else 0), []))
        elif found and line[:1] in {" ", "-", "+"}:
            found[-1][1].append(line)
        else:
            raise MutantError(f"{path}: not a hunk of a patch: {line[:80]!r}")
    return found


def write(texts: Mapping[str, str], source_root: Path) -> None:
    """Put the texts in place of the files."""
    for path, text in texts.items():
        (source_root / path).write_text(text, encoding="utf-8")


def _from_module(argv: list[str]) -> dict[str, Mutant]:
    """The mutant of the module that `--module` names, by its name; nothing without that option."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--module")
    early.add_argument("--path", action="append", default=[])
    options, _ = early.parse_known_args(argv)
    if options.module is None:
        return {}
    sys.path += options.path
    mutant: Mutant = importlib.import_module(options.module).MUTANT
    return {mutant.name: mutant}


def main(argv: Sequence[str] | None = None) -> int:
    """Apply a mutant or a stored patch; the exit status."""
    from falsifiers import mutants

    known = {module.MUTANT.name: module.MUTANT for module in mutants.REGISTRY}
    argv = list(sys.argv[1:] if argv is None else argv)
    known |= _from_module(argv)
    parser = argparse.ArgumentParser(prog="falsifiers.mutants.apply", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("name", nargs="?", choices=sorted(known), metavar="NAME", help=", ".join(sorted(known)))
    parser.add_argument("--root", type=Path, required=True, help="folder that holds the package to edit")
    parser.add_argument("--patch", type=Path, help="stored patch to apply instead of a mutant")
    parser.add_argument("--module", help="module of a mutant that another package holds")
    parser.add_argument("--path", action="append", help="folder where that package lies, if it is not installed")
    parser.add_argument("--dry-run", action="store_true", help="print the patch and change no file")
    options = parser.parse_args(argv)
    if (options.name is None) == (options.patch is None):
        parser.error("give a NAME or --patch FILE")
    try:
        patch = options.patch.read_text(encoding="utf-8") if options.patch else apply(known[options.name], options.root)
        texts = patched(patch, options.root)
    except (MutantError, OSError) as fault:
        sys.stderr.write(f"{options.name or options.patch}: {fault}\n")
        return 2
    if not options.dry_run:
        write(texts, options.root)
    sys.stdout.write(patch)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
