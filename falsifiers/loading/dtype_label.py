"""Bytes of one 16-bit dtype under the label of the other are refused; under their own they are read.

Hunts for: a file whose header says float16 and whose bytes are bfloat16, or the reverse.
Why it matters: every value is finite and wrong by orders of magnitude, and the file is read without a complaint.
How it looks: a root mean square of 1e-5 or 1e+3 where weights have 1e-1.
If it strikes, suspect: a writer that keeps a label and changes the array, a reader that believes the label.
Blind spots: tensors of few values; labels of equal dtypes.
Sources: paiml/aprender pull request 1601 (a false dtype in an exported file).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.program import CONFIG, LABELS, aprtrain, refused, weights, workshop, write_model, write_safetensors

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a process of two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The dtype of the bytes, the one on the label, and the seed of the weights."""

    stored: str
    label: str
    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Both 16-bit dtypes, under their own label and under the other."""
    from hypothesis import strategies as st

    dtypes = st.sampled_from(["bfloat16", "float16"])
    return st.builds(Case, stored=dtypes, label=dtypes, seed=st.integers(0, 3))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken."""
    import ml_dtypes

    dtype = np.dtype(ml_dtypes.bfloat16) if case.stored == "bfloat16" else np.dtype(np.float16)
    tensors = {name: array.astype(dtype) for name, array in weights(case.seed).items()}
    folder = workshop() / "labels"
    shutil.rmtree(folder, ignore_errors=True)
    write_model(folder, tensors, {**CONFIG, "dtype": case.label})
    write_safetensors(folder / "model.safetensors", tensors, dict.fromkeys(tensors, LABELS[case.label]))
    ran = aprtrain("info", folder, cwd=workshop())
    return float(
        ran.status != 0 if case.stored == case.label else refused(ran, case.label, case.stored, "embed_tokens")
    )


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
