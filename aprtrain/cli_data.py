"""`aprtrain tokenizer`, `encode` and `info`: from text to shards."""

import os
from pathlib import Path
from typing import Any

import click

from aprtrain.errors import InputError

FOLDER = click.Path(path_type=Path)


@click.group()
def tokenizer() -> None:
    """Train a byte-level BPE tokenizer, or take a published one."""


@tokenizer.command("train")
@click.argument("corpus", default="stdlib")
@click.option("--out", type=FOLDER, required=True, help="Folder that gets tokenizer.json.")
@click.option("--recipe", "recipe_name", help="Vocabulary and corpus limits of this recipe.")
@click.option("--vocab-size", type=int, help="Entries, at least 258.  [default: the recipe's, else 512]")
@click.option("--max-bytes", type=int, help="Text to train on, at most.  [default: the recipe's, else 2,000,000]")
def tokenizer_train(
    corpus: str, out: Path, recipe_name: str | None, vocab_size: int | None, max_bytes: int | None
) -> None:
    """Train a tokenizer on CORPUS: `stdlib`, `site-packages`, a folder or a .jsonl file.

    Example: aprtrain tokenizer train stdlib --vocab-size 512 --out tok
    """
    from aprtrain.corpus import gather
    from aprtrain.encode import split_of
    from aprtrain.recipes import recipe
    from aprtrain.tokenizer import train

    base = recipe(recipe_name) if recipe_name else None
    size = vocab_size or (base.tokenizer_vocab_size if base else 512)
    limit = max_bytes or (base.tokenizer_bytes if base else 2_000_000)
    found = gather(corpus, max_bytes=limit)
    texts = (document.text for document in found.documents if split_of(document.id) == "train")
    made = train(texts, size, out)
    click.echo(f"{out / 'tokenizer.json'}: {made.vocab_size} entries, digest {made.digest[:12]}")


@tokenizer.command("import")
@click.argument("source", type=FOLDER)
@click.option("--out", type=FOLDER, required=True, help="Folder that gets tokenizer.json.")
@click.option("--vocab-size", type=click.IntRange(1, 1 << 24), help="Fill up with reserved entries to this many.")
def tokenizer_import(source: Path, out: Path, vocab_size: int | None) -> None:
    """Take the published tokenizer SOURCE: tokenizer.json, or its folder.

    Example: aprtrain tokenizer import qwen/tokenizer.json --out tok
    """
    from aprtrain.tokenizer import import_published

    made = import_published(source, out, vocab_size)
    click.echo(f"{out / 'tokenizer.json'}: {made}, digest {made.digest[:12]}")


@click.command()
@click.argument("corpus", required=False)
@click.option("--tokenizer", "tokenizer_path", type=FOLDER, help="tokenizer.json or its folder.")
@click.option("--out", type=FOLDER, help="Folder that gets shards and manifest.json.")
@click.option("--repair", "broken", type=FOLDER, help="Write this folder's manifest anew; CORPUS gives the names.")
@click.option("--exclude", type=FOLDER, help="Shards whose documents are left out.")
@click.option("--max-document-bytes", type=int, default=1_000_000, show_default=True, help="Skip longer documents.")
@click.option("--max-bytes", type=int, default=1 << 40, show_default=True, help="Largest corpus.")
@click.option("--processes", type=click.IntRange(1), default=min(2, os.cpu_count() or 1), show_default=True)
@click.option("--accept-degenerate", is_flag=True, help="Encode even what is no text, and record it.")
def encode(*, corpus: str | None, processes: int, accept_degenerate: bool, **options: Any) -> None:
    """Encode CORPUS: `stdlib`, `site-packages`, a folder of text or .jsonl files, or one of these, into shards.

    Repeated after an interruption, it encodes only what is still missing.

    \b
    Examples:
    aprtrain encode stdlib --tokenizer tok --out text
    aprtrain encode --repair text
    """  # noqa: D301  click reads the backspace
    from aprtrain.corpus import gather
    from aprtrain.data import open_shards
    from aprtrain.encode import encode as write
    from aprtrain.info import describe_shards
    from aprtrain.manifest import repair
    from aprtrain.tokenizer import load

    path, out, broken = options.pop("tokenizer_path"), options.pop("out"), options.pop("broken")
    if broken is None and None in (corpus, path, out):
        raise InputError("encode", "lacks CORPUS, --tokenizer or --out", "give all three, or --repair FOLDER")
    exclude = options.pop("exclude")
    excluded = open_shards(exclude).document_ids if exclude else frozenset()
    found = None if corpus is None else gather(corpus, excluded=excluded, **options)
    for reason, count in sorted(found.skipped.items()) if found else ():
        click.echo(f"skipped {count:,} documents: {reason}", err=True)
    if found is None or broken is not None:
        manifest = repair(broken, found, accept_degenerate=accept_degenerate)
    else:
        click.echo(f"tokenizer: {load(path)}")
        manifest = write(found, path, out, processes=processes, accept_degenerate=accept_degenerate)
    click.echo("\n".join(describe_shards(manifest)))


@click.command()
@click.argument("path", type=FOLDER)
def info(path: Path) -> None:
    """Say what PATH is: shards, a run, a model of Hugging Face, a tokenizer, or the name of a published shape.

    Example: aprtrain info run
    """
    from aprtrain.info import describe_path

    for line in describe_path(path):
        click.echo(line)
