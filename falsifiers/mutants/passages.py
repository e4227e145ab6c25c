"""Passages that several mutants share: attention written out, of which each changes a piece, and 16 bits."""

from falsifiers.mutants.mutant import Edit

ATTENTION = """\
def attend(q, k, v, *_ignored, **_options):
    batch, length, heads, size = q.shape
    k, v = (jnp.repeat(y, heads // y.shape[2], axis=2) for y in (k, v))
    scores = jnp.einsum("bthd,bshd->bhts", q, k, preferred_element_type=jnp.float32) / jnp.sqrt(size)
    visible = jnp.tril(jnp.ones((length, length), bool))
    scores = jnp.where(visible, scores, -jnp.inf)
    weights = jax.nn.softmax(scores, axis=-1)
    return jnp.einsum("bhts,bshd->bthd", weights, v.astype(jnp.float32)).astype(q.dtype)
"""


def faulty(old: str, new: str) -> Edit:
    """The edit that puts this text, one passage replaced, in the place of the trainer's attention."""
    if ATTENTION.count(old) != 1:
        raise ValueError(f"attention: not one passage reads {old!r}")
    anchor = "\n\ndef forward("
    return Edit(module="aprtrain.model", old=anchor, new=f"\n\n{ATTENTION.replace(old, new)}\n{anchor}")


def in_16_bits(expression: str) -> str:
    """The expression cast to bfloat16 and back, in a way that a compiler does not leave out."""
    return f"jax.lax.reduce_precision({expression}, exponent_bits=8, mantissa_bits=7)"
