"""What a run exports holds its tensors: byte for byte in float32, rounded once in 16 bits, and read back as they are.

Hunts for: a writer that ignores strides, a matrix that goes out the wrong way round, a dtype under another's label.
Why it matters: an exported model is what others judge; one that loads and is another model is found by nobody.
How it looks: equal shapes where a matrix is square; values of 1e+3 where weights have 1e-1.
If it strikes, suspect: an array that is a view, a second writer, a cast after the label was written.
Blind spots: what another library makes of the configuration beside the tensors.
Sources: paiml/aprender pull request 1601; huggingface/safetensors issue 249 (arrays that are not contiguous).
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.oracles.safetensors import read_safetensors
from falsifiers.program import OURS, aprtrain, digest, model_of, pretrain, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The dtype of the file, and the seed of the run that is exported."""

    dtype: str
    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each dtype for each of two runs."""
    from hypothesis import strategies as st

    return st.builds(Case, dtype=st.sampled_from(["float32", "bfloat16", "float16"]), seed=st.integers(0, 1))


def reading(_subject: None, case: Case) -> float:
    """Tensors of the file that are not those of the run's checkpoint, read without the trainer."""
    run, out = _trained(case.seed), workshop() / "exported"
    shutil.rmtree(out, ignore_errors=True)
    finished(aprtrain("export", run, "-o", out, "--dtype", case.dtype, cwd=workshop()))
    held, found = read_arrays(run / "checkpoint"), read_safetensors(out / "model.safetensors")
    wanted = {name: _cast(held[ours].T if "_proj.weight" in name else held[ours], case) for name, ours in OURS.items()}
    named = {name: (str(array.dtype), digest(array)) for name, array in found.items()}
    return float(sum(wanted.get(name) != named.get(name) for name in wanted | named))


def _cast(array: Any, case: Case) -> tuple[str, str]:
    import ml_dtypes

    dtype = np.dtype(ml_dtypes.bfloat16) if case.dtype == "bfloat16" else np.dtype(case.dtype)
    return case.dtype, digest(np.asarray(array).astype(dtype))


@functools.cache
def _trained(seed: int) -> Path:
    run = workshop() / f"to-export-{seed}"
    finished(pretrain("--init", model_of(272), "--seed", str(seed), shards=shards(), run=run))
    return run


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
