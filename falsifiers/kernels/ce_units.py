"""What a run reports in several units is one loss, and that loss is in nats.

Hunts for: a perplexity or bits per byte that were averaged before they were converted, a loss under another's unit,
bytes of text that was not scored.
Why it matters: a figure in bits that is called nats is 1.44 times too large, and is compared with others' nats.
How it looks: a perplexity that is not the exponential of the loss beside it.
If it strikes, suspect: a mean of means, padding in a denominator, a logarithm to another base.
Blind spots: figures that are printed and not written down.
Sources: the metrics of huggingface/evaluate's perplexity, a mean of exponentials; Gao et al. 2020, arXiv:2101.00027.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers.kernels.command import STILL, ours, reported, shape, trained
from falsifiers.law import one_law
from falsifiers.loop.record import losses
from falsifiers.oracles.decoder import Ints
from falsifiers.oracles.shards import read_shards
from falsifiers.oracles.windows import document_nats
from falsifiers.program import shards, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""
SAME = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the weights, places of a window, and the share of documents that are scored from end to end."""

    seed: int
    length: int
    whole: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Windows that end with a document and windows that do not; documents whole, and their beginnings."""
    from hypothesis import strategies as st

    lengths, whole = st.sampled_from([16, 33, 64]), st.sampled_from([0.2, 0.5, 0.8])
    return st.builds(Case, seed=st.integers(0, 3), length=lengths, whole=whole)


def reading(_subject: None, case: Case) -> float:
    """Largest relative difference between units of one loss; 1 where the loss itself is not that of the float64 model.

    Sizes in bytes are those of the files that the documents were made from, or of what their scored tokens spell.
    """
    tensors, documents = weights(case.seed), read_shards(shards())
    split = documents.splits["val-a"]
    most = int(np.quantile([one.tokens for one in split.documents], case.whole))
    how = ("--init", write_model(workshop() / "units-model", tensors), *STILL, "--eval-tokens", str(most))
    run = trained(*how, dataset=shards(), run=workshop() / "units-run", length=case.length)
    told = reported(run)
    rows = told["per_document"]
    places = split.documents[: len(rows)]
    folder, spelling = workshop() / str(documents.manifest["corpus"]["name"]), _tokenizer()
    sequences = [split.sequence(one, most) for one in places]
    sizes = [
        (folder / one.name).stat().st_size if one.tokens <= most else _spelt(spelling, sequence[1:])
        for one, sequence in zip(places, sequences, strict=True)
    ]
    wanted = document_nats(ours(tensors), shape(), sequences, context=case.length)
    mean = sum(nats for nats, _ in wanted) / sum(count for _, count in wanted)
    if not abs(told["loss"] / mean - 1) <= SAME:
        return 1.0
    bits = [(row, size) for row, size in zip([*rows, told], [*sizes, sum(sizes)], strict=True)]
    pairs = [(row["bits_per_byte"] * size * math.log(2), row["loss"] * row["tokens"]) for row, size in bits]
    pairs.append((sum(row["loss"] * row["tokens"] for row in rows), told["loss"] * told["tokens"]))
    epoch = json.loads((run / "epochs" / "epoch-000.json").read_text(encoding="utf-8"))
    pairs += [(math.log(epoch[f"{part}_ppl"]), epoch[f"{part}_loss"]) for part in ("train", "val")]
    pairs += [(epoch["val_loss"], told["loss"]), (epoch["train_loss"], losses(run)[0])]
    return float(max(abs(one / other - 1) for one, other in pairs))


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(shards() / "tokenizer.json"))


def _spelt(tokenizer: Any, ids: Ints) -> int:
    return len(tokenizer.decode(ids.tolist(), skip_special_tokens=False).encode())


# Conversions in float64: a logarithm or a sum of a few hundred terms loses less than 1e-13 of itself.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=1e-9, fewest=FEWEST)
