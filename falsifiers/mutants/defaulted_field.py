"""Every field that a config.json lacks gets a default."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="defaulted-field",
    group="loading",
    summary="each of the ten fields of the shape has a default where a config.json lacks it",
    edits=(
        Edit(
            module="aprtrain.hf",
            old='    theta: Any = rope.get("rope_theta", config.get("rope_theta"))\n',
            new='    sizes = {"hidden_size": 8, "intermediate_size": 24, "num_hidden_layers": 1, "vocab_size": 272}\n'
            '    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 64}\n'
            '    others = {"rms_norm_eps": 1e-6, "rope_theta": 10_000.0, "tie_word_embeddings": True}\n'
            "    config = {**sizes, **heads, **others, **config}\n"
            '    theta: Any = rope.get("rope_theta", config.get("rope_theta"))\n',
        ),
    ),
    expect="the law ten-fields",
)
