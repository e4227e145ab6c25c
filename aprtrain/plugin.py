"""The trainer as others drive it: its recipes, the stages of a run, and the trained system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aprtrain.corpus import gather
from aprtrain.device import CHOICES
from aprtrain.errors import InputError
from aprtrain.recipes import CorpusConfig, Recipe, recipe

if TYPE_CHECKING:
    from aprtrain.system import AprSystem

_TOKENIZER = ("aprtrain.tokenizer", "aprtrain.corpus", "aprtrain.recipes")
_ENCODE = (*_TOKENIZER, "aprtrain.encode")
_TRAIN = tuple(
    f"aprtrain.{name}"
    for name in (
        *("arrays", "checkpoint", "config", "data", "device", "encode", "evaluate", "files", "foreign", "guard"),
        *("hf", "init", "journal", "loss", "model", "optimizer", "pretrain", "recipes", "safetensors", "shapes"),
        *("step", "tokenizer", "train"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One command of a run; `{out}` in it stands for its own folder, `{name}` for an earlier stage's."""

    name: str
    argv: tuple[str, ...]
    """What follows `python -P -m`."""
    modules: tuple[str, ...]
    """The modules its result depends on."""
    inputs: tuple[str, ...]
    """Earlier stages whose folders it reads."""
    fingerprint: str
    """Digest of what it reads beside those folders; empty if nothing."""
    cached: bool
    mutable: bool
    """Whether a planted fault may act on it."""


class AprTrainer:
    """The plugin `aprtrain`."""

    name = "aprtrain"

    def recipe(self, name: str) -> dict[str, Any]:
        """The recipe as JSON values; an unknown name is an InputError listing the known."""
        return recipe(name).to_json()

    def stages(self, name: str, *, seed: int, dataset: Path | None, device: str) -> tuple[Stage, ...]:
        """The commands of a run in order; `dataset` is a folder of documents, or of shards."""
        chosen = recipe(name)
        if device not in CHOICES:
            raise InputError("device", f"{device!r} is unknown", f"give one of {', '.join(CHOICES)}")
        encoded = dataset is not None and (dataset / "manifest.json").is_file()
        shards = str(dataset) if encoded else "{encode}"
        tokenizer, encode_init, init = _init_stages(chosen, seed, device)
        stages = [tokenizer, encode_init, *([] if encoded else [_encode_stage(chosen, dataset)]), init]
        train = _pretrain(chosen, "finetune", shards, seed, device)
        stages.append(
            Stage(
                name="train",
                argv=(*train, "--init", "{init}"),
                modules=_TRAIN,
                inputs=("init",) if encoded else ("init", "encode"),
                fingerprint=_manifest_digest(dataset) if encoded else "",
                cached=False,
                mutable=True,
            )
        )
        return tuple(stages)

    def open(self, checkpoint: Path, *, device: str, shards: Path | None = None) -> AprSystem:
        """The trained model in a run's `checkpoint` folder; `shards` are those it was trained on."""
        from aprtrain.system import open_system

        return open_system(checkpoint, device=device, shards=shards)


def _init_stages(chosen: Recipe, seed: int, device: str) -> tuple[Stage, ...]:
    corpus = _fingerprint(chosen.init_corpus, chosen.init_corpus.name)
    return (
        Stage(
            name="tokenizer",
            argv=("aprtrain", "tokenizer", "train", "--recipe", chosen.name, "--out", "{out}"),
            modules=_TOKENIZER,
            inputs=(),
            fingerprint=corpus,
            cached=True,
            mutable=False,
        ),
        Stage(
            name="encode-init",
            argv=_encode(chosen.init_corpus, chosen.init_corpus.name),
            modules=_ENCODE,
            inputs=("tokenizer",),
            fingerprint=corpus,
            cached=True,
            mutable=False,
        ),
        Stage(
            name="init",
            argv=_pretrain(chosen, "init", "{encode-init}", seed, device),
            modules=_TRAIN,
            inputs=("encode-init",),
            fingerprint="",
            cached=True,
            mutable=False,
        ),
    )


def _encode_stage(chosen: Recipe, dataset: Path | None) -> Stage:
    corpus = chosen.finetune_corpus
    if dataset is not None:
        corpus = CorpusConfig(name=str(dataset), max_document_bytes=1_000_000, max_bytes=corpus.max_bytes)
    return Stage(
        name="encode",
        argv=(*_encode(corpus, corpus.name), "--exclude", "{encode-init}"),
        modules=_ENCODE,
        inputs=("tokenizer", "encode-init"),
        fingerprint=_fingerprint(corpus, corpus.name),
        cached=True,
        mutable=True,
    )


def _encode(corpus: CorpusConfig, source: str) -> tuple[str, ...]:
    limits = ("--max-document-bytes", str(corpus.max_document_bytes), "--max-bytes", str(corpus.max_bytes))
    return ("aprtrain", "encode", source, "--tokenizer", "{tokenizer}", "--out", "{out}", *limits)


def _pretrain(chosen: Recipe, stage: str, shards: str, seed: int, device: str) -> tuple[str, ...]:
    what = ("--recipe", chosen.name, "--stage", stage, "--dataset", shards)
    return ("aprtrain", "pretrain", *what, "--run-dir", "{out}", "--device", device, "--seed", str(seed))


def _fingerprint(corpus: CorpusConfig, source: str) -> str:
    return gather(source, max_document_bytes=corpus.max_document_bytes, max_bytes=corpus.max_bytes).digest


def _manifest_digest(dataset: Path | None) -> str:
    from aprtrain.files import digest_file

    return "" if dataset is None else digest_file(dataset / "manifest.json")


TRAINER = AprTrainer()
