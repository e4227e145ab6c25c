"""Writes contracts of the older tool's form: made-up words, real proportions, the same bytes every time.

A file has 9.6 KB and 314 values in the mean, as the real collection has; sizes spread from 4 to 34 KB.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_MEAN_UNITS: Final = 5.4
"""A unit is one equation, one obligation, one test and what belongs to them."""

_SUBJECTS: Final = ("kernel", "gate", "parity", "layout", "schedule", "codec", "cache", "router", "loader", "sampler")
_NAMES: Final = (
    "amber", "basalt", "cedar", "delta", "ember", "fjord", "garnet", "harbor", "indigo", "juniper", "kelp", "lagoon",
    "meadow", "nectar", "opal", "pebble", "quartz", "ridge", "sierra", "tundra", "umber", "valley", "willow", "zephyr",
)  # fmt: skip
_WORDS: Final = (
    "accumulator", "boundary", "constant", "deviation", "element", "finite", "gradient", "held-out", "index", "kernel",
    "layout", "margin", "normal", "ordering", "partition", "quantity", "reference", "scalar", "tensor", "uniform",
    "vector", "weight", "axis", "block", "every", "never", "below", "above", "equals", "within", "stays", "holds",
    "for", "the", "of", "each", "and", "is", "at", "to", "α ∈ ℝ", "‖x‖ ≤ 1",
)  # fmt: skip
_TYPES: Final = ("invariant", "equivalence", "bound", "monotonicity", "linearity", "symmetry", "ordering")


def write_contracts(folder: Path, count: int) -> list[Path]:
    """Write `count` contracts into the folder and return their paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{contract_name(number)}.yaml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(contract_text(number), encoding="utf-8")
    return paths


def contract_name(number: int) -> str:
    """The stem of a contract's file."""
    rest, subject = divmod(number, len(_SUBJECTS))
    rest, first = divmod(rest, len(_NAMES))
    return f"{_NAMES[first]}-{_NAMES[rest % len(_NAMES)]}-{_SUBJECTS[subject]}-v{1 + rest // len(_NAMES)}"


def contract_text(number: int) -> str:
    """The contract of a number: the same text on every machine."""
    chance = random.Random(number)
    units = max(1, min(28, round(chance.gammavariate(2.2, _MEAN_UNITS / 2.2))))
    return "\n".join([*_head(chance, number), *_body(chance, number, units), *_foot(chance, number, units), ""])


def _prose(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(least, most)))


def _head(chance: random.Random, number: int) -> Iterator[str]:
    yield "metadata:"
    yield f'  version: "1.{number % 7}.0"'
    yield '  created: "2026-02-18"'
    yield '  author: "Somebody"'
    yield f"  kind: {'kernel' if number % 4 else 'pattern'}"
    yield "  description: >-"
    yield from (f"    {_prose(chance, 9, 13)}" for _ in range(chance.randint(13, 28)))
    yield "  references:"
    yield from (f'    - "{_prose(chance, 6, 12)}"' for _ in range(2))
    yield "  changelog:"
    yield "    - |"
    yield from (f"      {_prose(chance, 9, 13)}" for _ in range(chance.randint(11, 25)))
    yield "  depends_on:" if number else "  depends_on: []"
    yield from (f"    - {contract_name(chance.randrange(number))}" for _ in range(min(number, 2)))


def _body(chance: random.Random, number: int, units: int) -> Iterator[str]:
    yield "equations:"
    for unit in range(units):
        yield f"  {_NAMES[unit % len(_NAMES)]}_{unit}:"
        yield f'    formula: "{_prose(chance, 8, 18)}"'
        yield f'    domain: "{_prose(chance, 5, 9)}"'
        yield "    invariants:"
        yield from (f'      - "{_prose(chance, 6, 12)}"' for _ in range(2))
    yield "proof_obligations:"
    for _ in range(units):
        yield f"  - type: {chance.choice(_TYPES)}"
        yield f'    property: "{_prose(chance, 6, 12)}"'
        yield f'    formal: "{_prose(chance, 6, 12)}"'
        yield "    tolerance: 1.0e-6"
        yield "    applies_to: all"
        yield from _proof(chance) if chance.random() < 0.6 else ()
    yield "falsification_tests:"
    for unit in range(units):
        yield f"  - id: FALSIFY-{number:04d}-{unit:03d}"
        yield f'    rule: "{_prose(chance, 5, 10)}"'
        yield f'    prediction: "{_prose(chance, 8, 16)}"'
        yield f'    test: "proptest with {chance.randint(1, 99)}00 cases over {_prose(chance, 4, 8)}"'
        yield f'    if_fails: "{_prose(chance, 8, 14)}"'


def _proof(chance: random.Random) -> Iterator[str]:
    yield "    lean:"
    yield f"      theorem: {chance.choice(_NAMES).title()}.{chance.choice(_NAMES)}"
    yield f"      module: Collected.{chance.choice(_NAMES).title()}"
    yield "      status: sorry"
    yield f'      notes: "{_prose(chance, 6, 10)}"'


def _foot(chance: random.Random, number: int, units: int) -> Iterator[str]:
    yield "kani_harnesses:"
    for unit in range(max(1, units // 3)):
        yield f"  - id: KANI-{number:04d}-{unit:03d}"
        yield f"    obligation: FALSIFY-{number:04d}-{unit:03d}"
        yield f'    property: "{_prose(chance, 5, 9)}"'
        yield "    bound: 8"
        yield "    strategy: bounded_int"
        yield f"    harness: verify_{chance.choice(_NAMES)}_{unit}"
    yield "verification_summary:"
    yield f"  total_obligations: {units}"
    yield f"  l2_property_tested: {units}"
    yield f"  l3_kani_proved: {max(1, units // 3)}"
    yield "qa_gate:"
    yield f"  id: GATE-{number:04d}"
    yield f'  name: "{_prose(chance, 3, 5)}"'
    yield "  checks:"
    yield from (f'    - "{_prose(chance, 4, 8)}"' for _ in range(3))
    yield f'  pass_criteria: "{_prose(chance, 6, 12)}"'
