"""Fields that a config.json lacks get a default."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="defaulted-field",
    group="init",
    summary="theta, epsilon and the tie have a default where a config.json lacks them",
    edits=(
        Edit(
            module="aprtrain.hf",
            old='    theta: Any = rope.get("rope_theta", config.get("rope_theta"))\n',
            new='    config = {"rms_norm_eps": 1e-6, "tie_word_embeddings": True, **config}\n    theta: Any = rope.get("rope_theta", config.get("rope_theta", 10_000.0))\n',
        ),
    ),
    expect="the law ten-fields",
)
