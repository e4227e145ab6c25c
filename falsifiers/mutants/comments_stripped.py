"""The pattern of the leading comment matches at every line."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="comments-stripped",
    group="data",
    summary="all lines of comments and all blank lines are taken out of the documents, not only the leading ones",
    edits=(
        Edit(
            module="aprtrain.corpus",
            old='rb"\\A(?:[ \\t]*#[^\\n]*\\n|[ \\t\\r]*\\n)+")',
            new='rb"^(?:[ \\t]*#[^\\n]*\\n|[ \\t\\r]*\\n)+", re.MULTILINE)',
        ),
    ),
    expect="the law file-text",
)
