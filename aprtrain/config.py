"""What a run is: the shape of the model, how it is trained, how it is scored."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from aprtrain.errors import InputError


class _Config:
    """Reading and writing shared by the three configurations."""

    __slots__ = ()

    @classmethod
    def from_json(cls, where: object, fields: Mapping[str, Any]) -> Self:
        """The configuration with exactly these fields; a missing or unknown one is an InputError."""
        known = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
        missing, unknown = sorted(known - set(fields)), sorted(set(fields) - known)
        if missing or unknown:
            what = f"missing fields {missing}, unknown fields {unknown}"
            raise InputError(where, what, f"write exactly the fields {sorted(known)}")
        return cls(**fields)

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return dataclasses.asdict(self)  # type: ignore[call-overload, no-any-return]


def _require(where: str, *conditions: tuple[bool, str, str]) -> None:
    broken = [(what, fix) for holds, what, fix in conditions if not holds]
    if broken:
        raise InputError(where, "; ".join(what for what, _ in broken), "; ".join(fix for _, fix in broken))


def _positive(config: object, names: tuple[str, ...]) -> list[tuple[bool, str, str]]:
    def row(name: str) -> tuple[bool, str, str]:
        value = getattr(config, name)
        return value > 0, f"{name}={value} ({type(value).__name__})", f"give a positive {name}"

    return [row(name) for name in names]


@dataclass(frozen=True, slots=True, kw_only=True)
class RopeScaling(_Config):
    """How the rotary frequencies of a model are stretched beyond the context it was first trained on."""

    kind: str
    """`linear`, or `llama3`; the last three fields belong to `llama3` and are 0 elsewhere."""
    factor: float
    low_freq_factor: float = 0.0
    high_freq_factor: float = 0.0
    original_positions: int = 0

    def __post_init__(self) -> None:
        low, high, first = self.low_freq_factor, self.high_freq_factor, self.original_positions
        known = {"linear": low == high == first == 0, "llama3": 0 < low < high and first > 0}
        fix = "give linear with a factor, or llama3 with factor, 0 < low_freq_factor < high_freq_factor and positions"
        _require("model", (known.get(self.kind, False) and self.factor > 0, f"rope_scaling={self.to_json()}", fix))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig(_Config):
    """The shape of a decoder; every number that its arrays or its arithmetic depend on.

    The last three are what most decoders lack; a file names them all the same.
    """

    vocab_size: int
    hidden_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    intermediate_size: int
    max_positions: int
    """Longest context the model is meant for, in tokens."""
    rope_theta: float
    rms_norm_eps: float
    tie_word_embeddings: bool
    qkv_bias: bool
    qk_norm: bool = False
    """Whether the query and key of every head are normed before they are turned."""
    rope_scaling: RopeScaling | None = None
    sliding_window: int | None = None
    """Places that every token attends to, its own included; None for all before it."""

    @classmethod
    def from_json(cls, where: object, fields: Mapping[str, Any]) -> Self:
        """The configuration with exactly these fields, those of `rope_scaling` as well."""
        scaling = fields.get("rope_scaling")
        if isinstance(scaling, Mapping):
            fields = {**fields, "rope_scaling": RopeScaling.from_json(where, scaling)}
        return super(ModelConfig, cls).from_json(where, fields)

    def __post_init__(self) -> None:
        sizes = ("vocab_size", "hidden_size", "num_layers", "num_heads", "num_kv_heads", "head_dim")
        _require(
            "model",
            *_positive(self, (*sizes, "intermediate_size", "max_positions", "rope_theta", "rms_norm_eps")),
            (
                self.num_kv_heads > 0 and self.num_heads % self.num_kv_heads == 0,
                f"num_heads={self.num_heads} is no multiple of num_kv_heads={self.num_kv_heads}",
                "let every key/value head serve the same number of query heads",
            ),
            (
                self.head_dim % 2 == 0,
                f"head_dim={self.head_dim} is odd",
                "rotary positions need an even head_dim",
            ),
            (
                self.sliding_window is None or self.sliding_window > 0,
                f"sliding_window={self.sliding_window}",
                "give a positive sliding_window, or null",
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig(_Config):
    """How a run is trained; together with the seed, the shards and the init it decides every bit."""

    mode: str
    """`scratch` or `finetune`."""
    num_steps: int
    batch_size: int
    """Windows a step."""
    seq_length: int
    """Targets a window."""
    steps_per_epoch: int
    """Steps between two readings of the validation loss."""
    learning_rate: float
    """Peak, reached after `warmup_steps`."""
    warmup_steps: int
    min_lr_ratio: float
    """Final learning rate as a share of the peak."""
    weight_decay: float
    beta1: float
    beta2: float
    epsilon: float
    clip_norm: float
    """Largest global gradient norm that passes unscaled."""
    loss_chunk: int
    """Tokens whose logits exist at one time."""
    checkpoint_every: int
    target_val_loss: float | None
    """Stop early once val-a is at or below this, in nats/token; None never stops."""

    def __post_init__(self) -> None:
        counts = (
            "num_steps",
            "batch_size",
            "seq_length",
            "steps_per_epoch",
            "loss_chunk",
            "checkpoint_every",
        )
        _require(
            "train",
            *_positive(self, (*counts, "learning_rate", "clip_norm", "epsilon")),
            (self.mode in ("scratch", "finetune"), f"mode={self.mode!r}", "give scratch or finetune"),
            (self.warmup_steps >= 0, f"warmup_steps={self.warmup_steps}", "give 0 or more warm-up steps"),
            (0 <= self.min_lr_ratio <= 1, f"min_lr_ratio={self.min_lr_ratio}", "give a ratio in [0, 1]"),
            (self.weight_decay >= 0, f"weight_decay={self.weight_decay}", "give a decay of 0 or more"),
            (
                0 <= self.beta1 < 1 and 0 <= self.beta2 < 1,
                f"beta1={self.beta1}, beta2={self.beta2}",
                "give both betas in [0, 1)",
            ),
            (
                self.target_val_loss is None or self.target_val_loss >= 0,
                f"target_val_loss={self.target_val_loss}",
                "give a loss of 0 or more nats/token",
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalConfig(_Config):
    """What is scored: the first documents of a split, and the first targets of each."""

    eval_documents: int
    eval_tokens: int

    def __post_init__(self) -> None:
        _require("eval", *_positive(self, ("eval_documents", "eval_tokens")))


def differences(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Every field in which two JSON objects differ, as `name: before -> after`, sorted by name."""
    found: list[str] = []
    for name in sorted(set(before) | set(after)):
        old, new = before.get(name, "absent"), after.get(name, "absent")
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += differences(old, new, f"{prefix}{name}.")
        elif old != new:
            found.append(f"{prefix}{name}: {old!r} -> {new!r}")
    return found
