"""Checks of what a run starts from are switched off."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="gate-skipped",
    group="device",
    summary="vocabularies, ids, formats, families, digests, a missing init and a divergence are let pass",
    edits=(
        Edit(
            module="aprtrain.pretrain",
            old="    _preflight(base, model, train, shards, init)\n\n",
            new="\n",
        ),
        Edit(
            module="aprtrain.pretrain",
            old="    init = None if request.init is None else load_init(request.init)\n",
            new='    there = request.init is not None and any(request.init.glob("*"))\n'
            "    init = load_init(request.init) if request.init and there else None\n",
        ),
        Edit(
            module="aprtrain.data",
            old="    if int(shard.max()) >= vocab_size:\n",
            new="    if False:\n",
        ),
        Edit(
            module="aprtrain.tokenizer",
            old='    if encoder not in known or encoder == "characters":\n',
            new="    if False:\n",
        ),
        Edit(
            module="aprtrain.tokenizer",
            old="    if found != _PROBE:\n",
            new="    if False:\n",
        ),
        Edit(
            module="aprtrain.hf",
            old="    if family is None or classes != [family.architecture]:\n",
            new='    family = family or FAMILIES["qwen2"]\n    if False:\n',
        ),
        Edit(
            module="aprtrain.checkpoint",
            old="    if bad:\n",
            new="    if False:\n",
        ),
        Edit(
            module="aprtrain.train",
            old="            found = divergence(journal.losses, grad_norm, run.model.vocab_size)\n",
            new="            found = None and divergence(journal.losses, grad_norm, run.model.vocab_size)\n",
        ),
    ),
    expect="the laws about refusals, and guard-missed",
)
