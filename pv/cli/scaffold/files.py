"""Writes files that are not there yet."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pv.errors import UsageError


def write_new(root: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Write every file below a folder, or none of them; return where they are.

    Args:
        root: Folder that nothing may leave, symbolic links included.
        files: Path relative to it, with slashes, to content.

    Raises:
        UsageError: A file is there already, would lie outside, or cannot be written.
    """
    targets = {root / relative: content for relative, content in files.items()}
    refuse_outside(root, targets)
    if there := [path.relative_to(root).as_posix() for path in targets if os.path.lexists(path)]:
        raise UsageError(", ".join(there), "there already, and is not overwritten", "choose another name, or move it")
    written: list[Path] = []
    try:
        for path, content in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(content)
    except OSError as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise UsageError(str(path), f"cannot be written ({error.strerror})", "nothing was written") from error
    return tuple(written)


def refuse_outside(root: Path, paths: Mapping[Path, object]) -> None:
    """Refuse paths that lead out of a folder, whatever links lie on the way.

    Raises:
        UsageError: One does.
    """
    real = Path(os.path.realpath(root))
    for path in paths:
        if not Path(os.path.realpath(path)).is_relative_to(real):
            raise UsageError(str(path), f"lies outside the project at {root}", "nothing was written")


def replace_whole(path: Path, content: bytes) -> None:
    """Replace a file's content in one step; it keeps its permissions.

    Raises:
        UsageError: It cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.chmod(path.stat().st_mode & 0o7777)
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise UsageError(str(path), f"cannot be written ({error.strerror})", "nothing was changed") from error
