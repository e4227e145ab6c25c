"""What a run is: the shape of the model, how it is trained, how it is scored."""

import dataclasses
import difflib
import reprlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import ConfigDict, Field, StrictBool, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from aprtrain.errors import InputError

Count = Annotated[int, Field(strict=True, gt=0)]
Number = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Ratio = Annotated[float, Field(strict=True, ge=0, le=1)]
Beta = Annotated[float, Field(strict=True, ge=0, lt=1)]

SETTINGS = ConfigDict(extra="forbid", use_attribute_docstrings=True)
DeviceName = Literal["cpu", "cuda", "auto"]
DEVICES: tuple[str, ...] = get_args(DeviceName)
SPLITS = ("train", "val-a", "val-b")
T = TypeVar("T")


def parse(kind: type[T], where: object, fields: Mapping[str, Any], names: Mapping[str, str] | None = None) -> T:
    """The fields as a `kind`; those with a default may be missing. Errors call them by their `names` where given.

    Raises:
        InputError: a field is missing, unknown (the nearest known one is named) or has a value it may not have.
    """
    try:
        return TypeAdapter(kind).validate_python(fields)
    except ValidationError as error:
        faults = error.errors(include_url=False)
    known = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]
    places = [
        ".".join((names or {}).get(part, part) for part in map(str, fault["loc"])) or "fields" for fault in faults
    ]
    found = list(zip(places, faults, strict=True))
    missing = [place for place, fault in found if fault["type"] == "missing"]
    unknown = [place for place, fault in found if fault["type"] == "unexpected_keyword_argument"]
    lines = [f"{title} fields {names}" for title, names in (("missing", missing), ("unknown", unknown)) if names]
    fixes = [nearest(name, known) for name in unknown] or [f"write the fields {known}"] * bool(missing)
    for place, fault in found:
        if fault["type"] not in ("missing", "unexpected_keyword_argument"):
            value = "" if isinstance(fault["input"], Mapping) else f"={reprlib.repr(fault['input'])}"
            lines.append(f"{place}{value}: {fault['msg'].removeprefix('Value error, ')}")
    raise InputError(where, "; ".join(lines), "; ".join(fixes) or "give each named field a value it may have")


def nearest(name: str, known: Collection[str]) -> str:
    """The remedy for an unknown name."""
    close = difflib.get_close_matches(name.rpartition(".")[2], known, n=1)
    return f"did you mean {close[0]}?" if close else f"give one of {', '.join(known)}"


class _Config:
    """Reading and writing shared by the configurations."""

    @classmethod
    def from_json(cls, where: object, fields: Mapping[str, Any]) -> Self:
        """The configuration with exactly these fields; a missing or unknown one is an InputError."""
        missing = {field.name for field in dataclasses.fields(cls)} - set(fields)  # type: ignore[arg-type]
        if missing:
            raise InputError(where, f"missing fields {sorted(missing)}", "write every field; none has a default")
        return parse(cls, where, fields)

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return dataclasses.asdict(self)  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class RopeScaling(_Config):
    """How the rotary frequencies of a model are stretched beyond the context it was first trained on."""

    kind: Literal["linear", "llama3"]
    """The last three fields belong to `llama3` and are 0 elsewhere."""
    factor: Positive
    low_freq_factor: Number = 0.0
    high_freq_factor: Number = 0.0
    original_positions: Annotated[int, Field(strict=True, ge=0)] = 0

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        low, high, first = self.low_freq_factor, self.high_freq_factor, self.original_positions
        if not {"linear": low == high == first == 0, "llama3": 0 < low < high and first > 0}[self.kind]:
            raise ValueError("llama3 needs 0 < low_freq_factor < high_freq_factor and original_positions, linear none")
        return self


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ModelConfig(_Config):
    """The shape of a decoder; every number that its arrays or its arithmetic depend on.

    The last three are what most decoders lack; a checkpoint names them all the same.
    """

    vocab_size: Count
    hidden_size: Count
    num_layers: Count
    num_heads: Count
    num_kv_heads: Count
    head_dim: Count
    intermediate_size: Count
    max_positions: Count
    """Longest context the model is meant for, in tokens."""
    rope_theta: Positive
    rms_norm_eps: Positive
    tie_word_embeddings: StrictBool
    qkv_bias: StrictBool
    qk_norm: StrictBool = False
    """Whether the query and key of every head are normed before they are turned."""
    rope_scaling: RopeScaling | None = None
    sliding_window: Count | None = None
    """Places that every token attends to, its own included; None for all before it."""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.num_heads % self.num_kv_heads:
            raise ValueError(f"num_heads={self.num_heads} is no multiple of num_kv_heads={self.num_kv_heads}")
        if self.head_dim % 2:
            raise ValueError(f"head_dim={self.head_dim} is odd; rotary positions need an even one")
        return self


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class TrainConfig(_Config):
    """How a run is trained; together with the seed, the shards and the init it decides every bit."""

    mode: Literal["from-scratch", "finetune"] = "from-scratch"
    """Whether the run starts from an init.  [default: by --init]"""
    num_steps: Count = 500
    """Steps in all."""
    batch_size: Count = 8
    """Windows a step."""
    seq_length: Count = 128
    """Targets a window."""
    accumulate: Count = 1
    """Micro-batches that a step is computed in, one after the other, for less memory."""
    document_masks: StrictBool = False
    """Keep attention and positions within a document."""
    steps_per_epoch: Count = 100
    """Steps between two readings of the validation loss."""
    learning_rate: Positive = 1e-3
    """Peak, reached after `warmup_steps`."""
    warmup_steps: Annotated[int, Field(strict=True, ge=0)] = 50
    """Steps up to the peak."""
    min_lr_ratio: Ratio = 0.05
    """Final learning rate as a share of the peak."""
    weight_decay: Number = 0.1
    """Pull on matrices, relative to the learning rate."""
    beta1: Beta = 0.9
    """Decay of AdamW's mean gradient."""
    beta2: Beta = 0.95
    """Decay of AdamW's mean square."""
    epsilon: Positive = 1e-8
    """Added to AdamW's root mean square."""
    clip_norm: Positive = 1.0
    """Largest global gradient norm that passes unscaled."""
    loss_chunk: Count = 4096
    """Tokens whose logits exist at one time."""
    checkpoint_every: Count = 100
    """Steps between checkpoints."""
    keep_checkpoints: Count = 2
    """Last checkpoints that are kept, beside the one with the best val-a loss."""
    target_val_loss: Number | None = None
    """Stop early once the val-a loss is at or below this, in nats/token."""

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.batch_size % self.accumulate:
            raise ValueError(f"batch_size={self.batch_size} is no multiple of accumulate={self.accumulate}")
        return self


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class EvalConfig(_Config):
    """What is scored."""

    eval_documents: Count = 48
    """Documents of a split that are scored: its first."""
    eval_tokens: Count = 1024
    """Targets of each document that are scored: its first."""


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Request:
    """What `aprtrain pretrain` is asked for; `overrides` are fields of TrainConfig and EvalConfig."""

    dataset: Path
    """Shards written by `aprtrain encode`."""
    tokenizer: Path | None = None
    """Refuse shards that were made with another one."""
    run_dir: Path
    """Folder of the run; an interrupted one is continued."""
    recipe: str | None = None
    """Recipe, by name or YAML file, that gives the model and all defaults."""
    stage: Literal["init", "finetune"] | None = None
    """Stage of it.  [default: by --init]"""
    shape: str | None = None
    """Published shape by name (qwen3-0.6b, ...), or a config.json, in place of a recipe."""
    init: Path | None = None
    """Run, checkpoint or folder of safetensors to start from."""
    device: DeviceName = "auto"
    """Where to compute.  [default: auto]"""
    devices: Count = 1
    """Devices that share the rows of a batch, over all processes.  [default: 1]"""
    shard: bool = False
    """Cut parameters and moments up among the devices, for less memory on each."""
    coordinator: str | None = None
    """HOST:PORT of the first of several processes, for runs on several machines."""
    processes: Count = 1
    """How many processes make the run.  [default: 1]"""
    process: Annotated[int, Field(ge=0)] = 0
    """Which of them this one is, from 0.  [default: 0]"""
    deterministic: bool = False
    """Only kernels that give the same bits every time; slower on a GPU."""
    seed: Annotated[int, Field(ge=0, lt=1 << 31)] = 0
    """Of the order of windows, and of what is drawn from scratch.  [default: 0]"""
    overrides: dict[str, Any] = Field(default_factory=dict)


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
