"""Rewrites of strangers: the trainer in other words, with nothing that it does changed. No claim is refuted by one."""

import runpy
from pathlib import Path
from typing import Any, Final

from falsifiers.mutants.mutant import Edit

_FAULTS: Final = runpy.run_path(str(Path(__file__).with_name("faults.py")))
_edit: Final = _FAULTS["_edit"]

_ATTENTION: Final = """\
def attend(q, k, v, window=None, segments=None):
    length, groups = q.shape[1], q.shape[2] // k.shape[2]
    k, v = (jnp.repeat(y, groups, axis=2) for y in (k, v))
    back = jnp.arange(length)[:, None] - jnp.arange(length)
    seen = ((back >= 0) & (back < (window or length)))[None, None]
    if segments is not None:
        seen &= segments[:, None, :, None] == segments[:, None, None, :]
    scores = jnp.einsum("bthd,bshd->bhts", q, k / k.shape[-1] ** 0.5, preferred_element_type=jnp.float32)
    weights = jax.nn.softmax(jnp.where(seen, scores, -jnp.inf), axis=-1)
    return jnp.einsum("bhts,bshd->bthd", weights.astype(v.dtype), v).astype(q.dtype)
"""

_OPTIMIZER: Final = """\
        optax.scale_by_adam(b1=train.beta1, b2=train.beta2, eps=train.epsilon),
        optax.add_decayed_weights(train.weight_decay, lambda params: {name: is_decayed(name) for name in params}),
        optax.scale_by_learning_rate(lambda step: learning_rate(train, step)),
    )
"""

_MEAN_LOSS: Final = '''\
def mean_loss(sums: Sequence[tuple[float, int]]) -> float:
    """Nats a token over all documents, every token alike."""
    return sum(nats for nats, _ in sums) / sum(count for _, count in sums)
'''


def _rewrite(name: str, summary: str, *edits: Edit, claims: tuple[str, ...]) -> Any:
    ids = (*(f"FALSIFY-{claim}" for claim in claims), *_FAULTS["RUNS"])
    return _FAULTS["Stranger"](name=name, group="rewrite", summary=summary, edits=edits, expect="no alarm", claims=ids)


STRANGERS: Final = (
    _rewrite(
        "attention-in-sums",
        "attention is two sums over indices and a softmax, with the scale on the keys",
        _edit("model", "\n\ndef forward(", f"\n\n{_ATTENTION}\n\ndef forward("),
        _edit(
            "model",
            "jnp.split(wide + jnp.concatenate(biases) if biases else wide, ends[:-1], axis=-1)",
            "[x @ w + b for w, b in zip(weights, biases or (0.0,) * len(weights), strict=True)]",
        ),
        claims=("GQA-001", "GQA-004", "GQA-007", "TENSOR-LAYOUT-004"),
    ),
    _rewrite(
        "arithmetic-in-other-words",
        "the norm divides by a root, silu is a product, the log-sum-exp is a shift and a sum, AdamW its parts",
        _edit(
            "model",
            "wide * jax.lax.rsqrt(jnp.mean(wide * wide, axis=-1, keepdims=True) + eps)",
            "wide / jnp.sqrt(jnp.sum(jnp.square(wide), axis=-1, keepdims=True) / wide.shape[-1] + eps)",
        ),
        _edit("model", "jax.nn.silu(gate)", "gate * jax.nn.sigmoid(gate)"),
        _edit(
            "loss",
            "    normaliser = jax.nn.logsumexp(z, axis=-1)\n",
            "    top = jax.lax.stop_gradient(z.max(axis=-1))\n"
            "    normaliser = top + jnp.log(jnp.sum(jnp.exp(z - top[:, None]), axis=-1))\n",
        ),
        _edit(
            "optimizer",
            "        optax.adamw(\n"
            "            lambda step: learning_rate(train, step),\n"
            "            b1=train.beta1,\n"
            "            b2=train.beta2,\n"
            "            eps=train.epsilon,\n"
            "            weight_decay=train.weight_decay,\n"
            "            mask=lambda params: {name: is_decayed(name) for name in params},\n"
            "        ),\n"
            "    )\n",
            _OPTIMIZER,
        ),
        claims=("RMSNORM-001", "SWIGLU-003", "CROSS-ENTROPY-005", "ADAMW-002", "TRAINING-LOOP-012"),
    ),
    _rewrite(
        "renamed-and-reordered",
        "functions within and between modules have other names, and stand in another order",
        _edit("data", "return _order(self.seed", "return _permutation(self.seed"),
        _edit("data", "def _order(seed: int", "def _permutation(seed: int"),
        _edit("data", "def padded_windows(", "def windows_of_document("),
        _edit("evaluate", "import Tokens, padded_windows", "import Tokens, windows_of_document"),
        _edit("evaluate", "[padded_windows(document", "[windows_of_document(document"),
        _edit("evaluate", _MEAN_LOSS, ""),
        _edit("evaluate", "def document_sums(", f"{_MEAN_LOSS}\n\ndef document_sums("),
        _edit("init", "filled = _fill(model", "filled = _taken_over(model"),
        _edit("init", "def _fill(model", "def _taken_over(model"),
        _edit("model", "w, see = layer_params(", "w, see = weights_of_layer("),
        _edit("model", "def layer_params(", "def weights_of_layer("),
        claims=("APR-PRETRAIN-FROM-INIT-001", "TOKENIZER-AND-CORPUS-009", "TRAINING-LOOP-010"),
    ),
)
