"""A manifest made anew from shards that are still whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from aprtrain.config import SPLITS
from aprtrain.corpus import Corpus, Document
from aprtrain.data import MANIFEST, Split, open_shard
from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, digest_file, read_json, write_json
from aprtrain.manifest import contents, ends_of_text, refuse_degenerate
from aprtrain.progress import Progress
from aprtrain.tokenizer import Tokenizer, load


def repair(folder: Path, sources: Corpus | None, *, accept_degenerate: bool) -> dict[str, Any]:
    """Writes manifest.json into a folder of shards and returns it; `not_restored` lists what is lost.

    Documents are found by the ends of text between them and named by the digest of what they decode to. What they
    were called comes from the sources, or from what is left of the old manifest.

    Raises:
        InputError: tokenizer.json is missing, a split has no whole shard, or the ids are no text.
    """
    tokenizer = load(folder)
    digests, names = _remembered(folder)
    names |= {one.id: one.name for one in sources.documents} if sources else {}
    lost: list[str] = []
    files = {name: _whole(folder, name, digests, tokenizer, lost) for name in SPLITS}
    parts = {name: _documents(paths, tokenizer, names) for name, paths in files.items()}
    documents = sorted((one for part in parts.values() for one in part), key=lambda one: one.id)
    known = {one.id for one in documents} & names.keys()
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
    write_json(folder / MANIFEST, manifest)
    return manifest


def _remembered(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Digests of shards and names of documents, as far as the old manifest can still be read."""
    digests: dict[str, str] = {}
    names: dict[str, str] = {}
    with suppress(InputError, LookupError, TypeError, AttributeError, ValueError):
        for split in read_json(folder / MANIFEST, fix="")["splits"].values():
            digests |= {row["file"]: row["sha256"] for row in split["shards"]}
            names |= {row["id"]: row["name"] for row in split["documents"]}
    return digests, names


def _whole(folder: Path, split: str, digests: Mapping[str, str], tokenizer: Tokenizer, lost: list[str]) -> list[Path]:
    """The shards of a split up to the first that is missing or damaged."""
    found: list[Path] = []
    for number in count():
        path = folder / f"{split}-{number:05d}.bin"
        try:
            tokens = path.stat().st_size // tokenizer.dtype.itemsize if path.is_file() else 0
            digest = digests.get(path.name) or (digest_file(path) if tokens else "")
            open_shard(path, tokens, digest, tokenizer.dtype, tokenizer.vocab_size)
        except InputError as error:
            damage = error.what
            break
        found.append(path)
    left = sorted(path.name for path in set(folder.glob(f"{split}-*.bin")) - set(found))
    if left:
        lost.append(f"{', '.join(left)}: {path.name} {damage}")
    if not found:
        raise InputError(path, damage, "encode the documents again")
    return found


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
