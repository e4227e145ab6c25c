"""The pages behind every code that is printed: rules, problems of a contract's file, and reasons of verdicts."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pv.methodology import catalogue
from pv.view.pages.investigation_codes import INVESTIGATION_CODES
from pv.view.pages.legacy_codes import LEGACY_CODES
from pv.view.pages.problem_codes import PROBLEM_CODES
from pv.view.pages.reason_codes import REASON_CODES

__all__ = ["INVESTIGATION_CODES", "LEGACY_CODES", "PROBLEM_CODES", "REASON_CODES", "Page", "pages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a code means."""

    id: str
    kind: str
    """`rule`, `problem`, `investigation` or `reason`."""

    effect: str
    """What a finding of a rule does to a verdict; empty for anything else."""

    title: str
    """One sentence."""

    text: str
    """Everything after the title, as paragraphs."""


@cache
def pages() -> Mapping[str, Page]:
    """Return code to page: rules in reading order, then problems, then reasons; a rule's page goes first."""
    found = {rule.id: _page(rule.id, "rule", rule.page or rule.id, rule.effect.value) for rule in catalogue().values()}
    tables = (
        ("problem", PROBLEM_CODES),
        ("problem", LEGACY_CODES),
        ("investigation", INVESTIGATION_CODES),
        ("reason", REASON_CODES),
    )
    for kind, table in tables:
        for code, text in table.items():
            found.setdefault(code, _page(code, kind, text))
    return MappingProxyType(found)


def _page(code: str, kind: str, text: str, effect: str = "") -> Page:
    title, _, rest = inspect.cleandoc(text).partition("\n\n")
    return Page(id=code, kind=kind, effect=effect, title=" ".join(title.split()), text=rest)
