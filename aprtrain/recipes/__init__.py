"""The recipes, a YAML file each: a tokenizer, an init trained on one corpus, perhaps a fine-tune on another."""

import dataclasses
from pathlib import Path
from typing import Any

from pydantic.dataclasses import dataclass

from aprtrain.config import SETTINGS, Count, EvalConfig, ModelConfig, TrainConfig, parse
from aprtrain.errors import InputError
from aprtrain.settings import read_settings
from aprtrain.shapes import shape

RECIPES = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.yaml"))}


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class CorpusConfig:
    """Which text is gathered, and how much of it."""

    name: str
    """`stdlib`, `site-packages`, or a folder."""
    max_document_bytes: Count
    """Longer documents are skipped."""
    max_bytes: Count
    """Gathering stops before the corpus outgrows this."""


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Recipe:
    """Everything `pretrain` needs to know apart from folders, seed and device."""

    name: str
    tokenizer_vocab_size: Count
    tokenizer_bytes: Count
    """Text the tokenizer is trained on, at most, in bytes."""
    model: ModelConfig
    init_corpus: CorpusConfig
    init: TrainConfig
    finetune_corpus: CorpusConfig | None = None
    finetune: TrainConfig | None = None
    eval: EvalConfig

    def stage(self, name: str) -> TrainConfig:
        """The training configuration of stage `init` or `finetune`; InputError where the recipe has none."""
        chosen = {"init": self.init, "finetune": self.finetune}[name]
        if chosen is None:
            raise InputError(f"recipe {self.name!r}", f"has no stage {name}", "give another recipe, or --stage init")
        return chosen

    def to_json(self) -> dict[str, Any]:
        """The recipe as JSON values."""
        return dataclasses.asdict(self)


def recipe(name: str) -> Recipe:
    """The recipe of that name, or in that YAML file; `model` in it is a shape, or the name of one.

    Raises:
        InputError: it is unknown (the known ones are listed), or lacks a field or has one of the wrong kind.
    """
    path = RECIPES.get(name, Path(name))
    if path.suffix not in (".yaml", ".yml"):
        raise InputError(f"recipe {name!r}", "is unknown", f"give a YAML file, or one of {', '.join(RECIPES)}")
    fields = read_settings(path) | {"name": name}
    if isinstance(fields.get("model"), str):
        fields["model"] = shape(fields["model"])
    return parse(Recipe, path, fields)
