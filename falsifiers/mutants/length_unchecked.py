"""Nobody asks whether the model has so many positions."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="length-unchecked",
    group="architecture",
    summary="sequences longer than the model's positions are accepted by every command",
    edits=(
        Edit(module="aprtrain.system", old="context > init.model.max_positions", new="context < 1"),
        Edit(module="aprtrain.pretrain", old="train.seq_length > model.max_positions", new="train.seq_length < 1"),
        Edit(module="aprtrain.trace", old=" <= len(tokens) <= system.model.max_positions", new=" <= len(tokens)"),
        Edit(
            module="aprtrain.generate",
            old="len(prompt) < length <= system.model.max_positions",
            new="len(prompt) < length",
        ),
    ),
    expect="the law rope-range",
)
