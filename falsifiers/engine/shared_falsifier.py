"""Claims that share a falsifier are told apart by evidence, or a finding says that they are one claim.

Hunts for: one check whose answer is stamped on several claims, or that answers the same whatever it reads.
Why it matters: ten claims pass for the price of one, and nine of them were never tried.
How it looks: what the function reads and what each claim allows; one has another's verdict, or the finding is missing.
If it strikes, suspect: resolved_bound in pv/verdict/measuring.py; asked in pv/trial/attack.py; the rule same-check.
Blind spots: claims that share the run of a trainer; falsifiers whose laws differ in name alone.
Sources: Jia and Harman 2011, IEEE TSE 37(5); contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-008.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from falsifiers.engine.command import project, pv_process
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 10
"""A case is a process of a second, with an attack of its own for each claim."""
ONE: Final = "same-check"
"""The finding on claims that nothing tells apart."""
LEVELS: Final = (0.0, 0.5, 1.5, 2.5, 9.0)
BOUNDS: Final = (0.0, 1.0, 2.0, 3.0)
HEAD: Final = 'pv: "1"\nmetadata: {id: C-SHARED, version: "1.0.0", description: d}\nfalsification_tests:\n'
CLAIM: Final = (
    "- {{id: SHARED-{number}, rule: r, prediction: p, if_fails: f, requires: algorithm, "
    'measure: {{series: attack/shared, reduce: max, unit: nats}}, op: "<=", bound: {bound}}}\n'
)
SOURCE: Final = '''"""A law that reads what its subject says.

Hunts for: a subject that says too much.
Why it matters: it does not.
"""

from dataclasses import dataclass

from falsifiers.law import one_law
from subject_of_sharing import LEVEL


@dataclass(frozen=True)
class Case:
    number: int


def cases(_subject):
    from hypothesis import strategies as st

    return st.builds(Case, number=st.integers(0, 999))


def reading(_subject, _case):
    return LEVEL


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="nats")
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the function reads, and what each of the claims about it allows."""

    level: float
    bounds: tuple[float, ...]


def cases(_subject: None) -> SearchStrategy[Case]:
    """Two or three claims, of one bound or of several."""
    from hypothesis import strategies as st

    bounds = st.lists(st.sampled_from(BOUNDS), min_size=2, max_size=3).map(tuple)
    return st.builds(Case, level=st.sampled_from(LEVELS), bounds=bounds)


def reading(_subject: None, case: Case) -> float:
    """How many claims have a verdict that is not theirs, or lack the finding that they are one with another."""
    claims = [CLAIM.format(number=number, bound=bound) for number, bound in enumerate(case.bounds)]
    with project(
        {
            "pyproject.toml": '[tool.pv]\nfalsifiers = "sharing"\n',
            "contracts/shared.yaml": HEAD + "".join(claims),
            "sharing/__init__.py": "",
            "sharing/shared.py": SOURCE,
            "sharing/index.json": json.dumps(_index(len(claims))),
            "subject_of_sharing.py": f"LEVEL = {case.level}\n",
        }
    ):
        ran = pv_process("discharge", "--all", "--run", "--format", "json")
    found: list[dict[str, Any]] = json.loads(ran.out)["results"]
    judged = zip(case.bounds, found, strict=True)
    return float(sum(_wrong(bound, row, case) for bound, row in judged))


def _wrong(bound: float, row: dict[str, Any], case: Case) -> bool:
    refuted = row["verdict"] == "FALSIFIED"
    one = any(finding["rule"] == ONE for finding in row["findings"])
    alike = case.bounds.count(bound) > 1
    return refuted != (case.level > bound) or one != alike or (row["verdict"] == "DISCHARGED" and alike)


def _index(claims: int) -> dict[str, Any]:
    row = {"about": "functions", "hunts": "too much", "laws": ["shared"], "module": "sharing.shared"}
    names = {f"SHARED-{number}": "shared" for number in range(claims)}
    return {"schema_version": "1", "claims": names, "falsifiers": {"shared": row}, "mutants": {}}


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
