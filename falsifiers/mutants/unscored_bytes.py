"""Nats of a part are divided by the bytes of the whole."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unscored-bytes",
    group="reporting",
    summary="bits a byte divide the nats of a document's scored targets by the bytes of all its text",
    edits=(
        Edit(
            module="aprtrain.run",
            old="        tokenizer, stop = load(self.shards.folder), self.eval.eval_tokens + 1\n",
            new="        tokenizer = load(self.shards.folder)\n",
        ),
        Edit(
            module="aprtrain.run",
            old="tokenizer.decode(ids[1:stop])",
            new="tokenizer.decode(ids)",
        ),
    ),
    expect="the law ce-units",
)
