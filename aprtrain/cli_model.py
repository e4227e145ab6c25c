"""`aprtrain eval`, `generate`, `trace`, `export` and `diff`: what can be done with a trained model."""

import json
from pathlib import Path
from typing import Any

import click

from aprtrain.config import DEVICES, SPLITS
from aprtrain.errors import InputError
from aprtrain.files import to_json

FOLDER = click.Path(path_type=Path)
DEVICE = click.option("--device", type=click.Choice(DEVICES), default="auto", show_default=True)
EXIT_DIFFERENT = 1


@click.command("eval")
@click.argument("checkpoint", type=FOLDER)
@click.option("--dataset", type=FOLDER, required=True, help="Shards written by `aprtrain encode`.")
@click.option("--split", type=click.Choice(SPLITS), default="val-a", show_default=True)
@click.option("--documents", type=click.IntRange(1), help="Documents to score.  [default: the run's, else 64]")
@click.option(
    "--seq-length", "context", type=click.IntRange(1), help="Targets a window.  [default: the run's, else 1024]"
)
@click.option("--limit", type=click.IntRange(1), help="Targets of a document.  [default: the run's, else 1024]")
@DEVICE
@click.option("--json", "as_json", is_flag=True, help="One JSON row a document.")
def evaluate(
    checkpoint: Path, dataset: Path, split: str, documents: int | None, *, as_json: bool, **options: Any
) -> None:
    """Score a run, or a folder of Hugging Face, on a split, with the evaluator that training uses.

    Example: aprtrain eval run --dataset code --split val-b
    """
    from aprtrain.arrays import digest_array
    from aprtrain.evaluate import mean_loss
    from aprtrain.system import open_system

    system = open_system(checkpoint, shards=dataset, **options)
    chosen = system.scored_documents(split, documents)
    sums = system.evaluate([tokens for _, tokens in chosen])
    if as_json:
        for (row, ids), (nats, count) in zip(chosen, sums, strict=True):
            said = {"document": row["id"], "name": row["name"], "sum_nats": nats, "tokens": count}
            click.echo(json.dumps(said | {"digest": digest_array(ids[: count + 1]), "context": system.context}))
        return
    tokens = sum(count for _, count in sums)
    click.echo(f"{split}: {mean_loss(sums):.4f} nats/token over {tokens:,} tokens of {len(sums)} documents")


@click.command()
@click.argument("checkpoint", type=FOLDER)
@click.option("--prompt", required=True, help="Text to continue; an empty one is the beginning of a document.")
@click.option("--tokens", type=click.IntRange(1), default=64, show_default=True, help="Tokens at most.")
@click.option("--temperature", type=click.FloatRange(0), default=0.0, help="0 takes the likeliest token.  [default: 0]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the draws above 0.")
@DEVICE
def generate(checkpoint: Path, prompt: str, tokens: int, temperature: float, seed: int, device: str) -> None:
    """Continue a prompt with the model of a run, or of a folder of Hugging Face.

    Example: aprtrain generate run --prompt "def main(" --tokens 40
    """
    from aprtrain.generate import text_of
    from aprtrain.system import open_system

    system = open_system(checkpoint, device=device)
    for text in text_of(system, prompt, tokens, temperature=temperature, seed=seed):
        click.echo(text, nl=False)
    click.echo()


@click.command()
@click.argument("checkpoint", type=FOLDER)
@click.option("--text", help="What the model reads, ...")
@click.option(
    "--tokens", type=click.Path(path_type=Path), help="... or a file with its ids, apart by spaces or commas."
)
@click.option(
    "--positions", nargs=2, type=int, metavar="FIRST STOP", help="Positions in the statistics.  [default: all]"
)
@click.option("--save", type=FOLDER, help="Folder that gets the trace and the outputs, for `pv bisect`.")
@click.option("--json", "as_json", is_flag=True, help="The whole trace as one JSON object.")
@click.option("--plot", "figure", type=click.Path(path_type=Path), help="PNG or SVG of the deviations over the layers.")
@DEVICE
def trace(checkpoint: Path, text: str | None, tokens: Path | None, device: str, **shown: Any) -> None:
    """Say what flows through a model: mean, std, max |x| and finite share of every operation of every layer.

    Example: aprtrain trace run --text "def main():" --plot trace.svg
    """
    from aprtrain.generate import ids_of
    from aprtrain.system import open_system
    from aprtrain.trace import plot, read_ids
    from aprtrain.trace import trace as follow

    if (text is None) == (tokens is None):
        raise InputError("trace", "needs --text or --tokens, and not both", "give one of them")
    system = open_system(checkpoint, device=device)
    ids = read_ids(tokens) if tokens else ids_of(system, text or "")
    found = follow(system, ids, shown["positions"], keep=bool(shown["save"]))
    if shown["save"]:
        found.save(shown["save"])
    if shown["figure"]:
        plot(found, shown["figure"])
    if shown["as_json"]:
        click.echo(to_json(found.to_json(), indent=1))
        return
    first, stop = found.positions
    click.echo(f"positions {first} to {stop - 1} of {len(ids)} tokens, {found.dtype} on {found.platform}")
    click.echo(f"{'operation':<26}{'mean':>11}{'std':>11}{'max |x|':>11}{'finite':>8}")
    for row in found.rows:
        click.echo(f"{row.name:<26}{row.mean:>11.3e}{row.std:>11.3e}{row.largest:>11.3e}{row.finite:>8.3f}")


@click.command()
@click.argument("run", type=FOLDER)
@click.option("-o", "--out", type=FOLDER, required=True, help="Folder that gets safetensors, config and tokenizer.")
@click.option("--dtype", type=click.Choice(["float32", "bfloat16", "float16"]), default="float32", show_default=True)
@click.option("--max-shard-bytes", type=click.IntRange(1), default=5_000_000_000, show_default=True, help="Of a file.")
def export(run: Path, out: Path, dtype: str, max_shard_bytes: int) -> None:
    """Write the checkpoint of RUN as transformers, and `pretrain --init`, read it.

    Example: aprtrain export run -o model
    """
    from aprtrain.export import export as write

    click.echo(f"{out}: {write(run, out, dtype, max_shard_bytes=max_shard_bytes)} tensors in {dtype}")


@click.command()
@click.argument("first", type=FOLDER)
@click.argument("second", type=FOLDER)
def compare(first: Path, second: Path) -> None:
    """Compare two files of `eval --json`, document by document: the loss of SECOND less that of FIRST.

    Example: aprtrain compare init.jsonl run.jsonl
    """
    from aprtrain.compare import difference

    mean, error, documents = difference(first, second)
    click.echo(f"{mean:+.6f} nats/token, standard error {error:.6f}, over {documents} documents")


@click.command()
@click.argument("first", type=FOLDER)
@click.argument("second", type=FOLDER)
@click.pass_context
def diff(ctx: click.Context, first: Path, second: Path) -> None:
    """Compare two checkpoints tensor by tensor; the exit code is 1 where they differ.

    Example: aprtrain diff run model
    """
    from aprtrain.export import differing_tensors

    lines = list(differing_tensors(first, second))
    click.echo("\n".join(lines) or "no difference")
    ctx.exit(EXIT_DIFFERENT if lines else 0)
