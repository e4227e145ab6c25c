"""Evidence speaks about the code that it was made with: a change of meaning makes it stale, a change of looks does not.

Hunts for: a change of source or claim that is not noticed, or a comment that costs all evidence.
Why it matters: old evidence would speak for new code; or people would stop writing comments.
How it looks: the change, and the reasons that were given.
If it strikes, suspect: pv/binding/syntax.py for a change of source, pv/contract/model.py for one of the claim.
Blind spots: other versions of Python than the one that runs; what is imported by a name made at run time.
Sources: PEP 8 and PEP 257 for what is looks; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-023.
"""

from __future__ import annotations

import importlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

SOURCE = '''"""About {word}."""


def scaled(value, factor=2):
    """Return {word}."""
    # {word}
    if value > 1:
        return value * factor
    return -value
'''
LOOKS = {
    "nothing": ("", ""),
    "comment": ("# {word}", "# other"),
    "docstring": ('"""Return {word}."""', '"""Give it."""'),
    "blank": ("return -value", "\n    return -value"),
    "brackets": ("value * factor", "(value * factor)"),
    "prose": ("rule: r", "rule: other"),
}
MEANING = {
    "constant": ("factor=2", "factor=3"),
    "operator": ("value * factor", "value + factor"),
    "order": ("value > 1", "1 > value"),
    "sign": ("return -value", "return value"),
    "name": ("def scaled", "def scale"),
    "bound": ("bound: 3.0", "bound: 3.5"),
    "level": ("requires: integration", "requires: live"),
    "measure": ("split: val-b", "split: val-a"),
    "confidence": ("confidence: 0.95", "confidence: 0.9"),
    "mutants": ("counter_example_classes: [planted]\n  - id", "counter_example_classes: []\n  - id"),
    "operand": ('op: "<"', 'op: "<="'),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Changes that are made together."""

    looks: tuple[str, ...]
    meaning: str
    """One change of meaning; empty for none."""
    word: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any changes of looks, with and without one of meaning."""
    from hypothesis import strategies as st

    looks = st.lists(st.sampled_from(sorted(LOOKS)), unique=True, max_size=4).map(tuple)
    meaning = st.just("") | st.sampled_from(sorted(MEANING))
    return st.builds(Case, looks=looks, meaning=meaning, word=st.text("abcdefgh ", min_size=1, max_size=8))


def reading(_subject: None, case: Case) -> float:
    """Whether evidence is stale exactly where the meaning has changed."""
    changes = [*(LOOKS[name] for name in case.looks), *([MEANING[case.meaning]] if case.meaning else [])]
    source, text = SOURCE, exhibit.CONTRACT
    for old, new in changes:
        source, text = source.replace(old, new, 1), text.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder, "subject_of_staleness.py")
        module.write_text(SOURCE.replace("{word}", case.word), encoding="utf-8")
        before = _sources(folder)
        claims, contract = _claims(folder, exhibit.CONTRACT)
        locked = [before.lock_row(claim, contract) for claim in claims]
        recorded = {module.stem: before.module_digest(module.stem)}
        module.write_text(source.replace("{word}", case.word), encoding="utf-8")
        after, (claims, contract) = _sources(folder), _claims(folder, text)
        pairs = zip(locked, claims, strict=True)
        stale = any(after.stale_reasons(row, recorded, claim, contract) for row, claim in pairs)
    return float(stale != bool(case.meaning))


def _sources(folder: str) -> Any:
    """What pv knows of the sources in a folder, read anew."""
    binding = importlib.import_module("pv.binding")
    return binding.Freshness(packages=binding.Packages(folders=(folder,)))


def _claims(folder: str, text: str) -> tuple[Any, Any]:
    path = Path(folder, "exhibit.yaml")
    path.write_text(text, encoding="utf-8")
    contract = importlib.import_module("pv.contract").load(path).contract
    return contract.claims, contract


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
