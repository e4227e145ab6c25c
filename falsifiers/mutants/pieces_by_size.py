"""Pieces are encoded largest first, and stay in that order."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="pieces-by-size",
    group="data",
    summary="the pieces of a split lie in the stream by size, while the manifest lists their documents by id",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="    pieces = [[document for _, document in piece] for _, piece in grouped]\n",
            new="    pieces = [[document for _, document in piece] for _, piece in grouped]\n"
            "    pieces.sort(key=lambda piece: sum(one.size for one in piece), reverse=True)\n",
        ),
    ),
    expect="the law document-borders",
)
