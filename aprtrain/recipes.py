"""The named recipes: a tokenizer, an init trained on one corpus, a fine-tune on another."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from aprtrain.config import EvalConfig, ModelConfig, TrainConfig
from aprtrain.errors import InputError
from aprtrain.shapes import SHAPES


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusConfig:
    """Which text is gathered, and how much of it."""

    name: str
    """`stdlib`, `site-packages`, or a folder."""
    max_document_bytes: int
    """Longer documents are skipped."""
    max_bytes: int
    """Gathering stops before the corpus outgrows this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything `pretrain` needs to know apart from folders, seed and device."""

    name: str
    tokenizer_vocab_size: int
    tokenizer_bytes: int
    """Text the tokenizer is trained on, at most, in bytes."""
    model: ModelConfig
    init_corpus: CorpusConfig
    init: TrainConfig
    finetune_corpus: CorpusConfig
    finetune: TrainConfig
    eval: EvalConfig

    def stage(self, name: str) -> TrainConfig:
        """The training configuration of stage `init` or `finetune`."""
        return {"init": self.init, "finetune": self.finetune}[name]

    def to_json(self) -> dict[str, Any]:
        """The recipe as JSON values."""
        return dataclasses.asdict(self)


def _run(mode: str, *, steps: int, batch: int, seq: int, lr: float, warmup: int, **other: Any) -> TrainConfig:
    settings: dict[str, Any] = {
        "steps_per_epoch": 100,
        "min_lr_ratio": 0.05,
        "weight_decay": 0.1,
        "beta1": 0.9,
        "beta2": 0.95,
        "epsilon": 1e-8,
        "clip_norm": 1.0,
        "loss_chunk": 4096,
        "checkpoint_every": 100,
        "target_val_loss": None,
    }
    settings |= other
    return TrainConfig(
        mode=mode,
        num_steps=steps,
        batch_size=batch,
        seq_length=seq,
        learning_rate=lr,
        warmup_steps=warmup,
        **settings,
    )


DEFAULT_RUN = _run("scratch", steps=500, batch=8, seq=128, lr=1e-3, warmup=50)
DEFAULT_EVAL = EvalConfig(eval_documents=48, eval_tokens=1024)
"""What `pretrain` does where neither a recipe nor an option says otherwise."""

_MICRO = Recipe(
    name="finetune-micro",
    tokenizer_vocab_size=272,
    tokenizer_bytes=500_000,
    model=ModelConfig(
        vocab_size=272,
        hidden_size=96,
        num_layers=1,
        num_heads=4,
        num_kv_heads=2,
        head_dim=16,
        intermediate_size=256,
        max_positions=64,
        rope_theta=10_000.0,
        rms_norm_eps=1e-6,
        tie_word_embeddings=True,
        qkv_bias=True,
    ),
    init_corpus=CorpusConfig(name="stdlib", max_document_bytes=16_384, max_bytes=1_500_000),
    init=_run("scratch", steps=250, batch=16, seq=64, lr=7e-3, warmup=20, beta2=0.99, checkpoint_every=250),
    finetune_corpus=CorpusConfig(name="site-packages", max_document_bytes=8_192, max_bytes=3_000_000),
    finetune=_run(
        "finetune",
        steps=120,
        batch=16,
        seq=64,
        lr=7e-3,
        warmup=5,
        beta2=0.99,
        steps_per_epoch=30,
        checkpoint_every=30,
    ),
    eval=EvalConfig(eval_documents=36, eval_tokens=256),
)

_TINY = Recipe(
    name="finetune-tiny",
    tokenizer_vocab_size=384,
    tokenizer_bytes=2_000_000,
    model=ModelConfig(
        vocab_size=384,
        hidden_size=96,
        num_layers=2,
        num_heads=4,
        num_kv_heads=2,
        head_dim=24,
        intermediate_size=256,
        max_positions=128,
        rope_theta=10_000.0,
        rms_norm_eps=1e-6,
        tie_word_embeddings=True,
        qkv_bias=True,
    ),
    init_corpus=CorpusConfig(name="stdlib", max_document_bytes=65_536, max_bytes=5_000_000),
    init=_run(
        "scratch",
        steps=600,
        batch=8,
        seq=128,
        lr=7e-3,
        warmup=40,
        beta2=0.99,
        steps_per_epoch=300,
        checkpoint_every=300,
    ),
    finetune_corpus=CorpusConfig(name="site-packages", max_document_bytes=65_536, max_bytes=8_000_000),
    finetune=_run("finetune", steps=500, batch=8, seq=128, lr=6e-3, warmup=20, beta2=0.99),
    eval=EvalConfig(eval_documents=48, eval_tokens=1024),
)

_QWEN = Recipe(
    name="finetune-qwen2.5-0.5b",
    tokenizer_vocab_size=4096,
    tokenizer_bytes=8_000_000,
    model=SHAPES["qwen2.5-coder-0.5b"],
    init_corpus=CorpusConfig(name="stdlib", max_document_bytes=1_000_000, max_bytes=20_000_000),
    init=_run("scratch", steps=1000, batch=16, seq=512, lr=6e-4, warmup=100, checkpoint_every=500),
    finetune_corpus=CorpusConfig(name="site-packages", max_document_bytes=1_000_000, max_bytes=40_000_000),
    finetune=_run("finetune", steps=500, batch=8, seq=512, lr=2e-4, warmup=50, checkpoint_every=250),
    eval=EvalConfig(eval_documents=64, eval_tokens=1024),
)

RECIPES = {recipe.name: recipe for recipe in (_MICRO, _TINY, _QWEN)}


def recipe(name: str) -> Recipe:
    """The recipe of that name; an unknown one is an InputError that lists the known."""
    if name not in RECIPES:
        raise InputError(f"recipe {name!r}", "is unknown", f"give one of {', '.join(RECIPES)}")
    return RECIPES[name]
