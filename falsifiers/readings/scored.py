"""Which documents are scored, and how they are cut: the same answer for both judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from falsifiers.attack import one_line
from falsifiers.job import Job, JobError
from falsifiers.oracles.checkpoint import CheckpointError, read_config
from falsifiers.oracles.decoder import Ints
from falsifiers.oracles.shards import Document, ShardError, Shards, read_shards


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The scored documents of a split."""

    split: str
    documents: tuple[Document, ...]
    sequences: tuple[Ints, ...]
    """Ids with the end-of-sequence token before, cut after the last target that is scored."""
    context: int
    eval_tokens: int

    @property
    def names(self) -> list[str]:
        """What the documents are called in rows of evals.jsonl: their ids."""
        return [document.id for document in self.documents]


def scored_documents(shards: Shards, split: str, config: Mapping[str, Any]) -> Scored:
    """The first documents of a split, as a checkpoint's config.json declares the evaluation."""
    count, tokens = int(config["eval"]["eval_documents"]), int(config["eval"]["eval_tokens"])
    documents = shards.splits[split].documents[:count]
    return Scored(
        split=split,
        documents=documents,
        sequences=tuple(shards.splits[split].sequence(document, tokens) for document in documents),
        context=int(config["train"]["seq_length"]),
        eval_tokens=tokens,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What both judges begin with."""

    shards: Shards
    config: dict[str, Any]
    """config.json of the checkpoint."""
    scored: Scored


def open_inputs(job: Job) -> Inputs:
    """Shards, configuration and scored documents of a job; JobError where they cannot be had."""
    try:
        shards, config = read_shards(job.shards), read_config(job.checkpoint)
        scored = scored_documents(shards, job.scored_split, config)
    except (ShardError, CheckpointError) as fault:
        raise JobError(f"{fault}; run the stage that writes it again") from fault
    except (KeyError, TypeError, ValueError) as fault:
        place = job.checkpoint / "config.json"
        raise JobError(f"{place}: says not what is scored ({one_line(fault)}); run the stage that writes it") from fault
    if not scored.documents:
        raise JobError(f"{job.shards}: split {job.scored_split} holds no document; encode a larger corpus")
    return Inputs(shards=shards, config=config, scored=scored)
