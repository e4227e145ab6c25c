"""What is read does not reach the logits."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="input-ignored",
    group="architecture",
    summary="every token is embedded as the first one of the vocabulary",
    edits=(
        Edit(
            module="aprtrain.model",
            old='params["embed"][tokens]',
            new='params["embed"][0 * tokens]',
        ),
    ),
    expect="the law input-sensitivity; the unigram entropy is not beaten",
)
