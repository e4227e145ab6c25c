"""What is generated at a temperature is drawn from the softmax at that temperature, anew at each place.

Hunts for: noise that is used again at the next place, a temperature that multiplies, or that is applied twice or never.
Why it matters: samples are what people look at, and what is trained on next; a distribution that is too sharp looks
like a model that is sure.
How it looks: one token again and again, or tokens that follow each other more often than chance has it.
If it strikes, suspect: a key that is not split or folded with the place, a logarithm taken twice, a maximum for a draw.
Blind spots: draws of several sequences at once; models whose logits depend on what came before.
Sources: blackjax-devs/blackjax issue 53 (a key that was used twice); Pearson 1900, Philosophical Magazine 50.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from falsifiers.kernels.trainer import find
from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats
from falsifiers.program import CONFIG, tokenizer, weights, workshop, write_model
from falsifiers.system import Array

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

DRAWS: Final = 256
GROUPS: Final = 4
"""Of tokens, each about as likely as the others: a pair of draws falls into one of 16 cells."""
LARGEST: Final = 100.0
"""Chi-square of 15 degrees of freedom; of 128 pairs in even cells it was never above 72 in four million draws."""
RISE: Final = 8.0
"""The logit of a token for each unit of its size, which is 0.5 to 1.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A temperature and the seed of the draws."""

    temperature: float
    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Sharper than the model, as the model says, and flatter."""
    from hypothesis import strategies as st

    return st.builds(Case, temperature=st.sampled_from([0.5, 1.0, 2.0]), seed=st.integers(0, 2**31 - 1))


def reading(_subject: None, case: Case) -> float:
    """Chi-square of pairs of consecutive tokens, by their groups, against independent draws from the softmax."""
    system, logits = _model()
    share = np.exp((logits - logits.max()) / case.temperature)
    share /= share.sum()
    group = _groups(share)
    drawn = find("generate.continuation")(
        system, np.array([2], np.int32), DRAWS, temperature=case.temperature, seed=case.seed
    )
    pairs = group[np.fromiter(drawn, np.int64)].reshape(-1, 2)
    seen = np.bincount(pairs @ np.array([GROUPS, 1]), minlength=GROUPS**2)
    mass = np.bincount(group, share, GROUPS)
    wanted = len(pairs) * np.outer(mass, mass).ravel()
    return float(((seen - wanted) ** 2 / wanted).sum())


def _groups(share: Floats) -> Array:
    """The group of each token, from the least likely tokens to the likeliest."""
    order = np.argsort(share)
    group = np.empty(len(share), np.int64)
    group[order] = np.minimum(np.cumsum(share[order]) * GROUPS, GROUPS - 1).astype(np.int64)
    return group


@functools.cache
def _model() -> tuple[Any, Floats]:
    """A model whose logits are the same after any text, and these logits.

    Its layers add nothing, and its embeddings have one direction, which the norm leaves alone of them.
    """
    config = {**CONFIG, "max_position_embeddings": DRAWS + 1}
    hidden = config["hidden_size"]
    sizes = np.random.default_rng(7).uniform(0.5, 1.5, config["vocab_size"])
    tensors = {
        name: np.zeros_like(tensor) if "o_proj" in name or "down_proj" in name else tensor
        for name, tensor in weights(7, config).items()
    }
    tensors["model.embed_tokens.weight"] = np.repeat(sizes[:, None], hidden, axis=1).astype(np.float32)
    tensors["model.norm.weight"] = np.full(hidden, RISE / hidden, np.float32)
    folder = write_model(workshop() / "sampled-model", tensors, config)
    (folder / "tokenizer.json").write_bytes((tokenizer() / "tokenizer.json").read_bytes())
    return find("system.open_system")(folder, device="cpu"), RISE * sizes


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="1", tolerance=LARGEST)
