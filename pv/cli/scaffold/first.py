"""The project that `pv init` writes: a function, a law that it obeys, a fault that breaks it, and the claim."""

from typing import Final

FUNCTION: Final = '''\
"""The function under test: replace it by your own, or import it from where it lies."""

import math
from collections.abc import Sequence


def mean_loss(documents: Sequence[tuple[float, int]]) -> float:
    """Loss of a held-out set in nats/token, from the summed loss and the number of tokens of each document."""
    return math.fsum(total for total, _ in documents) / sum(tokens for _, tokens in documents)
'''
LAW: Final = '''\
"""A held-out loss is the mean over tokens, however they are spread over documents.

Hunts for: a mean of the documents' own means.
Why it matters: short documents then weigh as much as long ones, and the loss is another quantity than it says.
How it looks: a loss that changes when the same text is cut into other documents or batches.
If it strikes, suspect: an average over batches of unequal size; a divisor that counts documents.
Blind spots: sums that are wrong themselves.
Sources: the definition of the loss per token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Falsifier, Law
from held_out import mean_loss

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt: the summed loss and the number of tokens of each document."""

    documents: tuple[tuple[float, int], ...]


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look: up to eight documents of unequal length."""
    from hypothesis import strategies as st

    document = st.tuples(st.floats(0, 10_000), st.integers(1, 2_000))
    return st.builds(Case, documents=st.lists(document, min_size=1, max_size=8).map(tuple))


def reading(_subject: None, case: Case) -> float:
    """Nats/token between the function and the definition; above the bound of the claim, and NaN, break the law."""
    total = sum(summed for summed, _ in case.documents)
    return abs(mean_loss(case.documents) - total / sum(tokens for _, tokens in case.documents))


LAW = Law(
    name="first-claim",
    role="claim",
    evidence="system",
    unit="nats/token",
    tolerance=1e-6,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
FALSIFIER = Falsifier(name="first-claim", hunts="a held-out loss that is no mean over tokens", laws=(LAW,))
'''
TEST: Final = '''\
"""The law first-claim: the function is spared, a mean of means is refuted."""

import math

import pytest

from laws import first_claim
from laws.first_claim import LAW, Case

UNEQUAL = Case(documents=((4.0, 1), (3.0, 3)))


def test_the_function_is_spared() -> None:
    """Seven nats over four tokens are 1.75 nats/token."""
    assert LAW.reading(None, UNEQUAL) <= LAW.tolerance


def test_a_mean_of_means_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over documents it would be 2.5."""

    def faulty(documents: tuple[tuple[float, int], ...]) -> float:
        return sum(total / tokens for total, tokens in documents) / len(documents)

    monkeypatch.setattr(first_claim, "mean_loss", faulty)
    assert math.isclose(LAW.reading(None, UNEQUAL), 0.75)
'''
MUTANT: Final = '''\
"""Every document weighs the same, however long it is."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="mean-of-means",
    group="evaluation",
    summary="the mean of the documents' means is taken for the mean over tokens",
    edits=(
        Edit(
            module="held_out",
            old="return math.fsum(total for total, _ in documents) / sum(tokens for _, tokens in documents)",
            new="return math.fsum(total / tokens for total, tokens in documents) / len(documents)",
        ),
    ),
    expect="the law first-claim",
)
'''
CONTRACT: Final = """\
# yaml-language-server: $schema=schema.json
pv: "1"
metadata:
  id: C-FIRST-CLAIM
  version: "1.0.0"
  kind: evaluation
  description: >
    The held-out loss that this project reports is the mean over tokens, however they are spread over documents.
  references:
    - "Where the claims come from: a paper, an issue, a page"
  depends_on: []
# For claims about a run of a trainer, name it and the recipes of its profiles:
# system:
#   trainer: aprtrain
#   profiles: {cpu: finetune-tiny}
equations:
  held_out_loss:
    formula: L = sum_d S_d / sum_d n_d, where S_d is the summed loss of document d and n_d its number of tokens
    domain: documents with at least one token
proof_obligations:
  - id: OBL-FIRST-CLAIM
    type: invariant
    property: The loss is the mean over tokens.
    applies_to: held_out_loss
    tested_by: [FALSIFY-FIRST-CLAIM-001]
falsification_tests:
  - id: FALSIFY-FIRST-CLAIM-001
    rule: The held-out loss is the mean over tokens, however they are spread over documents.
    prediction: For any documents the function differs from the definition by at most a millionth of a nat per token.
    if_fails: Look at the divisor; then at batches of unequal size.
    requires: algorithm    # algorithm: a property of functions; integration or live: of runs
    measure: {series: attack/first-claim, reduce: max, unit: nats/token}    # largest reading of the law first-claim
    op: "<="
    bound: 1.0e-6
    counter_example_classes: [mean-of-means]    # planted faults that the law must have refuted
"""
INDEX: Final = {
    "schema_version": "1",
    "claims": {"FALSIFY-FIRST-CLAIM-001": "first-claim"},
    "falsifiers": {
        "first-claim": {
            "about": "functions",
            "hunts": "a held-out loss that is no mean over tokens",
            "laws": ["first-claim"],
            "module": "laws.first_claim",
        }
    },
    "mutants": {
        "mean-of-means": {
            "edits": ["held_out"],
            "module": "laws.mutants.mean_of_means",
            "group": "evaluation",
            "summary": "the mean of the documents' means is taken for the mean over tokens",
        }
    },
}


def first_files(index: str) -> dict[str, str]:
    """Path to content of everything that the first claim needs; the index as text."""
    return {
        "contracts/first-claim-v1.yaml": CONTRACT,
        "held_out.py": FUNCTION,
        "laws/__init__.py": '"""How the claims of this project are attacked: laws and planted faults, one a file."""\n',
        "laws/index.json": index,
        "laws/first_claim.py": LAW,
        "laws/test_first_claim.py": TEST,
        "laws/mutants/__init__.py": '"""Planted faults, one a file."""\n',
        "laws/mutants/mean_of_means.py": MUTANT,
    }
