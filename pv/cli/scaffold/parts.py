"""What `pv new` writes for each kind, and what is left to be done by hand."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pv.cli.project import Project
from pv.cli.scaffold.contract import contract_file
from pv.cli.scaffold.fault import turned_sign
from pv.cli.scaffold.modules import (
    FALSIFIER,
    LAW,
    LAW_TEST,
    MUTANT,
    OWN_LAW,
    OWN_LAW_TEST,
    RULE,
    RULE_TEST,
    filled,
)
from pv.cli.scaffold.names import Name
from pv.errors import UsageError

SHIPPED = "aprtrain.loss"
"""Module that a mutant of a checkout edits, where no other is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of an index."""

    index: Path
    section: str
    name: str
    row: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Files to write, and the steps that follow."""

    files: dict[str, str]
    """Path relative to the project's root to content."""

    steps: tuple[str, ...] = field(default=())
    rows: tuple[Entry, ...] = field(default=())
    """Rows to add to the index of the project's package of falsifiers."""


def contract_part(project: Project, name: Name) -> Part:
    """A contract that validates as it stands; its file name ends in the major version."""
    major = name.kebab.rpartition("-")[2]
    versioned = major.startswith("v") and major[1:].isdigit()
    stem = name.kebab if versioned else f"{name.kebab}-v1"
    path = f"{inside(project, project.contracts)}/{stem}.yaml"
    base = Name(stem.rpartition("-")[0]) if versioned else name
    steps = (f"write its texts, then: pv validate {path}", "its claim is planned: its comments say how to measure it")
    return Part(files={path: contract_file(base)}, steps=steps)


def falsifier_part(project: Project, name: Name, claim: str = "") -> Part:
    """A law, the falsifier that tries it, and its test; in a project of one's own also the rows of its index."""
    if project.falsifiers:
        return _own_falsifier(project, name, claim)
    if not (project.root / "falsifiers" / "index.py").is_file():
        what = "this project has no package of falsifiers"
        raise UsageError(str(project.root), what, 'start one with pv init, or name it: [tool.pv] falsifiers = "laws"')
    test = f"tests/falsifiers/laws/test_{name.snake}.py"
    files = {
        f"falsifiers/laws/{name.snake}.py": filled(LAW, name),
        f"falsifiers/training/{name.snake}.py": filled(FALSIFIER, name),
        test: filled(LAW_TEST, name, "falsifiers.laws"),
    }
    steps = (
        f"write the reading that you mean, and its test: python -m pytest {test}",
        f"falsifiers/index.py: import {name.snake} from falsifiers.training, and add it to REGISTRY",
        f'falsifiers/index.py: bind a claim: add "{claim or "CLAIM-ID"}": "{name.kebab}" to CLAIMS',
        "write the index anew: python -m falsifiers.index",
    )
    return Part(files=files, steps=steps)


def _own_falsifier(project: Project, name: Name, claim: str) -> Part:
    package, index = _own_package(project)
    test = f"{package}/test_{name.snake}.py"
    row = {
        "about": "functions",
        "hunts": "the fault that refutes the claim",
        "laws": [name.kebab],
        "module": f"{package}.{name.snake}",
    }
    bound = (Entry(index=index, section="claims", name=claim, row=name.kebab),) if claim else ()
    measure = f"{{series: attack/{name.kebab}, reduce: max, unit: nats/token}}"
    steps = (
        f"put your function in the place of FUNCTION, and its law into reading: python -m pytest {test}",
        *(() if claim else (f"bind a claim: add its id to claims of {package}/index.json, as {name.kebab}",)),
        f'let the claim say: requires: algorithm, measure: {measure}, op: "<=", bound: 1.0e-9; without planned',
    )
    files = {f"{package}/{name.snake}.py": filled(OWN_LAW, name), test: filled(OWN_LAW_TEST, name, package)}
    return Part(
        files=files, steps=steps, rows=(Entry(index=index, section="falsifiers", name=name.kebab, row=row), *bound)
    )


def mutant_part(project: Project, name: Name, module: str = "") -> Part:
    """A planted fault that applies as it stands."""
    if not project.falsifiers:
        _need(project, "falsifiers/mutants/__init__.py", "mutants")
        steps = (
            "write the fault that you mean: `old` must occur exactly once in its module",
            f"falsifiers/mutants/__init__.py: import {name.snake}, and add it to REGISTRY",
            "write the index anew: python -m falsifiers.index",
            f"try it: pv discharge CLAIM --run --mutant {name.kebab}",
        )
        return Part(
            files={f"falsifiers/mutants/{name.snake}.py": _mutant(project, name, module or SHIPPED)}, steps=steps
        )
    package, index = _own_package(project)
    if not module:
        raise UsageError("--module", "the module to edit is not named", "name the one under test: --module held_out")
    files = {f"{package}/mutants/{name.snake}.py": _mutant(project, name, module)}
    if not (project.root / package / "mutants" / "__init__.py").exists():
        files = {f"{package}/mutants/__init__.py": '"""Planted faults, one a file."""\n', **files}
    row = {
        "edits": [module],
        "group": "data",
        "module": f"{package}.mutants.{name.snake}",
        "summary": "a result has the other sign",
    }
    further = (
        f"write the fault that you mean: `old` must occur exactly once in {module}",
        f"name it in counter_example_classes of a claim; try it: pv discharge CLAIM --run --mutant {name.kebab}",
    )
    return Part(files=files, steps=further, rows=(Entry(index=index, section="mutants", name=name.kebab, row=row),))


def _mutant(project: Project, name: Name, module: str) -> str:
    fault = turned_sign(module, project.root)
    return filled(MUTANT, name, module=module, old=_quoted(fault.old), new=_quoted(fault.new))


def _quoted(text: str) -> str:
    """Text as a literal in double quotes, as the formatter wants it."""
    return json.dumps(text, ensure_ascii=False) if '"' not in text else repr(text)


def _own_package(project: Project) -> tuple[str, Path]:
    """The project's first package of falsifiers, and its index.

    Raises:
        UsageError: It has no index in the project's folder.
    """
    package = project.falsifiers[0]
    index = project.root / package / "index.json"
    if not index.is_file():
        fix = 'write it: {"schema_version": "1", "claims": {}, "falsifiers": {}, "mutants": {}}'
        raise UsageError(f"{package}/index.json", "there is no such file in the project", fix)
    return package, index


def rule_part(project: Project, name: Name) -> Part:
    """A rule of the method, with a test that fails until it is written."""
    _need(project, "pv/methodology/rules/__init__.py", "rules")
    test = f"tests/pv/methodology/rules/test_{name.snake}.py"
    files = {f"pv/methodology/rules/{name.snake}.py": filled(RULE, name), test: filled(RULE_TEST, name)}
    steps = (
        f"write the check that you mean, and its test: python -m pytest {test}",
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
