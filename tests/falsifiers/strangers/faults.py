"""Faults of strangers: planted where no mutant of the catalogue is, as somebody would who wants to slip one past us.

They are a test set: no falsifier is written for one of them, and none of them is a receipt of a claim. Each is an edit
of a copy of the trainer, like a mutant; `tools/strangers.py` runs the claims that ought to see it in that copy.
"""

from dataclasses import dataclass
from typing import Final

from falsifiers.mutants.mutant import Edit, Mutant

RUNS: Final = ("FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005", "FALSIFY-TRAINING-LOOP-005", "FALSIFY-TRAINING-LOOP-011")
"""Claims about a run, under which every fault is tried in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger(Mutant):
    """A planted fault, and where it should show."""

    claims: tuple[str, ...] = ()
    """Where it should show, in the order in which they are tried."""


def _fault(group: str, name: str, summary: str, *edits: Edit, expect: str, claims: tuple[str, ...] = ()) -> Stranger:
    ids = dict.fromkeys((*(f"FALSIFY-{claim}" for claim in claims), *RUNS))
    return Stranger(name=name, group=group, summary=summary, edits=edits, expect=expect, claims=tuple(ids))


def _edit(module: str, old: str, new: str) -> Edit:
    return Edit(module=f"aprtrain.{module}", old=old, new=new)


def _rounded(expression: str, exponent: int, mantissa: int) -> str:
    return f"jax.lax.reduce_precision({expression}, exponent_bits={exponent}, mantissa_bits={mantissa})"


_DATA = (
    _fault(
        "data",
        "tail-unread",
        "the last tenth of the windows is in no pass",
        _edit(
            "data",
            "return (self.split.tokens - 1) // self.seq_length",
            "return self.split.tokens * 9 // 10 // self.seq_length",
        ),
        expect="a pass leaves out a part of the split",
        claims=("TRAINING-LOOP-011",),
    ),
    _fault(
        "data",
        "token-between-windows",
        "windows do not share their border, so that the first token of each is never a target",
        _edit(
            "data",
            "return (self.split.tokens - 1) // self.seq_length",
            "return self.split.tokens // (self.seq_length + 1)",
        ),
        _edit("data", "starts = [index * self.seq_length", "starts = [index * (self.seq_length + 1)"),
        expect="a pass leaves out targets",
        claims=("TRAINING-LOOP-011",),
    ),
    _fault(
        "data",
        "shard-off-by-one",
        "every file after the first is read as if it began one token earlier",
        _edit(
            "data",
            "accumulate(map(len, self.shards), initial=0)",
            "accumulate((len(one) - 1 for one in self.shards), initial=0)",
        ),
        _edit(
            "data",
            "return np.concatenate(pieces).astype(np.int32)",
            "return np.concatenate(pieces)[: stop - start].astype(np.int32)",
        ),
        expect="the same stream in several files is another one",
        claims=("TRAINING-LOOP-012",),
    ),
    _fault(
        "data",
        "tabs-expanded",
        "tabs are four blanks before a document is even named",
        _edit("corpus", '"text": bytes,', '"text": lambda data: data.replace(b"\\t", b"    "),'),
        expect="a text does not come back",
        claims=("TOKENIZER-AND-CORPUS-001", "TOKENIZER-AND-CORPUS-009"),
    ),
    _fault(
        "data",
        "long-texts-cut",
        "what stands after the first 3,000 characters of a document is not encoded",
        _edit("encode", "[one.text for one in piece]", "[one.text[:3000] for one in piece]"),
        expect="a document does not decode to its digest",
    ),
    _fault(
        "data",
        "noisy-batch",
        "one id of every window is replaced on its way to the step",
        _edit(
            "data",
            'window = {"window": self.window(step)}',
            'window = {"window": np.where(np.arange(self.seq_length + 1) == 9, 1, self.window(step))}',
        ),
        expect="the recorded loss is not that of the window",
    ),
    _fault(
        "data",
        "neighbour-counted-twice",
        "a document's sum holds the last window of the document before it",
        _edit("evaluate", "float(sums[start:stop].sum())", "float(sums[max(0, start - 1) : stop].sum())"),
        expect="the evaluator says another thing of a document in company",
    ),
)

_LOADING = (
    _fault(
        "loading",
        "norm-of-another-branch",
        "the feed-forward norm is read from the attention's",
        _edit("init", "init.params[name])", 'init.params[name.replace("mlp_norm", "attn_norm")])'),
        expect="a tensor that was loaded is not the init's",
    ),
    _fault(
        "loading",
        "norms-averaged-after-ledger",
        "every norm is its own mean from the moment that the ledger is written",
        _edit(
            "init",
            "    return filled, ledger",
            '    flat = {n: np.full_like(x, x.mean()) if n.endswith("norm") else x for n, x in filled.items()}\n'
            "    return flat, ledger",
        ),
        expect="the loss of step 0 is not the init's",
    ),
    _fault(
        "loading",
        "init-in-16-bits-after-ledger",
        "the init is rounded to bfloat16 after its digests are written",
        _edit(
            "init",
            "    return filled, ledger",
            "    import ml_dtypes\n"
            "    return {n: x.astype(ml_dtypes.bfloat16).astype(np.float32) for n, x in filled.items()}, ledger",
        ),
        expect="a step does not start from the init",
        claims=("TRAINING-LOOP-012",),
    ),
)

_ARCHITECTURE = (
    _fault(
        "architecture",
        "theta-off-by-a-hundredth",
        "the base of the rotary positions is 1 % too large",
        _edit("model", "frequency = theta ** (", "frequency = (1.01 * theta) ** ("),
        expect="logits are not those of the definition",
    ),
    _fault(
        "architecture",
        "keys-one-late",
        "keys are turned as if they stood one place later than their queries",
        _edit(
            "model",
            'k = see("k_rope", rotate(k, config.rope_theta, config.rope_scaling, positions))',
            "late = jnp.broadcast_to(jnp.arange(1, length + 1), (batch, length))\n"
            '        k = see("k_rope", rotate(k, config.rope_theta, config.rope_scaling, late))',
        ),
        expect="logits are not those of the definition",
    ),
    _fault(
        "architecture",
        "key-heads-reversed",
        "key heads are taken from the last to the first, value heads are not",
        _edit(
            "model",
            "    return jax.nn.dot_product_attention(\n        q, k, v,",
            "    return jax.nn.dot_product_attention(\n        q, k[:, :, ::-1], v,",
        ),
        expect="logits are not those of the definition",
    ),
    _fault(
        "architecture",
        "residual-damped",
        "a layer keeps nine tenths of what it is handed",
        _edit("model", 'x + see("attn_out", mixed', '0.9 * x + see("attn_out", mixed'),
        expect="logits are not those of the definition",
    ),
    _fault(
        "architecture",
        "last-mlp-skipped",
        "the feed-forward block of the last layer is left out",
        _edit(
            "model",
            'x + see("mlp_out", gated @ w["w_down"])',
            'x + (index + 1 < config.num_layers) * see("mlp_out", gated @ w["w_down"])',
        ),
        expect="tensors that do not move",
    ),
    _fault(
        "architecture",
        "final-norm-unscaled",
        "the last norm does not multiply by its weight",
        _edit(
            "model",
            'rms_norm(x, params["norm"], config.rms_norm_eps)',
            'rms_norm(x, jnp.ones_like(params["norm"]), config.rms_norm_eps)',
        ),
        expect="a tensor that does not move",
    ),
    _fault(
        "architecture",
        "short-sighted",
        "attention reaches 56 places back where the configuration sets no limit",
        _edit("model", "reach = None if window is None", "reach = (55, 0) if window is None"),
        expect="logits are not those of the definition",
    ),
)

_LOSS = (
    _fault(
        "loss",
        "hidden-z-loss",
        "the gradient is that of a loss with 1e-3 times the squared log-sum-exp, which is recorded without it",
        _edit(
            "loss",
            "jnp.exp(z - normaliser[:, None]) - hit",
            "jnp.exp(z - normaliser[:, None]) * (1 + 2e-3 * normaliser[:, None]) - hit",
        ),
        expect="the gradient is not the slope",
        claims=("CROSS-ENTROPY-005", "TRAINING-LOOP-012"),
    ),
    _fault(
        "loss",
        "last-target-dropped",
        "the last target of each window is neither trained on nor recorded",
        _edit(
            "step",
            'inputs_and_targets(batch["window"])[1].shape, jnp.float32))',
            'inputs_and_targets(batch["window"])[1].shape, jnp.float32).at[:, -1].set(0))',
        ),
        expect="the recorded loss is not that of the batch",
    ),
    _fault(
        "loss",
        "end-of-text-untrained",
        "the end of text costs its nats and sends no gradient",
        _edit("loss", "- hit) * (weight[:, None] / total)", "- hit) * ((weight * (target != 1))[:, None] / total)"),
        expect="the gradient is not the slope",
        claims=("CROSS-ENTROPY-005", "TRAINING-LOOP-012"),
    ),
    _fault(
        "loss",
        "early-targets-heavier",
        "the weight of a target falls from 1.2 to 0.8 over the window",
        _edit(
            "step",
            'inputs_and_targets(batch["window"])[1].shape, jnp.float32))',
            'inputs_and_targets(batch["window"])[1].shape, jnp.float32)\n'
            '        * jnp.linspace(1.2, 0.8, batch["window"].shape[1] - 1))',
        ),
        expect="the recorded loss is not that of the batch",
    ),
    _fault(
        "loss",
        "labels-clipped",
        "targets above 255 are 255 in training",
        _edit("step", "targets.reshape(-1))\n    return", "jnp.minimum(targets, 255).reshape(-1))\n    return"),
        expect="the recorded loss is not that of the batch",
    ),
    _fault(
        "loss",
        "surprise-capped",
        "the evaluator charges no target more than 9 nats",
        _edit("loss", "        return normaliser - chosen\n", "        return jnp.minimum(normaliser - chosen, 9.0)\n"),
        expect="a certain miss does not cost the gap",
        claims=("CROSS-ENTROPY-002",),
    ),
)

_OPTIMIZER = (
    _fault(
        "optimizer",
        "beta2-ignored",
        "the decay of the mean square is 0.9 whatever the configuration says",
        _edit("optimizer", "b2=train.beta2", "b2=0.9"),
        expect="ten steps are not the recursion",
        claims=("ADAMW-002", "TRAINING-LOOP-012"),
    ),
    _fault(
        "optimizer",
        "norms-decayed",
        "decay pulls on norms",
        _edit("optimizer", 'UNDECAYED = ("norm", "bq"', 'UNDECAYED = ("bq"'),
        expect="a norm shrinks",
        claims=("ADAMW-004", "TRAINING-LOOP-012"),
    ),
    _fault(
        "optimizer",
        "clip-out-of-reach",
        "the limit of the gradient's norm is a million times the declared one",
        _edit("optimizer", "clip_by_global_norm(train.clip_norm)", "clip_by_global_norm(1e6 * train.clip_norm)"),
        expect="the gradient that is applied is not clipped",
        claims=("ADAMW-007", "TRAINING-LOOP-012"),
    ),
    _fault(
        "optimizer",
        "first-moment-in-16-bits",
        "the mean gradient is kept in bfloat16",
        _edit(
            "optimizer",
            "            eps=train.epsilon,\n",
            "            eps=train.epsilon,\n            mu_dtype=jnp.bfloat16,\n",
        ),
        expect="ten steps are not the recursion",
        claims=("ADAMW-002", "TRAINING-LOOP-012"),
    ),
    _fault(
        "optimizer",
        "rate-squared",
        "the share of the peak is applied twice, and recorded once",
        _edit(
            "step",
            "optax.apply_updates(params, updates)",
            "optax.apply_updates(params, jax.tree.map(lambda u: u * metrics['lr'] / train.learning_rate, updates))",
        ),
        expect="a step is not the declared update at the recorded rate",
        claims=("TRAINING-LOOP-012",),
    ),
    _fault(
        "optimizer",
        "warm-up-in-every-epoch",
        "the optimizer's schedule starts again with each epoch, the recorded one does not",
        _edit(
            "optimizer",
            "lambda step: learning_rate(train, step),",
            "lambda step: learning_rate(train, step % train.steps_per_epoch),",
        ),
        expect="a step is not the declared update at the recorded rate",
        claims=("TRAINING-LOOP-012",),
    ),
    _fault(
        "optimizer",
        "epsilon-larger",
        "epsilon is 1e-5 whatever the configuration says",
        _edit("optimizer", "eps=train.epsilon", "eps=1e-5"),
        expect="the first step has another closed form",
        claims=("ADAMW-001", "ADAMW-002", "TRAINING-LOOP-012"),
    ),
    _fault(
        "optimizer",
        "micro-batch-dropped",
        "of several micro-batches the last one is left out, and the others count for it",
        _edit(
            "step",
            "    sums, _ = jax.lax.scan(add, start, micros)\n    return sums[0], sums[1]",
            "    kept = {name: array[:-1] for name, array in micros.items()}\n"
            "    share = train.accumulate / (train.accumulate - 1)\n"
            "    return jax.tree.map(lambda x: x * share, jax.lax.scan(add, start, kept)[0])",
        ),
        expect="micro-batches change what is computed",
        claims=("TRAINING-LOOP-012",),
    ),
    _fault(
        "optimizer",
        "small-slopes-dropped",
        "entries whose gradient is below a hundredth of their tensor's largest get none",
        _edit(
            "step",
            "updates, opt_state = optimizer.update(gradients,",
            "gradients = jax.tree.map(lambda g: jnp.where(jnp.abs(g) > 1e-2 * jnp.abs(g).max(), g, 0), gradients)\n"
            "        updates, opt_state = optimizer.update(gradients,",
        ),
        expect="the gradient that is applied is not the slope",
        claims=("TRAINING-LOOP-012",),
    ),
)

_EVALUATION = (
    _fault(
        "evaluation",
        "first-window-extrapolated",
        "a document's sum is that of its first window, as often as it has targets",
        _edit(
            "evaluate",
            "(float(sums[start:stop].sum()), int(counts[start:stop].sum()))",
            "(float(sums[start] / counts[start] * counts[start:stop].sum()), int(counts[start:stop].sum()))",
        ),
        expect="another loss than the oracle's",
    ),
    _fault(
        "evaluation",
        "hardest-document-dropped",
        "the report leaves out the document with the highest loss",
        _edit(
            "run",
            "        return [Scored(id=one, nats=nats, tokens=tokens, bytes=size) for",
            "        return sorted([Scored(id=one, nats=nats, tokens=tokens, bytes=size) for",
        ),
        _edit(
            "run",
            "one, (nats, tokens), size in found]",
            "one, (nats, tokens), size in found], key=lambda one: one.nats / one.tokens)[:-1]",
        ),
        expect="the reported loss is not the recomputed one",
    ),
    _fault(
        "evaluation",
        "mean-of-documents",
        "the reported loss is the mean over documents of their means",
        _edit(
            "journal",
            '        row = {\n            "step": step,\n            "split"',
            "        nats = tokens * sum(one.nats / one.tokens for one in scored) / len(scored)\n"
            '        row = {\n            "step": step,\n            "split"',
        ),
        expect="the reported loss is not the recomputed one",
    ),
    _fault(
        "evaluation",
        "context-doubled",
        "the evaluator's windows are twice as long as the declared context",
        _edit("evaluate", "[padded_windows(document, context, limit)", "[padded_windows(document, 2 * context, limit)"),
        expect="another loss than the oracle's",
    ),
)

_CHECKPOINT = (
    _fault(
        "checkpoint",
        "saved-state-lags",
        "a checkpoint holds the state that the one before it should have held",
        _edit(
            "checkpoint",
            "copy = gathered(state)",
            "new = gathered(state)\n        copy, self._held = getattr(self, '_held', new), new",
        ),
        expect="what lies on disk is not what the loop held",
    ),
    _fault(
        "checkpoint",
        "averaged-weights-saved",
        "the saved weights are a mean with those of the checkpoint before",
        _edit(
            "checkpoint",
            "copy = gathered(state)",
            "copy = gathered(state)\n"
            "        old = getattr(self, '_held', copy['params'])\n"
            "        copy['params'] = self._held = {n: (9 * x + old[n]) / 10 for n, x in copy['params'].items()}",
        ),
        expect="what lies on disk is not what the loop held",
    ),
    _fault(
        "checkpoint",
        "resume-replays-data",
        "a continued run reads the data from the beginning",
        _edit(
            "train",
            "        layout = self._run.layout\n",
            "        first, layout = done, self._run.layout\n",
        ),
        _edit(
            "train",
            "state, metrics = step(state, spread(batches.batch(done)))",
            "state, metrics = step(state, spread(batches.batch(done - first)))",
        ),
        expect="a resumed run is another one",
        claims=("TRAINING-LOOP-010",),
    ),
)

_REPORTING = (
    _fault(
        "reporting",
        "first-micro-batch-reported",
        "the recorded loss is that of the first micro-batch alone",
        _edit(
            "step",
            "    sums, _ = jax.lax.scan(add, start, micros)\n    return sums[0], sums[1]",
            "    sums, _ = jax.lax.scan(add, start, micros)\n"
            "    one = {name: array[0] for name, array in micros.items()}\n"
            "    return train.accumulate * batch_loss(params, config, one, total, train.loss_chunk, dtype), sums[1]",
        ),
        expect="micro-batches change what is recorded",
        claims=("TRAINING-LOOP-012",),
    ),
    _fault(
        "reporting",
        "border-tokens-counted",
        "a window counts for one token more than it has targets",
        _edit(
            "train",
            "tokens = run.train.batch_size * run.train.seq_length",
            "tokens = run.train.batch_size * (run.train.seq_length + 1)",
        ),
        expect="tokens that were counted and not read",
        claims=("TRAINING-LOOP-004",),
    ),
    _fault(
        "reporting",
        "clock-at-half-speed",
        "steps and loop are said to take half of their time",
        _edit(
            "train",
            "seconds, self._clock = now - self._clock, now",
            "seconds, self._clock = (now - self._clock) / 2, now",
        ),
        _edit("train", "self.seconds += time.monotonic() - began", "self.seconds += (time.monotonic() - began) / 2"),
        expect="the loop's clock is shorter than what was written within the loop",
        claims=("APR-PRETRAIN-INIT-FINETUNE-002",),
    ),
    _fault(
        "reporting",
        "curve-smoothed",
        "the recorded loss is the mean of this step's and the last one's",
        _edit("train", "journal.step(loss=loss,", "journal.step(loss=(loss + (journal.losses or [loss])[-1]) / 2,"),
        expect="the recorded loss is not that of the batch",
    ),
    _fault(
        "reporting",
        "norm-after-the-clip",
        "the recorded norm is that of the gradient after the clip",
        _edit(
            "step",
            '"grad_norm": global_norm(gradients)',
            '"grad_norm": jnp.minimum(global_norm(gradients), train.clip_norm)',
        ),
        expect="the recorded norm is not that of the gradient",
        claims=("ADAMW-007", "TRAINING-LOOP-012"),
    ),
)

_PRECISION = (
    _fault(
        "precision",
        "attention-in-16-bits",
        "queries, keys and values are rounded to float16",
        _edit(
            "model",
            "    return jax.nn.dot_product_attention(\n        q, k, v,",
            f"    q, k, v = ({_rounded('y', 5, 10)} for y in (q, k, v))\n"
            "    return jax.nn.dot_product_attention(\n        q, k, v,",
        ),
        expect="logits are not those of the definition in float32",
    ),
    _fault(
        "precision",
        "products-truncated",
        "the factors of the wide products have ten bits of mantissa",
        _edit(
            "model",
            "wide = x @ jnp.concatenate(weights, axis=1)",
            f"wide = {_rounded('x', 8, 10)} @ {_rounded('jnp.concatenate(weights, axis=1)', 8, 10)}",
        ),
        expect="logits are not those of the definition in float32",
        claims=("TENSOR-LAYOUT-004",),
    ),
    _fault(
        "precision",
        "gradients-in-16-bits",
        "gradients are rounded to bfloat16 before the optimizer sees them",
        _edit(
            "step",
            "updates, opt_state = optimizer.update(gradients,",
            f"gradients = jax.tree.map(lambda g: {_rounded('g', 8, 7)}, gradients)\n"
            "        updates, opt_state = optimizer.update(gradients,",
        ),
        expect="the gradient that is applied is not the slope",
        claims=("TRAINING-LOOP-012",),
    ),
)

STRANGERS: Final = (
    *_DATA,
    *_LOADING,
    *_ARCHITECTURE,
    *_LOSS,
    *_OPTIMIZER,
    *_EVALUATION,
    *_CHECKPOINT,
    *_REPORTING,
    *_PRECISION,
)
