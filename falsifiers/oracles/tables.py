"""Baselines: a frequency table of the scored targets, and a table of pairs of the train split.

The unigram table is the plug-in distribution of the very targets that are scored: no context-free
predictor, however it was found, has a lower loss on them (Gibbs' inequality), so its mean is their entropy
H1 exactly.

The bigram table interpolates p(w|v) = (count(v,w) + kinds(v) p1(w)) / (count(v) + kinds(v)), where kinds(v)
counts the distinct successors of v and p1 is the add-one unigram table of the train split. The weight comes
from the train split alone, in closed form; nothing is tuned, so no document that is scored was looked at.

Source: Witten and Bell 1991, IEEE Trans. Inf. Theory 37(4), method C; in the interpolated form of Chen and
Goodman 1996.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from falsifiers.oracles.decoder import Floats, Ints


def unigram_nats(targets: Sequence[Ints]) -> list[float]:
    """Per document, the sum of -ln p(target) under the distribution of all the targets together."""
    _, inverse, counts = np.unique(np.concatenate(targets), return_inverse=True, return_counts=True)
    nats = -np.log(counts / counts.sum())[inverse]
    return [float(piece.sum()) for piece in np.split(nats, np.cumsum([len(t) for t in targets])[:-1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bigram:
    """Counts of a train split; sparse, so that a large vocabulary costs nothing."""

    vocab_size: int
    pairs: Ints
    """Sorted keys previous * vocab_size + next of the pairs that occur."""
    pair_counts: Ints
    totals: Ints
    """[vocab]: how often each id is followed by another."""
    kinds: Ints
    """[vocab]: how many distinct ids follow each id."""
    unigram: Floats
    """[vocab]: add-one distribution of ids."""

    def nats(self, inputs: Ints, targets: Ints) -> Floats:
        """-ln p(target | input) of each pair."""
        keys = inputs.astype(np.int64) * self.vocab_size + targets
        place = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        joint = np.where(self.pairs[place] == keys, self.pair_counts[place], 0)
        total, kinds, lower = self.totals[inputs], self.kinds[inputs], self.unigram[targets]
        unseen = total == 0
        share = (joint + kinds * lower) / np.where(unseen, 1, total + kinds)
        return -np.log(np.where(unseen, lower, share))


def fit_bigram(stream: Ints, vocab_size: int) -> Bigram:
    """Count the pairs of neighbours in a stream of ids."""
    previous = stream[:-1].astype(np.int64)
    pairs, pair_counts = np.unique(previous * vocab_size + stream[1:], return_counts=True)
    ones = np.bincount(stream, minlength=vocab_size) + 1
    return Bigram(
        vocab_size=vocab_size,
        pairs=pairs,
        pair_counts=pair_counts,
        totals=np.bincount(previous, minlength=vocab_size),
        kinds=np.bincount(pairs // vocab_size, minlength=vocab_size),
        unigram=ones / ones.sum(),
    )
