"""Units never mix: an expression, a band or a measure in another unit is refused, and never converted in silence.

Hunts for: a number in bits, per byte or without a unit that decides about nats per token.
Why it matters: 17.21 bits look worse than ln V in nats, and a bound in the wrong unit lets anything pass.
How it looks: the two units, the form they met in, and that nobody objected.
If it strikes, suspect: pv/contract/bounds for expressions, pv/contract/rules.py for bands and measures.
Blind spots: a number whose unit was recorded wrongly by whoever measured it.
Sources: 1 bit = ln 2 nats, Shannon 1948; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-025.
"""

from __future__ import annotations

import importlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.engine import exhibit
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

UNITS = ("nats", "bits", "nats/token", "bits/token", "nats/byte", "bits/byte", "s", "tokens", "steps", "errors")
FORMS = (
    "{name}",
    "{name} + other",
    "min({name}, other)",
    "other - {name}",
    "max(other, 2 * {name})",
    "band",
    "measure",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two units, and where they meet."""

    wanted: str
    given: str
    form: str
    value: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every pair of units in every form, equal ones too: those must be taken."""
    from hypothesis import strategies as st

    unit, value = st.sampled_from(UNITS), st.sampled_from([0.0, 1.0, 4.16, 9.38, 17.21])
    return st.builds(Case, wanted=unit, given=unit, form=st.sampled_from(FORMS), value=value)


def reading(_subject: None, case: Case) -> float:
    """Whether units that differ were taken, or equal ones refused."""
    refused = _contract_refused(case) if case.form in {"band", "measure"} else _expression_refused(case)
    wanted = "nats/token" if case.form == "measure" else case.wanted
    return float(refused != (wanted != case.given))


def _expression_refused(case: Case) -> bool:
    evaluate = importlib.import_module("pv.contract").evaluate
    error = importlib.import_module("pv.errors").ContractError
    known = {"given": (case.value, case.given), "other": (1.0, case.wanted)}
    try:
        evaluate(case.form.format(name="given"), known, unit=case.wanted)
    except error:
        return True
    return False


def _contract_refused(case: Case) -> bool:
    """Whether a contract whose band or measure has the unit is in error, or its claim has a finding."""
    band, measure = (case.given, case.wanted) if case.form == "band" else (case.given, case.given)
    text = exhibit.CONTRACT.replace("unit: nats/token, source", f"unit: {band}, source")
    text = text.replace("unit: nats/token, split", f"unit: {measure}, split")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "exhibit.yaml")
        path.write_text(text, encoding="utf-8")
        loaded = importlib.import_module("pv.contract").load(path)
    codes = {problem.code for problem in loaded.problems}
    if case.form == "band" or loaded.contract is None:
        return bool(codes)
    return "units-mixed" in exhibit.of(exhibit.record(), text=text)[exhibit.LOSS].reasons


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
