"""The evaluator returns its first result again."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="eval-cached",
    group="evaluation",
    summary="the evaluator keeps its first result and returns it for every later call",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="def document_sums(\n",
            new="_first: list[tuple[float, int]] = []\n\n\ndef document_sums(\n",
        ),
        Edit(
            module="aprtrain.evaluate",
            old="    cut = [padded_windows(",
            new="    if _first:\n        return (_first * len(documents))[: len(documents)]\n"
            "    cut = [padded_windows(",
        ),
        Edit(
            module="aprtrain.evaluate",
            old="    rows = np.cumsum(",
            new="    _first.extend(_split(sums, counts, cut))\n    return list(_first)\n\n\n"
            "def _split(sums: Any, counts: Any, cut: Any) -> list[tuple[float, int]]:\n"
            "    rows = np.cumsum(",
        ),
    ),
    expect="random weights, constant logits, dose response; the laws evaluator-repeat and target-alignment",
)
