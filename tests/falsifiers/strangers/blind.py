"""Faults of somebody who had read the trainer, and none of the falsifiers, contracts and pages about them.

28 were written so; five got past the claims that they met, and are mutants of the catalogue since. These are the
others: a test set.
"""

import runpy
from pathlib import Path
from typing import Any, Final

from falsifiers.mutants.mutant import Edit

_FAULTS: Final = runpy.run_path(str(Path(__file__).with_name("faults.py")))
_edit: Final = _FAULTS["_edit"]


def _fault(group: str, name: str, summary: str, *edits: Edit, claim: str) -> Any:
    where = (f"FALSIFY-{claim}",)
    return _FAULTS["Stranger"](name=name, group=group, summary=summary, edits=edits, expect="", claims=where)


STRANGERS: Final = (
    _fault(
        "checkpoint",
        "loader-restarts",
        "a run that is continued takes its batches from the first one on",
        _edit(
            "train",
            "        reason = self._early_stop(done)\n        with noted_signals()",
            "        reason = self._early_stop(done)\n"
            "        feed = map(batches.batch, range(train.num_steps))\n"
            "        with noted_signals()",
        ),
        _edit("train", "step(state, spread(batches.batch(done)))", "step(state, spread(next(feed)))"),
        claim="TRAINING-LOOP-010",
    ),
    _fault(
        "evaluation",
        "mean-of-means",
        "the loss of a split is the mean of its documents' means, not of its tokens",
        _edit(
            "journal",
            '        row = {\n            "step": step,\n',
            "        loss = math.fsum(one.nats / one.tokens for one in scored) / len(scored)\n"
            "        row = {\n"
            '            "step": step,\n',
        ),
        _edit(
            "journal",
            "            **_reading(nats, tokens, sum(one.bytes for one in scored)),\n",
            "            **_reading(nats, tokens, sum(one.bytes for one in scored)),\n"
            '            "loss": finite(loss),\n',
        ),
        _edit(
            "journal",
            '        _append(self._folder / "reported.jsonl", to_json(row))\n        return nats / tokens\n',
            '        _append(self._folder / "reported.jsonl", to_json(row))\n        return loss\n',
        ),
        claim="EVAL-METHODOLOGY-009",
    ),
    _fault(
        "reporting",
        "meter-not-reset",
        "the training loss and perplexity of an epoch are those of all steps so far",
        _edit(
            "journal",
            "math.fsum(self.losses[steps.start : steps.stop]) / len(rows)",
            "math.fsum(self.losses) / len(self.losses)",
        ),
        claim="TRAINING-LOOP-005",
    ),
    _fault(
        "reporting",
        "metrics-last-in-first-out",
        "a row has the metrics of the next step, the last row before a pause those of the first one",
        _edit("train", "metrics = self._unread.popleft()", "metrics = self._unread.pop()"),
        claim="TRAINING-LOOP-005",
    ),
    _fault(
        "reporting",
        "one-step-short",
        "the loop stops before the last step, which alone closes the epoch and saves; the run is called completed",
        _edit(
            "train",
            "            while reason is None and done < train.num_steps:\n",
            "            while reason is None and done < train.num_steps - 1:\n",
        ),
        claim="TRAINING-LOOP-004",
    ),
    _fault(
        "evaluation",
        "partial-batch-floored",
        "the evaluator's number of batches is rounded down; windows that are left over cost nothing, and count",
        _edit("evaluate", "    sums = []\n", "    sums = np.zeros(len(inputs))\n"),
        _edit(
            "evaluate",
            "    for start in range(0, len(inputs), rows):\n",
            "    for start in range(0, max(1, len(inputs) // rows) * rows, rows):\n",
        ),
        _edit(
            "evaluate",
            "        sums.append((nats[: rows - missing] * weights[part]).sum(axis=1))\n",
            "        sums[part] = (nats[: rows - missing] * weights[part]).sum(axis=1)\n",
        ),
        _edit("evaluate", "    return np.concatenate(sums), ", "    return sums, "),
        claim="EVAL-METHODOLOGY-009",
    ),
    _fault(
        "data",
        "seed-or-one",
        "in the key of the order a seed of 0 is replaced by 1, so that both see the same batches",
        _edit("data", "np.array([seed, epoch], np.uint64)", "np.array([seed or 1, epoch], np.uint64)"),
        claim="TRAINING-LOOP-009",
    ),
    _fault(
        "data",
        "stale-prefetch",
        "the first batch is trained on twice, and every later step has the batch of the step before",
        _edit(
            "train",
            "        with noted_signals() as signals:\n",
            "        ahead = spread(batches.batch(done))\n        with noted_signals() as signals:\n",
        ),
        _edit(
            "train",
            "                state, metrics = step(state, spread(batches.batch(done)))\n                done += 1\n",
            "                state, metrics = step(state, ahead)\n"
            "                ahead = spread(batches.batch(done))\n"
            "                done += 1\n",
        ),
        claim="TRAINING-LOOP-005",
    ),
    _fault(
        "split",
        "val-b-of-val-a",
        "under the name of val-b the documents of val-a are scored",
        _edit("run", "self.shards.splits[name].first(", 'self.shards.splits["val-a"].first('),
        claim="EVAL-METHODOLOGY-009",
    ),
    _fault(
        "data",
        "with-replacement",
        "a pass draws as many windows as there are, some of them again and others never",
        _edit(
            "data",
            'np.argsort(np.random.Philox(key=key).random_raw(windows), kind="stable")',
            "np.random.Generator(np.random.Philox(key=key)).integers(windows, size=windows)",
        ),
        claim="TRAINING-LOOP-011",
    ),
    _fault(
        "optimizer",
        "betas-swapped",
        "AdamW's mean gradient decays with beta2 and its mean square with beta1",
        _edit(
            "optimizer",
            "            b1=train.beta1,\n            b2=train.beta2,\n",
            "            b1=train.beta2,\n            b2=train.beta1,\n",
        ),
        claim="ADAMW-001",
    ),
    _fault(
        "optimizer",
        "decay-unscheduled",
        "weight decay pulls with the peak learning rate at every step, in warm-up and at the end of the cosine too",
        _edit(
            "optimizer",
            "            weight_decay=train.weight_decay,\n            mask=",
            "            weight_decay=0.0,\n"
            "        ),\n"
            "        optax.add_decayed_weights(\n"
            "            -train.learning_rate * train.weight_decay,\n"
            "            mask=",
        ),
        claim="TRAINING-LOOP-012",
    ),
    _fault(
        "optimizer",
        "first-micro-batch-lost",
        "with --accumulate the first micro-batch of a step counts in the loss and in no gradient",
        _edit(
            "step",
            "    start = (jnp.zeros((), jnp.float32), jax.tree.map(jnp.zeros_like, params))\n"
            "    sums, _ = jax.lax.scan(add, start, micros)\n",
            "    first, rest = (jax.tree.map(lambda array: array[part], micros) for part in (0, slice(1, None)))\n"
            "    start = (loss_of(parts, first), jax.tree.map(jnp.zeros_like, params))\n"
            "    sums, _ = jax.lax.scan(add, start, rest)\n",
        ),
        claim="GPU-TRAINING-BACKEND-006",
    ),
    _fault(
        "optimizer",
        "gradients-normalised",
        "all gradients are scaled to the clip's norm, those of a smaller norm up to it",
        _edit(
            "optimizer",
            "factor = jnp.minimum(1.0, limit / global_norm(gradients))",
            "factor = limit / jnp.maximum(global_norm(gradients), 1e-12)",
        ),
        claim="ADAMW-007",
    ),
    _fault(
        "architecture",
        "key-and-value-bias-swapped",
        "the bias of the keys is added to the values, and that of the values to the keys",
        _edit("model", '(w["bq"], w["bk"], w["bv"])', '(w["bq"], w["bv"], w["bk"])'),
        claim="EVAL-METHODOLOGY-009",
    ),
    _fault(
        "precision",
        "masters-from-compute-copy",
        "the parameters before step 0 are rounded to bfloat16, after the ledger of what was loaded was written",
        _edit(
            "step",
            '    return {"params": params, "opt_state"',
            "    params = {name: leaf.astype(jnp.bfloat16).astype(leaf.dtype) for name, leaf in params.items()}\n"
            '    return {"params": params, "opt_state"',
        ),
        claim="TRAINING-LOOP-012",
    ),
    _fault(
        "architecture",
        "mlp-reads-attention-input",
        "the MLP norms what attention's norm put out, not the residual stream after attention",
        _edit(
            "model",
            'rms_norm(x, w["mlp_norm"], config.rms_norm_eps)',
            'rms_norm(h, w["mlp_norm"], config.rms_norm_eps)',
        ),
        claim="EVAL-METHODOLOGY-009",
    ),
    _fault(
        "architecture",
        "norm-root-detached",
        "the root mean square of a norm is a constant to the gradient; what is computed forward is right",
        _edit(
            "model",
            "    normed = wide * jax.lax.rsqrt(jnp.mean(wide * wide, axis=-1, keepdims=True) + eps)\n",
            "    scale_of = jax.lax.rsqrt(jnp.mean(wide * wide, axis=-1, keepdims=True) + eps)\n"
            "    normed = wide * jax.lax.stop_gradient(scale_of)\n",
        ),
        claim="TRAINING-LOOP-012",
    ),
    _fault(
        "checkpoint",
        "permuted-on-export",
        "export permutes q and k from interleaved rotary pairs to halves, which ours are in already",
        _edit(
            "export",
            "    write_tensors(out, params, dtype, max_shard_bytes)\n",
            "    write_tensors(out, _in_halves(params, model.head_dim), dtype, max_shard_bytes)\n",
        ),
        _edit(
            "export",
            "\n\ndef differing_tensors(",
            "\n"
            "\n"
            "def _in_halves(params: Mapping[str, Any], size: int) -> dict[str, Any]:\n"
            "    order = np.arange(size).reshape(-1, 2).T.reshape(-1)\n"
            "    return {\n"
            "        name: np.asarray(leaf).reshape(len(leaf), -1, size)[..., order].reshape(leaf.shape)\n"
            '        if name.endswith((".wq", ".wk"))\n'
            "        else leaf\n"
            "        for name, leaf in params.items()\n"
            "    }\n"
            "\n"
            "\n"
            "def differing_tensors(",
        ),
        claim="TENSOR-LAYOUT-005",
    ),
    _fault(
        "optimizer",
        "rate-of-next-step",
        "each update is made with the learning rate of the next step; the recorded rate is that of the step",
        _edit("optimizer", "lambda step: learning_rate(train, step),", "lambda step: learning_rate(train, step + 1),"),
        claim="ADAMW-004",
    ),
    _fault(
        "loss",
        "repeated-target-set",
        "of all places with one target only the last pulls that target's row of the head",
        _edit(
            "loss",
            '        d_head = d_head + jnp.einsum("nv,nd->vd", dz, x, preferred_element_type=d_head.dtype)\n',
            "        share = (weight / total)[:, None]\n"
            "        push = (jnp.exp(z - normaliser[:, None]) * share).astype(x.dtype)\n"
            "        pull = jnp.zeros_like(d_head).at[target].set((x * share).astype(d_head.dtype))\n"
            '        d_head += jnp.einsum("nv,nd->vd", push, x, preferred_element_type=d_head.dtype) - pull\n',
        ),
        claim="EVAL-METHODOLOGY-007",
    ),
    _fault(
        "architecture",
        "rope-exponent-halved",
        "the exponent of the rotary frequencies counts pairs over head_dim, not over half of it",
        _edit(
            "model",
            "theta ** (-jnp.arange(half, dtype=jnp.float32) / half)",
            "theta ** (-jnp.arange(half, dtype=jnp.float32) / (2 * half))",
        ),
        claim="ROPE-008",
    ),
    _fault(
        "device",
        "same-rows-on-all-devices",
        "each of several devices is given the first one's rows of a batch; the others are never trained on",
        _edit(
            "mesh",
            "one.__getitem__) for name, one in batch.items()}",
            "self._own(one)) for name, one in batch.items()}",
        ),
        _edit(
            "mesh",
            "    def spec(self, shape: tuple[int, ...]) -> P:\n",
            "    def _own(self, one: Any) -> Any:\n"
            "        count = len(one) // self.mesh.size\n"
            "        return lambda _place: one[:count]\n"
            "\n"
            "    def spec(self, shape: tuple[int, ...]) -> P:\n",
        ),
        claim="GPU-TRAINING-BACKEND-006",
    ),
)
