"""The published decoders whose shape is known here by name; a shape is data, the code is the same for all."""

from pathlib import Path
from typing import Any

from aprtrain.config import ModelConfig, parse
from aprtrain.errors import InputError
from aprtrain.files import read_json
from aprtrain.settings import read_settings

_PUBLISHED = Path(__file__).with_name("shapes.yaml")
SHAPES = {
    name: parse(ModelConfig, f"{_PUBLISHED}: {name}", fields) for name, fields in read_settings(_PUBLISHED).items()
}


def shape(name: str) -> ModelConfig:
    """The shape of that name, or in that config.json: a checkpoint's of ours, or one of Hugging Face."""
    if name in SHAPES:
        return SHAPES[name]
    path = Path(name) / "config.json" if Path(name).is_dir() else Path(name)
    if not path.exists():
        raise InputError(f"shape {name!r}", "is unknown", f"give a config.json, or one of {', '.join(SHAPES)}")
    return model_of(path, read_json(path, fix="give the config.json of a checkpoint"))


def model_of(path: Path, config: dict[str, Any]) -> ModelConfig:
    """The shape in a config.json that was read from `path`: ours under `model`, else one of Hugging Face."""
    from aprtrain.hf import model_from_hf

    if isinstance(config.get("model"), dict):
        return ModelConfig.from_json(path, config["model"])
    return model_from_hf(path, config)
