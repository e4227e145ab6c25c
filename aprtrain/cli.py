"""`aprtrain`: the trainer at the command line."""

import os
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn, get_args, get_type_hints

import click

from aprtrain.cli_data import encode, info, tokenizer
from aprtrain.cli_model import compare, diff, evaluate, export, generate, trace
from aprtrain.config import EvalConfig, Request, TrainConfig, nearest, parse
from aprtrain.errors import InputError
from aprtrain.settings import read_settings

FOLDER = click.Path(path_type=Path)
EXIT_USAGE, EXIT_OWN_FAULT, EXIT_INTERRUPTED = 2, 70, 130
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
    """An option for every described field of the configurations, of its type and with its description."""

    def add(command: Any) -> Any:
        for kind in reversed(kinds):
            types = get_type_hints(kind)
            described = kind.__pydantic_fields__.items()  # type: ignore[attr-defined]
            for name, field in reversed([(name, field) for name, field in described if field.description]):
                flags = ["--" + name.replace("_", "-"), *(["--lr"] if name == "learning_rate" else [])]
                if types[name] is bool:
                    flags[0] += "/--no-" + flags[0].removeprefix("--")
                absent = {"required": True} if field.is_required() else {"default": None}
                option = click.option(*flags, name, type=_type(types[name]), help=field.description, **absent)
                command = option(command)
        return command

    return add


def _type(kind: Any) -> Any:
    """What click calls a type, None aside."""
    parts = get_args(kind)
    if type(None) in parts:
        return _type(parts[0])
    return click.Choice(parts) if parts else FOLDER if kind is Path else kind


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
@click.option("--log-every", type=click.IntRange(1), default=10, show_default=True, help="Steps between lines.")
@_settings(Request, TrainConfig, EvalConfig)
@click.pass_context
def pretrain(ctx: click.Context, /, log_every: int, **options: Any) -> None:
    """Train from scratch, or fine-tune from an init. Settings not given are the recipe's.

    \b
    Examples:
    aprtrain pretrain --recipe finetune-tiny --stage init --dataset text --run-dir init
    aprtrain pretrain --init init --dataset code --num-steps 500 --batch-size 8 --run-dir run
    aprtrain pretrain --config run.yaml --seed 1
    """  # noqa: D301  click reads the backspace
    from aprtrain.pretrain import pretrain as carry_out

    given = {name: value for name, value in options.items() if value is not None}
    named = {field.name: given.pop(field.name) for field in fields(Request) if field.name in given}
    request = parse(Request, "pretrain", named | {"overrides": given})
    reason = carry_out(request, click.echo, say_every=log_every)
    ctx.exit(EXIT_CODES.get(reason, 0))


for command in (tokenizer, encode, evaluate, info, generate, trace, export, compare, diff):
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
