"""A number that is given as something else is no way round the check that the number would fail.

Hunts for: a value in quotes, a truth value, a list or a NaN that is skipped where a number would be compared.
Why it matters: two quotation marks would turn a refusal into a pass.
How it looks: where the number stands, what it says, and what it was given as; the claim passed, or nothing was told.
If it strikes, suspect: strict in pv/contract/claim.py for contracts; pv/evidence/numeric.py for evidence.
Blind spots: what a trainer says of itself as it likes, such as its configuration; null, which says nothing.
Sources: pydantic's documentation, on strict mode; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-007.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NUMBERS: Final = (-1, 0, 0.5, 1, 7, 1e9, 10**18)
AS: Final[Mapping[str, Callable[[float], Any]]] = {
    "text": repr,
    "truth": lambda _: True,
    "list": lambda number: [number],
    "mapping": lambda number: {"value": number},
    "NaN": lambda _: "NaN",
    "infinity": lambda _: "Infinity",
    "minus infinity": lambda _: "-Infinity",
}
"""What a number of the evidence is given as."""
READINGS: Final = frozenset({"NaN", "infinity", "minus infinity"})
WRITTEN: Final = {
    "text": '"{}"',
    "single quotes": "'{}'",
    "truth": "true",
    "list": "[{}]",
    "mapping": "{{value: {}}}",
    "NaN": ".nan",
    "infinity": ".inf",
    "words": "{} nats",
}
"""The same in a contract."""
FIELDS: Final = {
    "bound": "    bound: 3.0\n",
    "low": "low: 1.0, ",
    "high": "high: 9.0, ",
    "confidence": "    confidence: 0.95\n",
    "index": "unit: nats/token, split",
    "steps": "profiles: {cpu: tiny}}",
    "tolerance": "falsification_tests:",
}
"""Numeric field of a contract, and the passage where it stands or could stand."""
FREE: Final = "config"
"""What a trainer says of itself there is its own affair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One number of a contract and one of the evidence, each given as something else."""

    field: str
    written: str
    place: int
    """Which of the record's numbers, counted around."""
    number: float
    given_as: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every numeric field and place, with numbers that fail and others that do not."""
    from hypothesis import strategies as st

    return st.builds(
        Case,
        field=st.sampled_from(list(FIELDS)),
        written=st.sampled_from(list(WRITTEN)),
        place=st.integers(0, 29),
        number=st.sampled_from(NUMBERS),
        given_as=st.sampled_from(list(AS)),
    )


def reading(_subject: None, case: Case) -> float:
    """How many of the two let something pass."""
    return float(_contract_passes(case)) + float(_evidence_passes(case))


def _contract_passes(case: Case) -> bool:
    """Whether a contract with the value has no error at its line; text in a bound is an expression, and is compared."""
    value = WRITTEN[case.written].format(abs(case.number))
    new = {
        "bound": f"    bound: {value}\n",
        "low": f"low: {value}, ",
        "high": f"high: {value}, ",
        "confidence": f"    confidence: {value}\n",
        "index": f"unit: nats/token, index: {value}, split",
        "steps": f"profiles: {{cpu: tiny}}, full: {{profile: cpu, steps: {value}}}}}",
        "tolerance": "proof_obligations:\n  - {id: O, type: bound, property: p, tested_by: [EXHIBIT-LAW], "
        f"tolerance: {value}}}\nfalsification_tests:",
    }[case.field]
    text = exhibit.CONTRACT.replace(FIELDS[case.field], new, 1)
    if case.field == "bound" and case.written in {"text", "single quotes"}:
        plain = text.replace(new, new.replace(value, str(abs(case.number))))
        return _judged(exhibit.record(), text) != _judged(exhibit.record(), plain)
    line = text[: text.index(new)].count("\n") + new[: new.rindex(value)].count("\n") + 1
    with exhibit.bench() as root:
        path = Path(root, "mistyped.yaml")
        path.write_text(text, encoding="utf-8")
        loaded = importlib.import_module("pv.contract").load(path)
    return not any(problem.severity == "error" and problem.line == line for problem in loaded.problems)


def _evidence_passes(case: Case) -> bool:
    """Whether a claim passes with the value; a count that is read from text must be read as that number.

    NaN and the infinities are readings where a law or a loss was read; then they refute the claim that rests on it.
    """
    places = [place for place in exhibit.numbers(exhibit.record()) if FREE not in place]
    place = places[case.place % len(places)]
    given, plain = _verdicts(place, AS[case.given_as](case.number)), _verdicts(place, case.number)
    if case.given_as in READINGS:
        return exhibit.PASSES.issuperset(given)
    read = case.given_as == "text" and given == plain
    return not read and not exhibit.PASSES.isdisjoint(given)


def _verdicts(place: exhibit.Place, value: Any) -> tuple[str, ...]:
    parts = exhibit.record()
    exhibit.put(parts, place, value)
    return _judged(parts, exhibit.CONTRACT)


def _judged(parts: exhibit.Record, text: str) -> tuple[str, ...]:
    return tuple(claim.verdict for claim in exhibit.of(parts, text=text).values())


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
