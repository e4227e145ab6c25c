"""A device that was asked for and is not there ends the start, and says what is there.

Hunts for: a start that asks for an accelerator and trains on the processor.
Why it matters: a run said "trained on the GPU" with 0 MiB of its memory in use; it was only slower, and nothing failed.
How it looks: a command with `--device cuda` that begins, or a refusal that does not say what was found.
If it strikes, suspect: a default backend that is taken for the one that was asked for; a plugin that failed to load,
and an exception that was caught.
Blind spots: an accelerator that is found and not used; that is seen in what the process holds of its memory.
Sources: jax issue 29068; paiml/aprender pull request 1070.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from falsifiers.kernels.command import CPU
from falsifiers.law import one_law
from falsifiers.program import aprtrain, model_of, pretrain, refused, shards, started, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two commands."""
HIDDEN: Final = ({"JAX_PLATFORMS": "cpu"}, {"CUDA_VISIBLE_DEVICES": ""}, {"CUDA_VISIBLE_DEVICES": "-1"})
CUDA: Final = ("--device", "cuda")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How the accelerator is hidden, and what asks for it."""

    hidden: int
    command: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every way, for a training and for a reading."""
    from hypothesis import strategies as st

    return st.builds(Case, hidden=st.integers(0, len(HIDDEN) - 1), command=st.sampled_from(["pretrain", "eval"]))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken, by the start that asks for what is hidden and by one that does not."""
    hidden, run = HIDDEN[case.hidden], workshop() / "hidden-run"
    if case.command == "pretrain":
        init = ("--init", model_of(272))
        no = pretrain(*init, *CUDA, shards=shards(), run=run, env=hidden)
        left = run.exists()
        yes = pretrain(*init, *CPU, shards=shards(), run=run, to_the_end=False, env=hidden)
        return float(refused(no, "cuda", "cpu") + left + (not started(yes)))
    what = ("eval", model_of(272), "--dataset", shards(), "--seq-length", "32")
    no, yes = (aprtrain(*what, *device, cwd=workshop(), env=hidden) for device in (CUDA, CPU))
    return float(refused(no, "cuda", "cpu") + (yes.status != 0))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
