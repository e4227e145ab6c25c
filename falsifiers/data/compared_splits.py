"""Two evaluations are compared where they scored the same, and refused with what each scored where they did not.

Hunts for: a difference of two numbers that are about other documents, other targets or other windows.
Why it matters: a difference of 0.20 nats was once nothing but another draw of the held-out documents.
How it looks: an improvement that is gone when both are scored on one split.
If it strikes, suspect: a split that is drawn anew, a comparison of means alone, a limit that differs by a default.
Blind spots: dtypes and devices of the two evaluations.
Sources: Bouthillier et al. 2021, arXiv:2103.03098; Cochran 1977, equation 6.13, for the standard error.
"""

from __future__ import annotations

import functools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers.kernels.command import CPU
from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.program import (
    CONFIG,
    VOCABULARY,
    aprtrain,
    model_of,
    refused,
    shards,
    tokenizer,
    weights,
    workshop,
    write_model,
    write_texts,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""Each way; a case is two processes of two seconds."""
USUAL = {"split": "val-a", "documents": "4", "seq-length": "16", "limit": "64"}
WAYS: dict[str, dict[str, str]] = {
    "another model": {},
    "shards made again": {},
    "another split": {"split": "val-b"},
    "fewer documents": {"documents": "3"},
    "other windows": {"seq-length": "24"},
    "fewer targets": {"limit": "63"},
}
"""What differs between the two, and the options that make it so."""
SHOWN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What differs."""

    way: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each way once."""
    from hypothesis import strategies as st

    return st.builds(Case, way=st.sampled_from(sorted(WAYS)))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: the paired difference of equal targets, the refusal of others."""
    first, options = _first(), WAYS[case.way]
    dataset = _again() if case.way == "shards made again" else shards()
    second = _scores("second", _other() if case.way == "another model" else model_of(VOCABULARY), dataset, options)
    ran = aprtrain("compare", first, second, cwd=workshop())
    if options:
        return float(refused(ran, first.name, second.name))
    left, right = _rows(first), _rows(second)
    tokens = sum(row["tokens"] for row in left)
    wanted = (sum(row["sum_nats"] for row in right) - sum(row["sum_nats"] for row in left)) / tokens
    return float(ran.status != 0 or not np.isclose(float(ran.out.split()[0]), wanted, rtol=0, atol=SHOWN))


@functools.cache
def _first() -> Path:
    return _scores("first", model_of(VOCABULARY), shards(), {})


def _scores(name: str, model: Path, dataset: Path, options: dict[str, str]) -> Path:
    how = [word for option, value in (USUAL | options).items() for word in (f"--{option}", value)]
    out = finished(aprtrain("eval", model, "--dataset", dataset, *how, "--json", *CPU, cwd=workshop())).out
    path = workshop() / f"{name}.jsonl"
    path.write_text(out, encoding="utf-8")
    return path


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _other() -> Path:
    return write_model(workshop() / "other-model", weights(1, CONFIG))


def _again() -> Path:
    """The shards of the same texts under other names, encoded by another process."""
    texts, out = workshop() / "texts-again", workshop() / "shards-again"
    for folder in (texts, out):
        shutil.rmtree(folder, ignore_errors=True)
    for name, text in write_texts(texts, seed=2).items():
        (texts / name).unlink()
        (texts / f"again-{name}").write_text(text, encoding="utf-8")
    finished(aprtrain("encode", texts, "--tokenizer", tokenizer(), "--out", out, cwd=workshop()))
    return out


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
