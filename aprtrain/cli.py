"""`aprtrain`: the trainer at the command line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn, get_args, get_type_hints

import click

from aprtrain.cli_data import encode, info, tokenizer
from aprtrain.cli_model import generate, trace
from aprtrain.config import EvalConfig, TrainConfig, nearest
from aprtrain.device import CHOICES
from aprtrain.errors import InputError
from aprtrain.settings import read_settings

FOLDER = click.Path(path_type=Path)
DEVICE = click.option("--device", type=click.Choice(CHOICES), default="auto", show_default=True)
EXIT_DIFFERENT, EXIT_USAGE, EXIT_OWN_FAULT, EXIT_INTERRUPTED = 1, 2, 70, 130
EXIT_CODES = {"diverged": 3, "interrupted by SIGINT": EXIT_INTERRUPTED, "interrupted by SIGTERM": 143}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Train a decoder-only language model: text to shards, shards to a checkpoint, checkpoint to a loss.

    \b
    aprtrain tokenizer train --recipe finetune-micro --out tok
    aprtrain encode stdlib --tokenizer tok --out text
    aprtrain pretrain --recipe finetune-micro --stage init --dataset text --run-dir init
    aprtrain encode site-packages --tokenizer tok --exclude text --out code
    aprtrain pretrain --recipe finetune-micro --init init --dataset code --run-dir run
    aprtrain eval run --dataset code --split val-b

    Exit codes: 0 done, 1 `diff` found a difference, 2 wrong usage or input, 3 diverged, 70 own fault,
    130 or 143 interrupted: the same command goes on.
    """  # noqa: D301  click reads the backspace


def _settings(*kinds: type) -> Callable[[Any], Any]:
    """An option for every field of the configurations, of its type and with its description."""

    def add(command: Any) -> Any:
        for kind in reversed(kinds):
            types = get_type_hints(kind)
            for name, field in reversed(kind.__pydantic_fields__.items()):  # type: ignore[attr-defined]
                given = next(iter(get_args(types[name])), types[name])
                flags = ["--" + name.replace("_", "-"), *(["--lr"] if name == "learning_rate" else [])]
                if given is bool:
                    flags[0] += "/--no-" + flags[0].removeprefix("--")
                choice = click.Choice(get_args(types[name])) if isinstance(given, str) else given
                command = click.option(*flags, name, type=choice, default=None, help=field.description)(command)
        return command

    return add


def _read_config(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
    """What the YAML file says stands where no option does."""
    if path is None:
        return
    names = {flag.lstrip("-").replace("-", "_"): one.name for one in ctx.command.params for flag in one.opts}
    found = read_settings(path)
    unknown = [name for name in found if name not in names]
    if unknown:
        raise InputError(path, f"unknown names {unknown}", nearest(unknown[0], names))
    ctx.default_map = {str(names[name]): str(value) for name, value in found.items() if value is not None}


@cli.command()
@click.option(
    "--config", type=FOLDER, callback=_read_config, is_eager=True, expose_value=False, help="YAML of options."
)
@click.option("--dataset", type=FOLDER, required=True, help="Shards written by `aprtrain encode`.")
@click.option("--tokenizer", type=FOLDER, help="Refuse shards that were made with another one.")
@click.option("--run-dir", type=FOLDER, required=True, help="Folder of the run; an interrupted one is continued.")
@click.option("--recipe", help="Recipe, by name or YAML file, that gives the model and all defaults.")
@click.option("--stage", type=click.Choice(["init", "finetune"]), help="Stage of it.  [default: by --init]")
@click.option("--shape", help="Published shape by name (qwen3-0.6b, ...), or a config.json, in place of a recipe.")
@click.option("--init", type=FOLDER, help="Run, checkpoint or folder of safetensors to start from.")
@DEVICE
@click.option("--deterministic", is_flag=True, help="Only kernels that give the same bits every time; slower on a GPU.")
@click.option("--seed", type=click.IntRange(0, (1 << 31) - 1), default=0, show_default=True)
@click.option("--log-every", type=click.IntRange(1), default=10, show_default=True, help="Steps between lines.")
@_settings(TrainConfig, EvalConfig)
@click.pass_context
def pretrain(ctx: click.Context, /, log_every: int, **options: Any) -> None:
    """Train from scratch, or fine-tune from an init. Settings not given are the recipe's.

    \b
    Examples:
    aprtrain pretrain --recipe finetune-tiny --stage init --dataset text --run-dir init
    aprtrain pretrain --init init --dataset code --num-steps 500 --batch-size 8 --run-dir run
    aprtrain pretrain --config run.yaml --seed 1
    """  # noqa: D301  click reads the backspace
    from aprtrain.pretrain import Request
    from aprtrain.pretrain import pretrain as carry_out

    named = {field.name: options.pop(field.name) for field in fields(Request) if field.name in options}
    overrides = {name: value for name, value in options.items() if value is not None}
    reason = carry_out(Request(**named, overrides=overrides), click.echo, say_every=log_every)
    ctx.exit(EXIT_CODES.get(reason, 0))


@cli.command("eval")
@click.argument("checkpoint", type=FOLDER)
@click.option("--dataset", type=FOLDER, required=True, help="Shards written by `aprtrain encode`.")
@click.option("--split", type=click.Choice(["train", "val-a", "val-b"]), default="val-a", show_default=True)
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


@cli.command()
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


@cli.command()
@click.argument("first", type=FOLDER)
@click.argument("second", type=FOLDER)
def compare(first: Path, second: Path) -> None:
    """Compare two files of `eval --json`, document by document: the loss of SECOND less that of FIRST.

    Example: aprtrain compare init.jsonl run.jsonl
    """
    from aprtrain.compare import difference

    mean, error, documents = difference(first, second)
    click.echo(f"{mean:+.6f} nats/token, standard error {error:.6f}, over {documents} documents")


@cli.command()
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


for command in (tokenizer, encode, info, generate, trace):
    cli.add_command(command)


def main() -> NoReturn:
    """Runs the command line; the exit code says who must act."""
    try:
        code = cli.main(standalone_mode=False, prog_name="aprtrain")
    except InputError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(EXIT_USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; the same command continues from the last checkpoint", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:
        if os.environ.get("APRTRAIN_TRACEBACK"):
            raise
        click.echo(f"internal error: {type(error).__name__}: {error}", err=True)
        click.echo("  fix: report it with the output of the same command under APRTRAIN_TRACEBACK=1", err=True)
        sys.exit(EXIT_OWN_FAULT)
    sys.exit(code if isinstance(code, int) else 0)
