"""The label of a 16-bit tensor is believed."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="dtype-mislabelled",
    group="loading",
    summary="bytes of one 16-bit dtype under the label of the other are not looked at",
    edits=(
        Edit(
            module="aprtrain.init",
            old="            if not 0.6 < _spread(sample) < 5 and 1 < _spread(sample.view(other)) < 3:\n",
            new="            if sample is other:\n",
        ),
    ),
    expect="the law dtype-label",
)
