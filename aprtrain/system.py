"""A trained model opened for examination, in NumPy terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from aprtrain.arrays import differing
from aprtrain.checkpoint import Arrays
from aprtrain.config import EvalConfig, ModelConfig, TrainConfig
from aprtrain.data import Shards, Tokens, open_shards
from aprtrain.device import Device, resolve
from aprtrain.errors import InputError
from aprtrain.evaluate import document_sums, window_sums
from aprtrain.init import check_model, load_init
from aprtrain.model import Params, expected_params, initial_params, logits

Sums = npt.NDArray[np.float64]
_LOGITS = jax.jit(logits, static_argnums=1)
FOREIGN_TARGETS, FOREIGN_DOCUMENTS = 1024, 64
"""How a model of Hugging Face is scored, which no run says: targets a window and a document, documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AprSystem:
    """A checkpoint's model, driven through the same forward pass, loss and evaluator as in training."""

    config: dict[str, Any]
    """The config.json of the run, or of Hugging Face."""
    model: ModelConfig
    train: TrainConfig
    eval: EvalConfig
    seed: int
    """These three are the run's; for a model of Hugging Face they say how it is scored."""
    params: Params
    device: Device
    shards: Shards | None
    tokenizer: Path
    """Its tokenizer.json, which may be missing in a folder of Hugging Face."""

    @property
    def vocab_size(self) -> int:
        """Logits a position."""
        return self.model.vocab_size

    @property
    def context(self) -> int:
        """Targets a window in evaluation, and in training."""
        return self.train.seq_length

    @property
    def device_platform(self) -> str:
        """`cpu` or `gpu`, as the parameters themselves say."""
        platform: str = next(iter(self.params["embed"].devices())).platform
        return platform

    def parameters(self) -> Arrays:
        """Every parameter by its checkpoint name."""
        return {name: np.asarray(leaf) for name, leaf in self.params.items()}

    def with_parameters(self, parameters: Mapping[str, npt.NDArray[Any]]) -> AprSystem:
        """The same system with other parameters of the same names, shapes and dtypes."""
        lines = differing(expected_params(self.model), parameters)
        if lines:
            what = "\n    ".join([f"does not fit the model, {len(lines)} differences:", *lines])
            raise InputError("with_parameters", what, "give exactly the arrays the model has")
        return replace(self, params=jax.device_put(dict(parameters)))

    def reinitialised(self, seed: int) -> AprSystem:
        """The same system as it would start from scratch under `seed`."""
        return replace(self, params=initial_params(self.model, seed))

    def logits(self, tokens: Tokens) -> npt.NDArray[np.float32]:
        """float32 logits [b, t, V] of tokens [b, t], t at most `context`."""
        self.check(tokens)
        if tokens.shape[1] > self.context:
            raise InputError("logits", f"{tokens.shape[1]} tokens exceed context={self.context}", "give fewer")
        with jax.default_matmul_precision("highest"):
            return np.asarray(_LOGITS(self.params, self.model, tokens))

    def operations(
        self, tokens: Tokens, *, dtype: str, alter: Callable[[str, Any], Any]
    ) -> dict[str, np.ma.MaskedArray[Any, np.dtype[np.float32]]]:
        """The output [1, t, ...] of every operation on the ids [t]: see `aprtrain.trace.operations`."""
        from aprtrain.trace import operations

        return operations(self, tokens, dtype, alter)

    def score(self, inputs: Tokens, targets: Tokens, weights: npt.NDArray[np.float32]) -> tuple[Sums, Sums]:
        """Per row: weighted sum of nats, and sum of weights; the evaluator's own path. All [b, t]."""
        self.check(inputs)
        self.check(targets)
        return window_sums(self.params, self.model, inputs, targets, weights)

    def evaluate(self, documents: Sequence[Tokens]) -> list[tuple[float, int]]:
        """Per document: sum of nats and number of targets, by the function that the training loop calls."""
        for document in documents:
            self.check(document)
        limit = self.eval.eval_tokens
        return document_sums(self.params, self.model, documents, context=self.context, limit=limit)

    def scored_documents(self, split: str, limit: int | None = None) -> list[tuple[dict[str, Any], Tokens]]:
        """The first `limit` documents of a split (the run's own number without one): manifest row and ids."""
        return self._shards().splits[split].first(limit or self.eval.eval_documents)

    def window(self, step: int) -> Tokens:
        """The ids the run trained on at `step`: [batch, context + 1]."""
        return self._shards().batches(self.train, self.seed).window(step)

    def _shards(self) -> Shards:
        if self.shards is None:
            raise InputError("system", "was opened without shards", "open it with shards=FOLDER")
        return self.shards

    def check(self, tokens: Tokens) -> None:
        """Raises InputError at an id beyond the vocabulary, which JAX would clamp without a word."""
        low, high = int(np.min(tokens)), int(np.max(tokens))
        if low < 0 or high >= self.vocab_size:
            raise InputError("tokens", f"ids from {low} to {high}", f"give ids in [0, {self.vocab_size})")


def open_system(
    checkpoint: Path, *, device: str, shards: Path | None = None, context: int | None = None, limit: int | None = None
) -> AprSystem:
    """The model in a run, in its `checkpoint` folder, or in a folder of Hugging Face, on `device`.

    Args:
        checkpoint: the folder.
        device: `cpu`, `cuda` or `auto`.
        shards: what it is to be scored on, made with its own tokenizer.
        context: targets a window, instead of the run's, or of FOREIGN_TARGETS.
        limit: targets of a document that are scored, instead of the run's, or of FOREIGN_TARGETS.

    Raises:
        InputError: the checkpoint does not hold exactly the arrays that its config.json describes, the shards were made
            with another tokenizer, or `context` is longer than the model's positions.
    """
    found, opened = resolve(device), None if shards is None else open_shards(shards)
    init = load_init(checkpoint)
    check_model(init, init.model)
    if context and context > init.model.max_positions:
        what = f"seq-length={context} exceeds max_positions={init.model.max_positions}"
        raise InputError(checkpoint, what, "give a shorter one")
    train = TrainConfig(seq_length=min(FOREIGN_TARGETS, init.model.max_positions))
    score = EvalConfig(eval_documents=FOREIGN_DOCUMENTS, eval_tokens=FOREIGN_TARGETS)
    if not init.foreign:
        train = TrainConfig.from_json(checkpoint / "config.json", init.config.get("train", {}))
        score = EvalConfig.from_json(checkpoint / "config.json", init.config.get("eval", {}))
    digest = init.config.get("tokenizer_digest")
    if opened and digest not in (None, opened.tokenizer_digest):
        what = f"is made for tokenizer {digest!s:.12}, {shards} was encoded with {opened.tokenizer_digest[:12]}"
        raise InputError(checkpoint, what, "encode the documents with the tokenizer of the checkpoint")
    folder = checkpoint / "checkpoint" if (checkpoint / "checkpoint").is_dir() else checkpoint
    return AprSystem(
        config=init.config,
        model=init.model,
        train=replace(train, seq_length=context or train.seq_length),
        eval=replace(score, eval_tokens=limit or score.eval_tokens),
        seed=int(init.config.get("seed", 0)),
        params={name: jax.device_put(np.asarray(leaf, np.float32)) for name, leaf in init.params.items()},
        device=found,
        shards=opened,
        tokenizer=folder / "tokenizer.json",
    )
