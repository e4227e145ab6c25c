"""Quantities of the data: what was trained on, what was scored, and whether the two are apart."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pv.evidence.bundle import Bundle
from pv.evidence.fields import count, number, part, total
from pv.evidence.quantity import Quantity

SOURCE = "raw/data.json"


def data_quantities(bundle: Bundle) -> Iterator[Quantity]:
    """Yield what can be recomputed from `data.json`, and the vocabulary's size."""
    yield from _vocabulary(bundle)
    scored = histogram(bundle, "scored")
    if scored:
        yield from _scored(bundle, scored)
    trained = histogram(bundle, "trained")
    if trained:
        yield _quantity("trained_entropy", entropy_nats(trained), "nats/token")
        yield from _unk_share(bundle, "trained_unk_share", trained)
    yield from _tokenizer(bundle)
    yield from _splits(bundle)


def histogram(bundle: Bundle, which: str) -> dict[int, int]:
    """Return token id to occurrences of the `scored` or the `trained` tokens; empty where it is not whole."""
    found: dict[int, int] = {}
    for key, value in part(bundle.data, which, "histogram").items():
        token, occurrences = count(key), count(value)
        if token is None or occurrences is None or token in found:
            return {}
        if occurrences:
            found[token] = occurrences
    return found


def entropy_nats(occurrences: Mapping[int, int]) -> float:
    """Return the entropy of the observed distribution, in nats per token.

    No predictor that ignores the context has a lower mean loss on these very tokens.
    """
    tokens = sum(occurrences.values())
    return max(0.0, math.log(tokens) - total(n * math.log(n) for n in occurrences.values()) / tokens)


def deviation_nats(occurrences: Mapping[int, int]) -> float:
    """Return the standard deviation of -ln p over tokens of the observed distribution, in nats."""
    tokens, mean = sum(occurrences.values()), entropy_nats(occurrences)
    return math.sqrt(total(n * (math.log(tokens / n) - mean) ** 2 for n in occurrences.values()) / tokens)


def tokenizer_mismatches(bundle: Bundle) -> tuple[str, ...]:
    """Return who used another tokenizer than the scored data did; a run without an init has none there."""
    expected = part(bundle.data, "tokenizer").get("digest")
    digests = part(bundle.data, "tokenizer_digests")
    return tuple(
        f"{place}: {str(digests[place])[:16]} instead of {str(expected)[:16]}"
        for place in ("shards", "checkpoint", "init")
        if place in digests and digests[place] != expected and not (place == "init" and digests[place] is None)
    )


def commonest(bundle: Bundle) -> str:
    """Say which token the scored data holds most often."""
    scored = histogram(bundle, "scored")
    if not scored:
        return ""
    token = max(scored, key=lambda key: (scored[key], -key))
    return f"token {token}: {scored[token]} of {sum(scored.values())}"


def _vocabulary(bundle: Bundle) -> Iterator[Quantity]:
    """Yield the size of the model's vocabulary, over which constant logits spread, and the tokenizer's."""
    tokenizer = count(part(bundle.data, "tokenizer").get("vocab_size"))
    model = count(part(bundle.run, "config", "model").get("vocab_size"))
    if tokenizer:
        yield _quantity("tokenizer_vocab_size", tokenizer, "ids")
    if model:
        yield _quantity("vocab_size", model, "ids", "raw/run.json")
    elif tokenizer and model is None:
        yield _quantity("vocab_size", tokenizer, "ids")


def _scored(bundle: Bundle, scored: Mapping[int, int]) -> Iterator[Quantity]:
    tokens = sum(scored.values())
    nats = entropy_nats(scored)
    yield _quantity("scored_tokens", tokens, "tokens")
    yield _quantity("scored_distinct", len(scored), "ids")
    yield _quantity("scored_top_share", max(scored.values()) / tokens, "ratio")
    yield from _unk_share(bundle, "scored_unk_share", scored)
    yield _quantity("unigram_entropy", nats, "nats/token")
    yield _quantity("unigram_deviation", deviation_nats(scored), "nats/token")
    yield _quantity("unigram_entropy_bits", nats / math.log(2), "bits/token")
    size = count(part(bundle.data, "scored").get("bytes"))
    if size is not None:
        yield _quantity("bytes_per_token", size / tokens, "1")


def _unk_share(bundle: Bundle, name: str, occurrences: Mapping[int, int]) -> Iterator[Quantity]:
    """Yield the share of the unknown entry: 0 where there is none (null), nothing where that is not said."""
    said = part(bundle.data, "tokenizer").get("unk_id", "")
    unk = -1 if said is None else count(said)
    if unk is not None:
        yield _quantity(name, occurrences.get(unk, 0) / sum(occurrences.values()), "ratio")


def _tokenizer(bundle: Bundle) -> Iterator[Quantity]:
    digest = part(bundle.data, "tokenizer").get("digest")
    digests = part(bundle.data, "tokenizer_digests")
    if isinstance(digest, str) and digest and {"shards", "checkpoint"} <= digests.keys():
        yield _quantity("tokenizer_mismatches", len(tokenizer_mismatches(bundle)), "1")
    trip = part(bundle.data, "round_trip")
    yield from _share("round_trip_share", trip.get("equal"), trip.get("documents"))


def _splits(bundle: Bundle) -> Iterator[Quantity]:
    overlap = part(bundle.data, "overlap")
    for name, key in (("overlap_val_b", "val_b"), ("overlap_calibration", "calibration")):
        share = number(overlap.get(key))
        if share is not None and 0 <= share <= 1:
            yield _quantity(name, share, "ratio")
    yield from _count("shared_documents", overlap.get("shared_documents"))
    yield from _count("duplicate_documents", part(bundle.data, "scored").get("duplicate_documents"))
    batch = part(bundle.data, "batch")
    yield from _share("batch_found_share", batch.get("found"), batch.get("windows"))


def _count(name: str, value: Any) -> Iterator[Quantity]:
    found = count(value)
    if found is not None:
        yield _quantity(name, found, "documents")


def _share(name: str, some: Any, of: Any) -> Iterator[Quantity]:
    numerator, denominator = count(some), count(of)
    if numerator is not None and denominator and numerator <= denominator:
        yield _quantity(name, numerator / denominator, "ratio")


def _quantity(name: str, value: float, unit: str, source: str = SOURCE) -> Quantity:
    return Quantity(name=name, value=float(value), unit=unit, source=source)
