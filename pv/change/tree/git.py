"""Reads revisions of a git repository; neither the work tree, the index nor any filter of git's takes part."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from pv.errors import UsageError

_AT_ONCE: Final = 256
"""Most files that are asked for in one go."""

_LINK, _PROGRAM, _FILE = "120000", "100755", "100644"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit, and a temporary folder that its files are written to."""

    name: str
    """As it was asked for, e.g. `HEAD~1`."""

    commit: str
    """Its digest, hex."""

    project: Path
    """Folder of the work tree that stands for `folder`."""

    folder: Path

    def take(self, wanted: Callable[[str], bool]) -> None:
        """Write the files of the commit whose path, relative to the project, is wanted."""
        entries = [entry for entry in self._listed() if wanted(entry[2])]
        remaining = iter(entries)
        while group := list(islice(remaining, _AT_ONCE)):
            for (mode, _, name), content in zip(group, self._contents([entry[1] for entry in group]), strict=True):
                _write(self.folder, name, content, link=mode == _LINK)

    def _listed(self) -> list[tuple[str, str, str]]:
        """Mode, object and path of every file below the project's folder; submodules are left out."""
        rows = _git(self.project, "ls-tree", "-r", "-z", self.commit).split(b"\0")
        found = []
        for row in filter(None, rows):
            about, _, name = row.partition(b"\t")
            mode, _, digest = about.decode().split()
            if mode in {_LINK, _PROGRAM, _FILE}:
                found.append((mode, digest, os.fsdecode(name)))
        return found

    def _contents(self, digests: Sequence[str]) -> Iterator[bytes]:
        """The bytes of objects, as they were committed."""
        asked = "".join(f"{digest}\n" for digest in digests).encode()
        output = _git(self.project, "cat-file", "--batch", given=asked)
        at = 0
        for digest in digests:
            end = output.index(b"\n", at)
            heading = output[at:end].split()
            if len(heading) != 3:
                raise UsageError(self.name, f"object {digest} is not in this clone", "fetch the whole revision")
            size = int(heading[2])
            yield output[end + 1 : end + 1 + size]
            at = end + 2 + size


@contextmanager
def revision(project: Path, name: str) -> Iterator[Revision]:
    """Yield a revision with an empty folder; the folder is gone afterwards.

    Args:
        project: A folder inside the repository's work tree.
        name: Anything git resolves to a commit.

    Raises:
        UsageError: There is no git, no repository or no such commit.
    """
    commit = _commit(project, name)
    with tempfile.TemporaryDirectory(prefix="pv-revision-") as folder:
        yield Revision(name=name, commit=commit, project=project, folder=Path(folder).resolve())


def toplevel(folder: Path) -> Path:
    """Return the top folder of the work tree around a folder.

    Raises:
        UsageError: There is no git, or no repository.
    """
    return Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n")))


def _commit(project: Path, name: str) -> str:
    toplevel(project)
    found = _run(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    commit = found.stdout.decode().strip()
    if found.returncode == 0 and commit:
        return commit
    shallow = _git(project, "rev-parse", "--is-shallow-repository").strip() == b"true"
    if shallow:
        fix = "this clone is shallow: run `git fetch --unshallow`; for actions/checkout say `fetch-depth: 0`"
        raise UsageError(name, "this revision is not in the clone; nothing was judged", fix)
    raise UsageError(
        name,
        "no such file and no such git revision; nothing was judged",
        "check its name; list them with `git log --oneline`",
    )


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = _run(folder, *arguments, given=given)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        what = lines[0].removeprefix("fatal: ") if lines else f"exit status {done.returncode}"
        raise UsageError(
            f"git {arguments[0]}",
            f"{what}; nothing was judged",
            f"run it inside a git repository with commits, and see `git -C {folder} status`",
        )
    return done.stdout


def _run(folder: Path, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    quiet = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_TERMINAL_PROMPT": "0"}
    program = shutil.which("git")
    if program is None:
        raise UsageError("git", "is not on PATH, so no revision can be read", "install git, or name files")
    command, env = [program, *arguments], {**os.environ, **quiet}
    try:
        return subprocess.run(command, cwd=folder, env=env, input=given, capture_output=True, check=False)
    except OSError as error:
        raise UsageError("git", f"cannot be run in {folder} ({error.strerror})", "name another folder") from error


def _write(folder: Path, name: str, content: bytes, *, link: bool) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not link:
        path.write_bytes(content)
        return
    target = PurePosixPath(os.fsdecode(content))
    inside = os.path.normpath(PurePosixPath(name).parent / target)
    if not target.is_absolute() and not inside.startswith(".."):
        path.symlink_to(target)
