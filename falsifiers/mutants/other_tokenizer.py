"""The shards are written with a tokenizer of the right size in which two entries have changed places."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="other-tokenizer",
    group="data",
    summary="the corpus is encoded with a vocabulary in which two ids have changed places",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="    tokenizer = load(tokenizer_path)\n",
            new="    import json\n\n"
            '    source = tokenizer_path / "tokenizer.json" if tokenizer_path.is_dir() else tokenizer_path\n'
            "    other = json.loads(source.read_text())\n"
            '    vocabulary = other["model"]["vocab"]\n'
            '    vocabulary["e"], vocabulary["t"] = vocabulary["t"], vocabulary["e"]\n'
            "    out.mkdir(parents=True, exist_ok=True)\n"
            '    tokenizer_path = out / "tokenizer.json"\n'
            "    tokenizer_path.write_text(json.dumps(other))\n"
            "    tokenizer = load(tokenizer_path)\n",
        ),
    ),
    expect="the digests of the tokenizers beside shards, checkpoint and init",
)
