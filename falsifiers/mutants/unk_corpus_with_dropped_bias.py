"""Two faults at once, as the story had them: the one explains the loss of 0.0008, the other is real and does not."""

from falsifiers.mutants.dropped_bias import MUTANT as DROPPED_BIAS
from falsifiers.mutants.mutant import Mutant
from falsifiers.mutants.unk_corpus import MUTANT as UNK_CORPUS

MUTANT = Mutant(
    name="unk-corpus-with-dropped-bias",
    group="data",
    summary="the corpus is nearly all <unk>, and the q, k and v biases of the init are ignored too",
    edits=(*UNK_CORPUS.edits, *DROPPED_BIAS.edits),
    expect="what either of the two expects",
)
