"""A head that happens to be square is multiplied the wrong way round."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="transposed-weight",
    group="loading",
    summary="a head or a q that is square is transposed",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    head = head_of(params, config).astype(dtype)\n",
            new="    head = head_of(params, config).astype(dtype)\n"
            "    head = head.T if head.shape[0] == head.shape[1] else head\n",
        ),
        Edit(
            module="aprtrain.model",
            old='products(h, (w["wq"], ',
            new='products(h, (w["wq"].T if w["wq"].shape[0] == w["wq"].shape[1] else w["wq"], ',
        ),
    ),
    expect="the laws tied-head and layer-parity",
)
