"""A head that happens to be square is multiplied the wrong way round."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="transposed-weight",
    group="loading",
    summary="the head of a model whose vocabulary is as large as its hidden state is transposed",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    head = head_of(params, config).astype(dtype)\n",
            new="    head = head_of(params, config).astype(dtype)\n"
            "    head = head.T if head.shape[0] == head.shape[1] else head\n",
        ),
    ),
    expect="the law tied-head",
)
