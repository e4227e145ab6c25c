"""A decoder-only language-model trainer in JAX and Flax, from text to an evaluated checkpoint.

Read in the order of a run: `corpus` and `tokenizer` gather text, `encode` writes token shards, `data` cuts
them into batches, `model`, `loss` and `optimizer` make the one jitted `step`, `train` runs it, `checkpoint`
keeps it, `evaluate` scores it and `system` opens it for whoever wants to examine it.
"""
