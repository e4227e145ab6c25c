"""`aprtrain`: the trainer at the command line."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from aprtrain.cli_data import encode, info, tokenizer
from aprtrain.errors import InputError

FOLDER = click.Path(path_type=Path)
EXIT_DIFFERENT, EXIT_USAGE, EXIT_DIVERGED, EXIT_OWN_FAULT, EXIT_INTERRUPTED = 1, 2, 3, 70, 130


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

    Exit codes: 0 done, 1 `diff` found a difference, 2 wrong usage or input, 3 diverged, 70 own fault.
    """  # noqa: D301  click reads the backspace


@cli.command()
@click.option("--dataset", type=FOLDER, required=True, help="Shards written by `aprtrain encode`.")
@click.option("--run-dir", type=FOLDER, required=True, help="Folder of the run; an interrupted one is continued.")
@click.option("--recipe", help="Recipe that gives the model and all defaults.")
@click.option("--stage", type=click.Choice(["init", "finetune"]), help="Stage of it.  [default: by --init]")
@click.option("--shape", help="Published shape by name (qwen3-0.6b, ...), or a config.json, in place of a recipe.")
@click.option("--init", type=FOLDER, help="Run, checkpoint or folder of safetensors to start from.")
@click.option("--mode", type=click.Choice(["scratch", "finetune"]), help="[default: by --init]")
@click.option("--device", type=click.Choice(["cpu", "cuda", "auto"]), default="auto", show_default=True)
@click.option("--seed", type=click.IntRange(0, (1 << 31) - 1), default=0, show_default=True)
@click.option("--num-steps", type=int, help="Steps in all.")
@click.option("--batch-size", type=int, help="Windows a step.")
@click.option("--seq-length", type=int, help="Tokens a window.")
@click.option("--steps-per-epoch", type=int, help="Steps between validations.")
@click.option("--learning-rate", type=float, help="Peak learning rate.")
@click.option("--warmup-steps", type=int, help="Steps up to the peak.")
@click.option("--checkpoint-every", type=int, help="Steps between checkpoints.")
@click.option("--target-val-loss", type=float, help="Stop once the val-a loss reaches this, in nats/token.")
@click.option("--log-every", type=click.IntRange(1), default=10, show_default=True, help="Steps between lines.")
@click.pass_context
def pretrain(ctx: click.Context, /, **options: Any) -> None:
    """Train from scratch, or fine-tune from an init.

    \b
    Examples:
    aprtrain pretrain --recipe finetune-tiny --stage init --dataset text --run-dir init
    aprtrain pretrain --init init --dataset code --num-steps 500 --batch-size 8 --run-dir run
    """  # noqa: D301  click reads the backspace
    from aprtrain.pretrain import Request
    from aprtrain.pretrain import pretrain as carry_out

    named = ("dataset", "run_dir", "device", "seed", "init", "recipe", "stage", "mode", "shape")
    given = {name: options.pop(name) for name in named}
    every = options.pop("log_every")
    overrides = {name: value for name, value in options.items() if value is not None}
    reason = carry_out(Request(**given, overrides=overrides), click.echo, say_every=every)
    if reason == "diverged":
        ctx.exit(EXIT_DIVERGED)


@cli.command("eval")
@click.argument("checkpoint", type=FOLDER)
@click.option("--dataset", type=FOLDER, required=True, help="Shards written by `aprtrain encode`.")
@click.option("--split", type=click.Choice(["train", "val-a", "val-b"]), default="val-a", show_default=True)
@click.option("--documents", type=click.IntRange(1), help="Documents to score.  [default: the run's]")
@click.option("--device", type=click.Choice(["cpu", "cuda", "auto"]), default="auto", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON row a document.")
def evaluate(checkpoint: Path, dataset: Path, split: str, documents: int | None, device: str, *, as_json: bool) -> None:
    """Score the checkpoint of a run on a split, with the evaluator that training uses.

    Example: aprtrain eval run --dataset code --split val-b
    """
    from aprtrain.evaluate import mean_loss
    from aprtrain.system import open_system

    system = open_system(checkpoint, device=device, shards=dataset)
    chosen = system.scored_documents(split, documents)
    sums = system.evaluate([tokens for _, tokens in chosen])
    if as_json:
        for (row, _), (nats, count) in zip(chosen, sums, strict=True):
            click.echo(json.dumps({"document": row["id"], "name": row["name"], "sum_nats": nats, "tokens": count}))
        return
    tokens = sum(count for _, count in sums)
    click.echo(f"{split}: {mean_loss(sums):.4f} nats/token over {tokens:,} tokens of {len(sums)} documents")


@cli.command()
@click.argument("run", type=FOLDER)
@click.option("-o", "--out", type=FOLDER, required=True, help="Folder that gets safetensors, config and tokenizer.")
@click.option("--dtype", type=click.Choice(["float32", "bfloat16", "float16"]), default="float32", show_default=True)
def export(run: Path, out: Path, dtype: str) -> None:
    """Write the checkpoint of RUN as transformers, and `pretrain --init`, read it.

    Example: aprtrain export run -o model
    """
    from aprtrain.export import export as write

    click.echo(f"{out}: {write(run, out, dtype)} tensors in {dtype}")


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


for command in (tokenizer, encode, info):
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
