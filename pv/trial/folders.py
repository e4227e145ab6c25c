"""Folders of unfinished work: held by one process at a time, and emptied."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pv.errors import UsageError

LOCK: Final = "lock"


@contextmanager
def locked(folder: Path, *, wait: bool = False) -> Iterator[int]:
    """Hold `folder` for this process and for whoever inherits the descriptor; another one waits, or is told."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise UsageError(
                str(folder), "the same trial is running in another process", "wait for it, or stop it"
            ) from error
        yield file.fileno()


def remove(path: Path) -> None:
    """Remove a file or a folder with all it holds; one that is not there is gone already."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
