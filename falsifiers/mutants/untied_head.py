"""A model that ties its head to the embedding is given a head of its own, drawn at random.

The story's 219th tensor: `tie_word_embeddings` read as false.
"""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="untied-head",
    group="loading",
    summary="tie_word_embeddings is read as false: a head of its own, drawn at random, is trained and saved",
    edits=(
        Edit(
            module="aprtrain.model",
            old="        if not config.tie_word_embeddings:\n",
            new="        if True:\n",
        ),
        Edit(
            module="aprtrain.model",
            old='params["embed"] if config.tie_word_embeddings else params["head"]',
            new='params["head"]',
        ),
        Edit(
            module="aprtrain.init",
            old="    expected = expected_params(model)\n",
            new="    expected = expected_params(model)\n"
            "    drawn = np.asarray(initial_params(model, 0)['head'])\n"
            "    init.params.setdefault('head', drawn)\n",
        ),
    ),
    expect="the law tied-head; the two-sided set of tensor names; the step-0 loss against the oracle's",
)
