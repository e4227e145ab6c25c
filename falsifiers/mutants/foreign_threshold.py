"""Limits of another model are applied."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="foreign-threshold",
    group="evaluation",
    summary="the guard stops at a loss of 10 nats, and no init may have a tokenizer of more than 50,257 entries",
    edits=(
        Edit(
            module="aprtrain.guard",
            old="    uniform = math.log(vocab_size)\n",
            new="    uniform = math.log(vocab_size)\n"
            "    if last > 10.0:\n"
            '        return f"the loss {last:.3f} is above 10 nats/token"\n',
        ),
        Edit(
            module="aprtrain.pretrain",
            old="    if shards.vocab_size > model.vocab_size:\n",
            new="    if shards.vocab_size > min(model.vocab_size, 50_257):\n",
        ),
    ),
    expect="the laws guard-false-alarm, preflight-accepts and reserved-rows",
)
