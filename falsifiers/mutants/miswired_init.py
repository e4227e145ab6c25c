"""A tensor of the file lands in the place of another of its shape."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="miswired-init",
    group="loading",
    summary="the gate of a file of weights is loaded as up, and up as the gate",
    edits=(
        Edit(
            module="aprtrain.hf",
            old='        return f"layers.{found[1]}.{_OURS[found[2]]}"\n',
            new='        other = {"mlp.gate_proj.weight": "w_up", "mlp.up_proj.weight": "w_gate"}\n'
            '        return f"layers.{found[1]}.{other.get(found[2], _OURS[found[2]])}"\n',
        ),
    ),
    expect="the law swiglu-layer-parity; the step-0 loss against the oracle's",
)
