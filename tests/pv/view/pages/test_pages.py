"""Pages of rules and codes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pv
from pv.methodology import catalogue
from pv.view.pages import INVESTIGATION_CODES, LEGACY_CODES, PROBLEM_CODES, REASON_CODES, pages

PACKAGE = Path(pv.__file__).parent
CODE = re.compile(r"[a-z]+(-[a-z]+)*|[A-Z]+-\d{3}")
MAKERS = {"problem", "_problem", "note", "stop", "error", "warning"}
"""Functions that take a problem's code."""


def codes(folder: Path) -> set[str]:
    """Every code of a problem that the sources below a folder, or in a file, write down."""
    files = folder.rglob("*.py") if folder.is_dir() else [folder]
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in files)
    return {code for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) for code in _of_call(node)}


def _of_call(node: ast.Call) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in MAKERS:
        words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        yield from [word for word in words if CODE.fullmatch(word)][:1]
    if name in {"Problem", "Found"}:
        yield from (
            key.value.value for key in node.keywords if key.arg == "code" and isinstance(key.value, ast.Constant)
        )


def reason_codes() -> set[str]:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (PACKAGE / "verdict").glob("*.py")]
    return {
        key.value.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason"
        for key in node.keywords
        if key.arg == "code" and isinstance(key.value, ast.Constant)
    }


def strict() -> set[str]:
    """Codes of our own schema: its rules, its loading, the reader, and what only the derivation shows."""
    contract = PACKAGE / "contract"
    names = ("rules.py", "loading.py", "departure.py", "reader", "collection.py")
    parts = [*(contract / name for name in names), PACKAGE / "ship"]
    return set().union(*(codes(part) for part in parts if part.exists()), codes(PACKAGE / "verdict"))


def test_a_problem_without_a_page() -> None:
    """Codes of our own schema have a page; those of older files that lack one are listed."""
    found = strict()
    assert {"bad-value", "missing-key", "duplicate-id", "bad-yaml", "alias", "unbound"} <= found
    assert found - pages().keys() == set()
    elsewhere = codes(PACKAGE / "contract") - pages().keys()
    print("without a page:", ", ".join(sorted(elsewhere)) or "none")


def test_a_page_of_nothing() -> None:
    """Every code of the table stands in the sources."""
    texts = [
        file.read_text(encoding="utf-8")
        for part in ("contract", "investigation", "verdict", "ship")
        for file in (PACKAGE / part).rglob("*.py")
    ]
    written = "\n".join(texts)
    for table in (PROBLEM_CODES, LEGACY_CODES, INVESTIGATION_CODES, REASON_CODES):
        assert [code for code in table if f'"{code}"' not in written] == []


def test_a_reason_without_a_page() -> None:
    assert reason_codes() - pages().keys() == set()


def test_a_rule_that_lost_its_page_to_a_code() -> None:
    """Rules come first, and a code that a rule has too shows the rule's page."""
    assert list(pages())[: len(catalogue())] == list(catalogue())
    assert pages()["over-claim"].kind == "rule"


@pytest.mark.parametrize("code", [*PROBLEM_CODES, *LEGACY_CODES, *INVESTIGATION_CODES, *REASON_CODES])
def test_a_page_that_says_nothing(code: str) -> None:
    """A sentence as title, and a paragraph that ends."""
    page = pages()[code]
    assert page.title.endswith(".")
    assert len(page.title) <= 100
    assert page.text.endswith((".", '".', "`."))
    assert page.text.count("\n\n") == 0
