"""Attention sees the future."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="no-causal-mask",
    group="architecture",
    summary="attention sees every place of the window, later ones included",
    edits=(Edit(module="aprtrain.model", old="is_causal=True", new="is_causal=False"),),
    expect="the law causality; the recomputed final loss; the step-0 loss against the oracle's",
)
