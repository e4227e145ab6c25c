"""A sequence longer than the model's positions is refused by every command, and one of just that length is not.

Hunts for: positions that the model was never meant to have.
Why it matters: JAX would clamp an index past a table, and an angle never seen in training gives text at random.
How it looks: a loss that rises with the length of the window.
If it strikes, suspect: a check of one command that another lacks, one that is off by one, or one after the allocation.
Blind spots: positions within a document that is packed.
Sources: the JAX documentation, "Out-of-bounds indexing"; Press et al. 2021, arXiv:2108.12409, on longer sequences.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.kernels.command import CPU
from falsifiers.law import one_law
from falsifiers.process import Ran
from falsifiers.program import CONFIG, aprtrain, pretrain, refused, shards, started, tokenizer, weights, workshop
from falsifiers.program import write_model as write

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two processes of two seconds."""
COMMANDS = ("eval", "trace", "generate", "pretrain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A command, the positions of its model, and how many more are asked for."""

    command: str
    positions: int
    more: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each command, one position too many and many."""
    from hypothesis import strategies as st

    several = [("eval", 24, 1), ("trace", 24, 1), ("generate", 24, 1), ("pretrain", 24, 1), ("trace", 32, 500)]
    several += [("eval", 32, 500), ("pretrain", 32, 500), ("generate", 32, 500)]
    return st.sampled_from([Case(command=name, positions=size, more=more) for name, size, more in several])


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: too long is refused with both lengths, just as long is accepted."""
    config = {**CONFIG, "max_position_embeddings": case.positions}
    model = write(workshop() / f"of-{case.positions}", weights(0, config), config)
    shutil.copy(tokenizer() / "tokenizer.json", model / "tokenizer.json")
    length = case.positions + case.more
    told = length - 1 if case.command == "generate" else length
    no, yes = (_run(case.command, model, one) for one in (length, case.positions))
    return float(refused(no, told, case.positions) + (not started(yes)))


def _run(command: str, model: Path, length: int) -> Ran:
    if command == "pretrain":
        return pretrain("--init", model, "--seq-length", str(length), shards=shards(), run=workshop() / "range-run")
    ids = workshop() / "range-ids.txt"
    ids.write_text(" ".join(["5"] * length), encoding="utf-8")
    options: dict[str, tuple[str | Path, ...]] = {
        "eval": ("--dataset", shards(), "--seq-length", str(length)),
        "trace": ("--tokens", ids),
        "generate": ("--prompt", "", "--tokens", str(length - 1)),
    }
    return aprtrain(command, model, *options[command], *CPU, cwd=workshop())


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
