"""Hugging Face's names for a decoder's shape and tensors, and ours; what we cannot train is refused by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aprtrain.config import ModelConfig, RopeScaling, parse
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
_FIELDS = {
    ours: (theirs, {"int": int, "float": float, "bool": bool}[kind]) for ours, (theirs, kind) in _DATA["fields"].items()
}
_SCALINGS = {"default": (), "linear": ("factor",), "llama3": ("factor", *_DATA["llama3"].values())}
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
    wanted = [*(name for name, _ in _FIELDS.values()), "hidden_act", *family.required]
    missing = [name for name in wanted if name not in config] + ["rope_theta"] * (theta is None)
    if missing:
        raise InputError(where, f"missing fields {missing}", "write them into it; none has a default")
    numbers = {"rope_theta": (theta, float)} | {name: (config[name], kind) for name, kind in _FIELDS.values()}
    if config.get("head_dim") is not None:
        numbers["head_dim"] = (config["head_dim"], int)
    lines = [f"{name}={value!r} is no {kind.__name__}" for name, (value, kind) in numbers.items() if _odd(value, kind)]
    lines += [
        f"{name}={config[name]!r}; we compute only {only!r}"
        for name, only in _DATA["only"].items()
        if config.get(name) not in (None, only) and not (name == "attention_bias" and family.qkv_bias)
    ]
    window, faults = (None, []) if lines else _window(config)
    lines += [*faults, *_rope_faults(config, rope, theta)]
    hidden, heads, head_dim = config["hidden_size"], config["num_attention_heads"], config.get("head_dim")
    if not lines and head_dim is None and hidden % max(1, heads):
        lines.append(f"hidden_size={hidden} is no multiple of num_attention_heads={heads}, and head_dim is not given")
    if lines:
        raise InputError(where, "; ".join(lines), "give a checkpoint within these limits")
    fields = {ours: kind(config[name]) for ours, (name, kind) in _FIELDS.items()} | {
        "head_dim": hidden // max(1, heads) if head_dim is None else head_dim,
        "rope_theta": float(theta),
        "rope_scaling": _scaling(rope),
        "qkv_bias": family.qkv_bias,
        "qk_norm": family.qk_norm,
        "sliding_window": window,
    }
    return ModelConfig.from_json(where, fields)


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


def _odd(value: Any, kind: type) -> bool:
    """Whether a JSON value is no `kind`; true is no number, and a number is finite."""
    if kind is bool or isinstance(value, bool):
        return not isinstance(value, bool) or kind is not bool
    return not isinstance(value, int if kind is int else (int, float)) or not abs(value) < 1e300


def _window(config: Mapping[str, Any]) -> tuple[int | None, list[str]]:
    """The window within which every layer attends, None for the whole context; and what speaks against it."""
    window: Any = config.get("sliding_window")
    layers, first = config.get("layer_types"), config.get("max_window_layers", "missing")
    if config["model_type"] == "llama" or (layers is None and window is None):
        return None, []
    if isinstance(layers, list):
        kinds = set(map(str, layers))
    elif config["model_type"] == "mistral":
        kinds = {"sliding_attention"}
    elif "use_sliding_window" not in config:
        return None, ["use_sliding_window is missing, sliding_window is there"]
    elif config["use_sliding_window"] and _odd(first, int):
        return None, [f"max_window_layers={first!r} is no int"]
    else:
        ends = (first < config["num_hidden_layers"], first <= 0) if config["use_sliding_window"] else (False,)
        kinds = {"sliding_attention" if slides else "full_attention" for slides in ends}
    if kinds == {"full_attention"} or (not _odd(window, int) and window >= config["max_position_embeddings"]):
        return None, []
    if kinds == {"sliding_attention"} and not _odd(window, int):
        return window, []
    return None, [f"sliding_window={window!r} with layers of {sorted(kinds)}; we compute one window for all layers"]


def _rope_faults(config: Mapping[str, Any], rope: Mapping[str, Any], theta: Any) -> list[str]:
    if config.get("rope_theta", theta) != theta:
        return [f"rope_theta={config['rope_theta']} here and {theta} in rope_parameters"]
    if config.get("rope_parameters") and config.get("rope_scaling", rope) not in (None, rope):
        return ["rope_parameters and rope_scaling differ"]
    if not rope:
        return []
    kind = rope.get("rope_type", rope.get("type"))
    if str(kind) not in _SCALINGS:
        return [f"rope scaling {kind!r} is none of {', '.join(_SCALINGS)}"]
    known = {"rope_type", "type", "rope_theta", "partial_rotary_factor", *_SCALINGS[kind]}
    lines = [f"rope scaling {kind!r} has the unknown field {name}" for name in sorted(set(rope) - known)]
    lines += [f"rope scaling {kind!r} lacks {name}" for name in _SCALINGS[kind] if _odd(rope.get(name), float)]
    if rope.get("partial_rotary_factor", 1) != 1:
        lines.append(f"partial_rotary_factor={rope['partial_rotary_factor']!r}; we compute only 1")
    return lines


def _scaling(rope: Mapping[str, Any]) -> RopeScaling | None:
    kind = rope.get("rope_type", rope.get("type", "default"))
    if kind == "default":
        return None
    more = {ours: rope[name] for ours, name in _DATA["llama3"].items()} if kind == "llama3" else {}
    return parse(RopeScaling, "rope_scaling", {"kind": kind, "factor": float(rope["factor"])} | more)


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
        values = {_DATA["llama3"].get(name, name): value for name, value in asdict(model.rope_scaling).items()}
        rope = {"rope_type": values.pop("kind")} | {name: value for name, value in values.items() if value}
    return {
        **{name: getattr(model, ours) for ours, (name, _) in _FIELDS.items()},
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
