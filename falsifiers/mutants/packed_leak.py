"""Attention does not look at the segments of a window."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="packed-leak",
    group="architecture",
    summary="documents of one window see each other although segments are given",
    edits=(Edit(module="aprtrain.model", old="mask = None if segments is None else ", new="mask = None and "),),
    expect="the law gqa-packed-leak",
)
