"""A manifest made anew from shards that are still whole."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from aprtrain.config import SPLITS
from aprtrain.corpus import Corpus, Document
from aprtrain.data import MANIFEST, Split, open_shard
from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, read_json, to_json, write_whole
from aprtrain.manifest import contents, ends_of_text, refuse_degenerate
from aprtrain.progress import Progress
from aprtrain.tokenizer import Tokenizer, load


def repair(folder: Path, sources: Corpus | None, *, accept_degenerate: bool) -> dict[str, Any]:
    """Writes manifest.json into a folder of whole shards and returns it; `not_restored` lists what is lost.

    Documents are found by the ends of text between them and named by the digest of what they decode to. What they
    were called comes from the sources, or from what is left of the old manifest.

    Raises:
        InputError: tokenizer.json or a shard is missing, a shard is not what the old manifest says, or the ids are no
            text.
    """
    tokenizer = load(folder)
    rows, names = _remembered(folder)
    names |= {one.id: one.name for one in sources.documents} if sources else {}
    files = {name: _files(folder, name) for name in SPLITS}
    for path in chain(*files.values()):
        open_shard(path, tokenizer.dtype, tokenizer.vocab_size, rows.get(path.name))
    parts = {name: _documents(paths, tokenizer, names) for name, paths in files.items()}
    documents = sorted(chain(*parts.values()), key=lambda one: one.id)
    known = {one.id for one in documents} & names.keys()
    lost = []
    if len(known) < len(documents):
        lost.append(f"the names of {len(documents) - len(known)} of {len(documents)} documents")
    if sources and (absent := len(sources.documents) - len(known)):
        lost.append(f"{absent} documents of {sources.name}, which `aprtrain encode` of all of it makes again")
    if sources is None:
        lost.append("the name of the corpus, and what was left out of it")
    corpus = replace(sources or Corpus(name=folder.resolve().name, documents=()), documents=tuple(documents))
    manifest = contents(tokenizer, corpus, files, parts) | {"not_restored": lost}
    manifest["audit"]["round_trip"] = {"documents": len(documents) if names else 0, "equal": len(known)}
    refuse_degenerate(folder, manifest["accepted_faults"], accept_degenerate)
    write_whole(folder / MANIFEST, to_json(manifest))
    return manifest


def _files(folder: Path, split: str) -> list[Path]:
    """The shards that a split must have, at least one, so that their numbers have no gap."""
    found = len(list(folder.glob(f"{split}-*.bin")))
    return [folder / f"{split}-{number:05d}.bin" for number in range(max(1, found))]


def _remembered(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Rows of shards and names of documents, as far as the old manifest can still be read."""
    rows: dict[str, Any] = {}
    names: dict[str, str] = {}
    with suppress(InputError, LookupError, TypeError, AttributeError, ValueError):
        for split in read_json(folder / MANIFEST, fix="")["splits"].values():
            rows |= {row["file"]: {"tokens": int(row["tokens"]), "sha256": row["sha256"]} for row in split["shards"]}
            names |= {row["id"]: row["name"] for row in split["documents"]}
    return rows, names


def _documents(paths: Sequence[Path], tokenizer: Tokenizer, names: Mapping[str, str]) -> list[Document]:
    """The documents that begin and end in the shards, in order."""
    shards = tuple(np.memmap(path, tokenizer.dtype, mode="r") for path in paths)
    ends = ends_of_text(shards, tokenizer.eos_id).tolist()
    if ends[:1] != [0]:
        raise InputError(paths[0], "does not begin with an end of text", "encode the documents again")
    split = Split(shards=shards, tokens=sum(map(len, shards)), documents=())
    progress, found = Progress(f"repair {paths[0].stem[:-6]}", len(ends) - 1, unit="documents"), []
    for start, end in pairwise(ends):
        data = tokenizer.decode(split.read(start, end)[1:]).encode()
        one = digest_bytes(data)
        found.append(Document(id=one, name=names.get(one, ""), size=len(data), path="", start=0, length=0, form="text"))
        progress.advance(1)
    progress.finish()
    return found
