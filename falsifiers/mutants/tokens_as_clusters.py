"""In pv itself: the interval treats every token as if it had been drawn by itself."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="tokens-as-clusters",
    group="engine",
    summary="the standard error is divided as if tokens, not documents, were the sampled units",
    edits=(
        Edit(
            module="pv.methodology.interval",
            old="    error = math.sqrt(groups / (groups - 1) * squares) / tokens\n",
            new="    error = math.sqrt(groups / (groups - 1) * squares / tokens * groups) / tokens\n",
        ),
    ),
    expect="the law interval-coverage",
)
