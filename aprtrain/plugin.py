"""The trainer as others drive it: its recipes, the stages of a run, and the trained system."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aprtrain.config import DEVICES
from aprtrain.corpus import gather
from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, digest_file, to_json
from aprtrain.recipes import CorpusConfig, Recipe, recipe

if TYPE_CHECKING:
    from aprtrain.system import AprSystem


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One command of a run; `{out}` in it stands for its own folder, `{name}` for an earlier stage's."""

    name: str
    argv: tuple[str, ...]
    """What follows `python -P -m`."""
    modules: tuple[str, ...]
    """The modules its result depends on, with all that these import."""
    fingerprint: str
    """Digest of what it reads beside the folders of earlier stages."""
    cached: bool = True
    mutable: bool = False
    """Whether a planted fault may act on it."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Earlier stages whose folders it reads: those that its command names."""
        return tuple(part[1:-1] for part in self.argv if part.startswith("{") and part != "{out}")


class AprTrainer:
    """The plugin `aprtrain`."""

    name = "aprtrain"

    def recipe(self, name: str) -> dict[str, Any]:
        """The recipe as JSON values; an unknown name is an InputError listing the known."""
        return recipe(name).to_json()

    def stages(self, name: str, *, seed: int, dataset: Path | None, device: str) -> tuple[Stage, ...]:
        """The commands of a run in order; `dataset` is a folder of documents, or of shards."""
        chosen = recipe(name)
        if device not in DEVICES:
            raise InputError("device", f"{device!r} is unknown", f"give one of {', '.join(DEVICES)}")
        shards = dataset if dataset is not None and (dataset / "manifest.json").is_file() else None
        corpus = chosen.finetune_corpus or chosen.init_corpus
        if dataset is not None:
            corpus = CorpusConfig(name=str(dataset), max_document_bytes=1_000_000, max_bytes=corpus.max_bytes)
        tuned = chosen.finetune is not None
        apart, start = (("--exclude", "{encode-init}"), ("--init", "{init}")) if tuned else ((), ())
        stages = (
            Stage(
                name="tokenizer",
                argv=("aprtrain", "tokenizer", "train", "--recipe", name, "--out", "{out}"),
                modules=("aprtrain.encode", "aprtrain.recipes"),
                fingerprint=_fingerprint(chosen.init_corpus) + _recipe_digest(chosen),
            ),
            *((_encode("encode-init", chosen.init_corpus),) if tuned else ()),
            *(() if shards else (_encode("encode", corpus, apart, mutable=True),)),
            *((_pretrain("init", chosen, "init", ("--dataset", "{encode-init}"), seed, device),) if tuned else ()),
        )
        data = ("--dataset", str(shards) if shards else "{encode}")
        train = _pretrain("train", chosen, "finetune" if tuned else "init", (*data, *start), seed, device)
        digest = digest_file(shards / "manifest.json") if shards else ""
        return (*stages, replace(train, fingerprint=train.fingerprint + digest, cached=False, mutable=True))

    def open(self, checkpoint: Path, *, device: str, shards: Path | None = None) -> AprSystem:
        """The trained model in a run's `checkpoint` folder; `shards` are those it was trained on."""
        from aprtrain.system import open_system

        return open_system(checkpoint, device=device, shards=shards)


def _encode(name: str, corpus: CorpusConfig, more: tuple[str, ...] = (), *, mutable: bool = False) -> Stage:
    limits = ("--max-document-bytes", str(corpus.max_document_bytes), "--max-bytes", str(corpus.max_bytes))
    return Stage(
        name=name,
        argv=("aprtrain", "encode", corpus.name, "--tokenizer", "{tokenizer}", "--out", "{out}", *limits, *more),
        modules=("aprtrain.encode",),
        fingerprint=_fingerprint(corpus),
        mutable=mutable,
    )


def _pretrain(name: str, chosen: Recipe, stage: str, more: tuple[str, ...], seed: int, device: str) -> Stage:
    where = ("--run-dir", "{out}", "--device", device, "--seed", str(seed))
    return Stage(
        name=name,
        argv=("aprtrain", "pretrain", "--recipe", chosen.name, "--stage", stage, *more, *where),
        modules=("aprtrain.pretrain",),
        fingerprint=_recipe_digest(chosen),
    )


def _fingerprint(corpus: CorpusConfig) -> str:
    return gather(corpus.name, max_document_bytes=corpus.max_document_bytes, max_bytes=corpus.max_bytes).digest


def _recipe_digest(chosen: Recipe) -> str:
    return digest_bytes(to_json(chosen.to_json()).encode())


TRAINER = AprTrainer()
