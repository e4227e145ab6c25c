"""What `pv new` writes for each kind, and what is left to be done by hand."""

from dataclasses import dataclass, field
from pathlib import Path

from pv.cli.project import Project
from pv.cli.scaffold.contract import contract_file
from pv.cli.scaffold.modules import FALSIFIER, LAW, LAW_TEST, MUTANT, RULE, RULE_TEST, filled
from pv.cli.scaffold.names import Name
from pv.errors import UsageError

LAWS = "laws"
"""Folder for laws in a project without a package of falsifiers of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Files to write, and the steps that follow."""

    files: dict[str, str]
    """Path relative to the project's root to content."""

    steps: tuple[str, ...] = field(default=())


def contract_part(project: Project, name: Name) -> Part:
    """A contract that validates as it stands; its file name ends in the major version."""
    major = name.kebab.rpartition("-")[2]
    versioned = major.startswith("v") and major[1:].isdigit()
    stem = name.kebab if versioned else f"{name.kebab}-v1"
    path = f"{inside(project, project.contracts)}/{stem}.yaml"
    base = Name(stem.rpartition("-")[0]) if versioned else name
    steps = (f"write its texts, then: pv validate {path}", "its claim is planned: its comments say how to measure it")
    return Part(files={path: contract_file(base)}, steps=steps)


def falsifier_part(project: Project, name: Name) -> Part:
    """A law and its failing test, and, in a project with a package of falsifiers, the falsifier that tries it."""
    if not (project.root / "falsifiers" / "index.py").is_file():
        return law_part(project.root, name)
    test = f"tests/falsifiers/laws/test_{name.snake}.py"
    files = {
        f"falsifiers/laws/{name.snake}.py": filled(LAW, name),
        f"falsifiers/training/{name.snake}.py": filled(FALSIFIER, name),
        test: filled(LAW_TEST, name, "falsifiers.laws"),
    }
    steps = (
        f"write the reading until it passes: python -m pytest {test}",
        f"falsifiers/index.py: import {name.snake} from falsifiers.training, and add it to REGISTRY",
        f'falsifiers/index.py: bind a claim: add "CLAIM-ID": "{name.kebab}" to CLAIMS',
        "write the index anew: python -m falsifiers.index",
    )
    return Part(files=files, steps=steps)


def law_part(root: Path, name: Name) -> Part:
    """A law of one's own beside the contracts, with a test that fails until its reading is written."""
    test = f"{LAWS}/test_{name.snake}.py"
    files = {f"{LAWS}/{name.snake}.py": filled(LAW, name), test: filled(LAW_TEST, name, LAWS)}
    if not (root / LAWS / "__init__.py").exists():
        files = {f"{LAWS}/__init__.py": '"""Laws of this project, one a file."""\n', **files}
    steps = (
        f"write the reading until it passes: python -m pytest {test}",
        "to bind a claim to it, the package `falsifiers` needs the law and a row in its index: see docs/authoring.md",
    )
    return Part(files=files, steps=steps)


def mutant_part(project: Project, name: Name) -> Part:
    """A planted fault."""
    _need(project, "falsifiers/mutants/__init__.py", "mutants")
    register = f"import {name.snake}, and add it to REGISTRY"
    steps = (
        "write the edit: `old` must occur exactly once in its module",
        f"falsifiers/mutants/__init__.py: {register}",
        "write the index anew: python -m falsifiers.index",
        f"try it: pv discharge CLAIM --run --mutant {name.kebab}",
    )
    return Part(files={f"falsifiers/mutants/{name.snake}.py": filled(MUTANT, name)}, steps=steps)


def rule_part(project: Project, name: Name) -> Part:
    """A rule of the method, with a test that fails until it is written."""
    _need(project, "pv/methodology/rules/__init__.py", "rules")
    test = f"tests/pv/methodology/rules/test_{name.snake}.py"
    files = {f"pv/methodology/rules/{name.snake}.py": filled(RULE, name), test: filled(RULE_TEST, name)}
    steps = (
        f"write the check until it passes: python -m pytest {test}",
        f"pv/methodology/rules/__init__.py: import {name.snake}, and add {name.snake}.RULE to RULES",
        f"read its page: pv explain {name.kebab}",
    )
    return Part(files=files, steps=steps)


def _need(project: Project, file: str, what: str) -> None:
    if not (project.root / file).is_file():
        fix = f"run it in a checkout that has {file}"
        raise UsageError(str(project.root), f"this project has no {what} of its own", fix)


def inside(project: Project, folder: Path) -> str:
    """A folder relative to the project's root.

    Raises:
        UsageError: It lies outside the project.
    """
    if not folder.is_relative_to(project.root):
        raise UsageError(str(folder), f"lies outside the project at {project.root}", "name a folder below it")
    return folder.relative_to(project.root).as_posix()
