"""The moments of AdamW are not corrected for their start at zero."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="no-bias-correction",
    group="optimizer",
    summary="the optimizer counts from a million, where the correction of the moments has died away",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="    return optax.chain(\n",
            new="    return _uncorrected(\n",
        ),
        Edit(
            module="aprtrain.optimizer",
            old="\n\ndef make_optimizer(",
            new="\n\ndef _uncorrected(*parts: optax.GradientTransformation) -> optax.GradientTransformation:\n"
            "    whole = optax.chain(*parts)\n"
            "    late = lambda s: s._replace(count=s.count + 1_000_000) if hasattr(s, 'mu') else s\n"
            "    moments = lambda s: hasattr(s, 'mu')\n"
            "    return optax.GradientTransformation(\n"
            "        lambda params: jax.tree.map(late, whole.init(params), is_leaf=moments), whole.update)\n"
            "\n\ndef make_optimizer(",
        ),
    ),
    expect="the laws adamw-first-step and adamw-recursion",
)
