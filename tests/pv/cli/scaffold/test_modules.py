"""Templates of modules."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from falsifiers.law import PAGE_HEADINGS
from pv.cli.scaffold import modules
from pv.cli.scaffold.names import Name

NAME = Name("stale-tokens")
TEMPLATES = {
    "falsifiers/laws/stale_tokens.py": modules.LAW,
    "falsifiers/training/stale_tokens.py": modules.FALSIFIER,
    "falsifiers/mutants/stale_tokens.py": modules.MUTANT,
    "pv/methodology/rules/stale_tokens.py": modules.RULE,
    "tests/falsifiers/laws/test_stale_tokens.py": modules.LAW_TEST,
    "tests/pv/methodology/rules/test_stale_tokens.py": modules.RULE_TEST,
}
FAULT = {"module": "aprtrain.loss", "old": '"return a(b)"', "new": '"return -(a(b))"'}
ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("path", TEMPLATES)
def test_formatter_and_linter_pass(tmp_path: Path, path: str) -> None:
    """Each template passes the repository's own settings at the place it is written to."""
    pytest.importorskip("ruff")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("pv/methodology", "falsifiers"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, template in TEMPLATES.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(modules.filled(template, NAME, "falsifiers.laws", **FAULT), encoding="utf-8")
    for step in (["format", "--diff"], ["check", "--no-fix"]):
        argv = [sys.executable, "-m", "ruff", *step, "--no-cache", path]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("template", [modules.LAW, modules.OWN_LAW])
def test_law_has_every_heading(tmp_path: Path, template: str) -> None:
    """The page has the headings that a law's page needs."""
    law = _loaded(tmp_path, template)
    assert [heading for heading in PAGE_HEADINGS if f"\n{heading}: " not in law.LAW.page] == []
    assert law.LAW.name == "stale-tokens"


def test_mutant_applies_as_it_stands(tmp_path: Path) -> None:
    """The first fault is one that the module can take."""
    from falsifiers.mutants.apply import apply
    from pv.cli.scaffold.fault import turned_sign

    fault = turned_sign("aprtrain.loss", ROOT)
    more = {"module": "aprtrain.loss", "old": repr(fault.old), "new": repr(fault.new)}
    assert "+++ b/aprtrain/loss.py" in apply(_loaded(tmp_path, modules.MUTANT, **more).MUTANT, ROOT)


def test_rule_loads(tmp_path: Path) -> None:
    """The rule has its id, and a page with every heading of the others."""
    rule = _loaded(tmp_path, modules.RULE).RULE
    headings = ("What it hunts", "Why", "How it looks", "What to do", "Blind spots", "Source")
    assert rule.id == "stale-tokens"
    assert all(f"\n{heading}: " in rule.page for heading in headings)


def _loaded(folder: Path, template: str, **more: str):  # type: ignore[no-untyped-def]
    path = folder / "stale_tokens.py"
    path.write_text(modules.filled(template, NAME, **more), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("scaffolded_stale_tokens", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module
