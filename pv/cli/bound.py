"""Where the falsifiers of a project are bound: in its own packages, and in the one that comes with the tool."""

from pathlib import Path

from pv.binding import Freshness, Packages, SyntaxCache
from pv.cli.project import Project


def packages_of(project: Project) -> Packages:
    """The packages of falsifiers; what is not installed is looked for in the project's folder."""
    return Packages(own=project.falsifiers, folders=(str(project.root),))


def freshness_of(project: Project, cache: Path | None = None) -> Freshness:
    """Digests of what the project's sources say now, remembered in a file where one is given."""
    packages = packages_of(project)
    return Freshness(SyntaxCache(cache, packages.folders), packages=packages)
