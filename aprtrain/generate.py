"""The continuation of a prompt, a token at a time."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from aprtrain.config import ModelConfig
from aprtrain.data import Tokens
from aprtrain.errors import InputError
from aprtrain.model import Params, forward, head_of
from aprtrain.system import AprSystem
from aprtrain.tokenizer import load


def ids_of(system: AprSystem, text: str) -> Tokens:
    """The ids of a text under the checkpoint's own tokenizer."""
    return load(system.tokenizer).encode([text])[0].astype(np.int32)


def continuation(
    system: AprSystem, prompt: Tokens, count: int, *, temperature: float = 0.0, seed: int = 0
) -> Iterator[int]:
    """Up to `count` ids that follow the prompt [t]: the likeliest ones, or drawn at a `temperature` above 0.

    Every step runs the whole sequence, padded to its final length, so that one program serves them all.

    Raises:
        InputError: the prompt is empty, has an id beyond the vocabulary, or ends beyond the model's positions.
    """
    length = len(prompt) + count
    if not 0 < len(prompt) < length <= system.model.max_positions:
        what = f"{len(prompt)} ids and {count} more are not within max_positions={system.model.max_positions}"
        raise InputError("prompt", what, "give a shorter prompt that is not empty, or fewer tokens")
    system.check(prompt)
    tokens = np.zeros((1, length), np.int32)
    tokens[0, : len(prompt)] = prompt
    key = jax.random.key(seed)
    for place in range(len(prompt), length):
        with jax.default_matmul_precision("highest"):
            tokens[0, place] = _next_id(system.params, system.model, tokens, place, temperature, key)
        yield int(tokens[0, place])


@partial(jax.jit, static_argnums=1)
def _next_id(params: Params, model: ModelConfig, tokens: Any, place: int, temperature: float, key: Any) -> jax.Array:
    z = head_of(params, model) @ forward(params, model, tokens)[0, place - 1]
    drawn = jax.random.categorical(jax.random.fold_in(key, place), z / temperature)
    return jnp.where(temperature > 0, drawn, z.argmax())


def text_of(system: AprSystem, prompt: str, count: int, *, temperature: float = 0.0, seed: int = 0) -> Iterator[str]:
    """What follows the prompt, as it comes, whole characters at a time; it ends at the end of text.

    An empty prompt is the beginning of a document.
    """
    from tokenizers.decoders import DecodeStream

    tokenizer, stream = load(system.tokenizer), DecodeStream(skip_special_tokens=True)
    ids = ids_of(system, prompt) if prompt else np.array([tokenizer.eos_id], np.int32)
    for given in ids:
        stream.step(tokenizer.inner, int(given))
    for found in continuation(system, ids, count, temperature=temperature, seed=seed):
        if found == tokenizer.eos_id:
            return
        yield stream.step(tokenizer.inner, found) or ""
