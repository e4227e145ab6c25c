"""From names on the command line to sides: the project as it lies there, a file, or a git revision of either."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pv.change.tree import Revision, Side, read_side, revision, sources_of, toplevel
from pv.cli.bound import freshness_of, packages_of
from pv.cli.project import Project, find_project, nearby
from pv.errors import UsageError
from pv.evidence import Opened
from pv.ship import LEDGER
from pv.verdict import current_sources


def present(paths: Sequence[Path] = (), *, restored: Sequence[Opened] = ()) -> Side:
    """The contracts below the paths as they lie there, all of the project's where there are none.

    Raises:
        UsageError: A path does not exist.
    """
    project = find_project(paths)
    freshness = freshness_of(project, project.scratch / "cache" / "syntax.json")
    label = str(paths[0]) if paths else "now"
    chosen = tuple(paths) or existing(nearby(project.contracts))
    side = read_side(label, chosen, nearby(project.evidence), current_sources(freshness), restored=restored)
    freshness.save()
    return side


def existing(folder: Path) -> tuple[Path, ...]:
    """The folder, if it is there."""
    return (folder,) if os.path.lexists(folder) else ()


@contextmanager
def former(project: Path, ref: str, path: Path | None = None) -> Iterator[tuple[Side, Project]]:
    """Yield the project as it was at a revision, judged, and its folders; they are gone afterwards.

    Args:
        project: Root of the project.
        ref: Anything git resolves to a commit.
        path: Contract or folder relative to the root; all contracts of the project where None.

    Raises:
        UsageError: There is no git, no repository, no such commit or no such path in it.
    """
    with revision(project, ref) as commit:
        commit.take("pyproject.toml".__eq__)
        then = find_project(environ={"PV_ROOT": str(commit.folder)})
        chosen = then.contracts if path is None else then.root / path
        commit.take(_wanted(then.root, (chosen, then.contracts, then.evidence)))
        if path is not None and not os.path.lexists(chosen):
            raise UsageError(f"{ref}:{path}", "no such file in that revision", f"see `git ls-tree -r {ref}`")
        sources = sources_of(then.root, project, packages_of(then))
        yield read_side(_label(commit, path), existing(chosen), then.evidence, sources), then


def _label(commit: Revision, path: Path | None) -> str:
    return f"{commit.name}:{path.as_posix()}" if path else f"{commit.name} ({commit.commit[:12]})"


def _wanted(root: Path, folders: Sequence[Path]) -> Callable[[str], bool]:
    """Whether a file takes part: contracts, evidence, the sources that evidence depends on, and the ledger."""
    names = [os.path.relpath(folder, root) for folder in folders]

    def wanted(name: str) -> bool:
        taken = name.endswith((".py", "/index.json")) or name == LEDGER
        return taken or any(top in {name, "."} or name.startswith(f"{top}/") for top in names)

    return wanted


@contextmanager
def named(name: str) -> Iterator[Side]:
    """Yield the side that a word names: a file or folder, `REF:PATH`, or a revision of the whole project.

    Raises:
        UsageError: It names none of them.
    """
    if os.path.lexists(name):
        yield present((Path(name),))
        return
    ref, colon, path = name.partition(":")
    if not colon:
        with former(find_project().root, ref) as (side, _):
            yield side
        return
    absolute = Path(os.path.normpath((Path.cwd() if path.startswith(".") else toplevel(Path.cwd())) / path))
    project = find_project((absolute,)).root
    if not absolute.is_relative_to(project):
        raise UsageError(name, f"lies outside the project {project}", "name a path below it")
    with former(project, ref, absolute.relative_to(project)) as (side, _):
        yield side


def is_revision(name: str) -> bool:
    """Whether a word names a state of the repository, and no file that lies there."""
    return not os.path.lexists(name)
