"""Hugging Face's names for a decoder's shape and tensors, and ours; what we cannot train is refused by name."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from aprtrain.config import ModelConfig, parse
from aprtrain.errors import InputError
from aprtrain.settings import read_settings

ENCODER_CLAIM = "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-007"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What a `model_type` fixes without saying so in config.json, and the fields that it must not leave out."""

    architecture: str
    qkv_bias: bool = False
    qk_norm: bool = False
    required: tuple[str, ...] = ()


_DATA = read_settings(Path(__file__).with_name("hf.yaml"))
FAMILIES = {name: Family(**row) for name, row in _DATA["families"].items()}
_FIELDS, _LLAMA3 = _DATA["fields"], _DATA["llama3"]
_OURS = {theirs: ours for ours, theirs in _DATA["tensors"].items()}
_LAYER = re.compile(rf"model\.layers\.(\d+)\.({'|'.join(map(re.escape, list(_OURS)[3:]))})")


def model_from_hf(where: object, config: Mapping[str, Any]) -> ModelConfig:
    """The shape in a config.json of Hugging Face; head_dim alone may be derived, where the family does so.

    Raises:
        InputError: it is no decoder that we can train, or fields are missing, wrong or beyond our arithmetic.
    """
    family = _family(where, config)
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if not isinstance(rope, Mapping):
        raise InputError(where, f"rope_parameters or rope_scaling is {rope!r}", "give an object, or null")
    theta: Any = rope.get("rope_theta", config.get("rope_theta"))
    missing = [name for name in (*_FIELDS.values(), "hidden_act", *family.required) if name not in config]
    if missing or theta is None:
        what = f"missing fields {missing + ['rope_theta'] * (theta is None)}"
        raise InputError(where, what, "write them into it; none has a default")
    fields = {ours: config[name] for ours, name in _FIELDS.items()} | {
        "head_dim": _head_dim(where, config),
        "rope_theta": theta,
        "rope_scaling": _scaling(rope),
        "qkv_bias": family.qkv_bias,
        "qk_norm": family.qk_norm,
    }
    model = parse(ModelConfig, where, fields, _FIELDS | _LLAMA3)
    lines = [
        f"{name}={found!r}; we compute only {only!r}"
        for name, only in _DATA["only"].items()
        if (found := config.get(name, rope.get(name))) not in (None, only)
        and not (name == "attention_bias" and family.qkv_bias)
    ]
    if config.get("rope_theta", theta) != theta:
        lines.append(f"rope_theta={config['rope_theta']} here and {theta} in rope_parameters")
    if config.get("rope_parameters") and config.get("rope_scaling", rope) not in (None, rope):
        lines.append("rope_parameters and rope_scaling differ")
    window, faults = _window(config, model)
    if lines or faults:
        raise InputError(where, "; ".join([*lines, *faults]), "give a checkpoint within these limits")
    return replace(model, sliding_window=window)


def _family(where: object, config: Mapping[str, Any]) -> Family:
    kind, classes = config.get("model_type"), config.get("architectures")
    family = FAMILIES.get(str(kind))
    missing = [name for name in ("model_type", "architectures") if not config.get(name)]
    if missing and (family or not kind):
        raise InputError(where, f"missing fields {missing}", "give a config.json that says what the model is")
    if family is None or classes != [family.architecture]:
        listed = classes if isinstance(classes, list) else [classes or "none"]
        found = f"family {kind!r} with class {', '.join(map(str, listed))}"
        known = ", ".join(f"{name} ({one.architecture})" for name, one in FAMILIES.items())
        what = f"{ENCODER_CLAIM}: {found} is none of the decoder-only models that can be trained"
        raise InputError(where, what, f"give a decoder-only checkpoint: {known}")
    return family


def _head_dim(where: object, config: Mapping[str, Any]) -> Any:
    if config.get("head_dim") is not None:
        return config["head_dim"]
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    if not (isinstance(hidden, int) and isinstance(heads, int) and heads and hidden % heads == 0):
        what = f"hidden_size={hidden!r} is no multiple of num_attention_heads={heads!r}, and head_dim is not given"
        raise InputError(where, what, "write head_dim into it")
    return hidden // heads


def _scaling(rope: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields of our RopeScaling, as they are given."""
    ours = {theirs: ours for ours, theirs in _LLAMA3.items()}
    beside = ("rope_type", "type", "rope_theta", "partial_rotary_factor")
    rest = {ours.get(name, name): value for name, value in rope.items() if name not in beside}
    kind = rope.get("rope_type", rope.get("type"))
    return None if not rope or (kind == "default" and not rest) else {"kind": kind} | rest


def _window(config: Mapping[str, Any], model: ModelConfig) -> tuple[int | None, list[str]]:
    """The window within which every layer attends, None for the whole context; and what speaks against it."""
    window: Any = config.get("sliding_window")
    layers, first = config.get("layer_types"), config.get("max_window_layers", "missing")
    whole = isinstance(window, int) and window is not True and window > 0
    if config["model_type"] == "llama" or (layers is None and window is None):
        return None, []
    if isinstance(layers, list):
        kinds = set(map(str, layers))
    elif config["model_type"] == "mistral":
        kinds = {"sliding_attention"}
    elif "use_sliding_window" not in config:
        return None, ["use_sliding_window is missing, sliding_window is there"]
    elif config["use_sliding_window"] and not isinstance(first, int):
        return None, [f"max_window_layers={first!r} is no int"]
    else:
        ends = (first < model.num_layers, first <= 0) if config["use_sliding_window"] else (False,)
        kinds = {"sliding_attention" if slides else "full_attention" for slides in ends}
    if kinds == {"full_attention"} or (whole and window >= model.max_positions):
        return None, []
    if kinds == {"sliding_attention"} and whole:
        return window, []
    return None, [f"sliding_window={window!r} with layers of {sorted(kinds)}; we compute one window for all layers"]


def hf_config(model: ModelConfig, dtype: str) -> dict[str, Any]:
    """The config.json of the first family that has this arithmetic; Llama alone has no window.

    Raises:
        InputError: no family has it.
    """
    wanted, window = (model.qkv_bias, model.qk_norm), model.sliding_window
    known = {
        (one.qkv_bias, one.qk_norm): name for name, one in reversed(FAMILIES.items()) if name != "llama" or not window
    }
    if wanted not in known:
        what = f"no family of Hugging Face has qkv_bias={model.qkv_bias} and qk_norm={model.qk_norm}"
        raise InputError("export", what, "train one with at most one of them")
    kind, family = known[wanted], FAMILIES[known[wanted]]
    rope = {"rope_type": "default"}
    if model.rope_scaling is not None:
        values = {_LLAMA3.get(name, name): value for name, value in asdict(model.rope_scaling).items()}
        rope = {"rope_type": values.pop("kind")} | {name: value for name, value in values.items() if value}
    return {
        **{name: getattr(model, ours) for ours, name in _FIELDS.items()},
        **({} if family.qkv_bias else {"attention_bias": False, "mlp_bias": False}),
        "architectures": [family.architecture],
        "dtype": dtype,
        "head_dim": model.head_dim,
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "max_window_layers": 0,
        "model_type": kind,
        "rope_parameters": rope | {"rope_theta": model.rope_theta},
        "rope_theta": model.rope_theta,
        "sliding_window": window,
        "use_sliding_window": window is not None,
    }


def hf_name(name: str) -> str:
    """Hugging Face's name of the tensor that we call `name`."""
    *layer, last = name.split(".")
    return ".".join(["model", *layer, _DATA["tensors"][last]]) if layer else _DATA["tensors"][last]


def our_name(name: str) -> str:
    """Our name of a tensor of Hugging Face; `file:` and its own if we have none, lest it be taken for one of ours."""
    found = _LAYER.fullmatch(name)
    if found:
        return f"layers.{found[1]}.{_OURS[found[2]]}"
    return _OURS[name] if name in _OURS and name.startswith(("model.", "lm_head.")) else f"file:{name}"


def is_transposed(name: str) -> bool:
    """Whether the tensor that we call `name` lies the other way round at Hugging Face: all products do."""
    return name.rsplit(".", 1)[-1].startswith("w")
