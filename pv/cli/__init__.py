"""The command line: parsing, printing and exit codes; every command is imported when it is asked for."""

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["main", "run"]

COMMANDS: Final = {
    "validate": "Load contracts and derive every verdict from evidence again.",
    "discharge": "Try a claim: run the trainer and the falsifiers, seal the bundle, stamp it.",
    "power": "Show which falsifier kills which planted fault, and what cries wolf on clean runs.",
    "demo": "Run the main job twice, honest and with a broken corpus, side by side.",
    "bisect": "Name the first operation at which two systems part, and the smallest input for it.",
    "verify": "Check the digests and the chain of bundles and judge them again.",
    "explain": "Say everything about a claim, or print the page of a rule.",
    "investigate": "Derive what became of the hypotheses about a symptom, and what to try next.",
    "status": "Show every claim of every contract with the evidence that decides it.",
    "coverage": "Show what is linked to fresh evidence, and where the other chains break.",
    "graph": "Show the links of contracts as text, DOT, Mermaid or JSON.",
    "query": "Find claims, obligations and equations.",
    "report": "Write bundles as one HTML page.",
    "init": "Start a project: a first contract, a law to write, a workflow.",
    "new": "Write a contract, claim, falsifier, mutant or rule from a template, or start an investigation.",
    "doctor": "Check the environment, the caches and the index.",
    "diff": "Show what changed between files or git revisions, and what became of the verdicts.",
    "gate": "Hold the project against its policy, and against a base that nothing may be weaker than.",
    "ship": "Show how far models are from shipping, by what was shown.",
    "schema": "Print the JSON schema of contracts, investigations or the ledger, for editors.",
    "completion": "Print the completion script of a shell.",
}
EPILOG: Final = """\b
Examples:
  pv validate contracts/
  pv discharge FALSIFY-005 --run --profile cpu
  pv explain FALSIFY-005

Exit status: 0 as asked, 1 falsified, 2 usage or contract, 3 no verdict, 4 trust broken, 70 our own fault."""
RUNNERS: Final = frozenset({"discharge", "demo", "investigate", "power", "bisect"})
"""Commands that start processes and threads, and end like any other program."""

INTERRUPTED = 130
OWN_FAULT = 70
USAGE = 2


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click calls it by position
        """Names in the order they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"pv.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG002
        """Complete names of commands without importing them."""
        from click.shell_completion import CompletionItem

        names = [name for name in COMMANDS if name.startswith(incomplete)]
        return [CompletionItem(name, help=COMMANDS[name]) for name in names]


def _print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from pv import version

        click.echo(f"pv {version()}")
        ctx.exit()


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
def group() -> None:
    """Judge claims about model training: the verdict is derived from sealed evidence, never typed."""


def main() -> NoReturn:
    """Run the command line and leave with its exit status."""
    gc.set_threshold(100_000, 50, 100)  # imports make no garbage; collecting while they run takes a tenth of a start
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # strangers' plugins have no say in what is valid
    status = run(sys.argv[1:])
    if sys.argv[1:2] and sys.argv[1] in RUNNERS:
        sys.exit(status)
    _leave(status)


def _leave(status: int) -> NoReturn:
    """End the process without taking its modules apart, which takes a seventh of a short run."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; no error leaves as a traceback unless PV_DEBUG is 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = group.main(args=list(arguments), prog_name="pv", standalone_mode=False)
    except click.exceptions.Abort:
        _complain("interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return USAGE
    except Exception as error:  # noqa: BLE001  the last place where a fault can still be told in one line
        return _failed(error)
    return status if isinstance(status, int) else 0


def _failed(error: Exception) -> int:
    """Tell what went wrong: a remedy where there is one, else that the fault is ours."""
    from pv.errors import PvError

    if os.environ.get("PV_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    if isinstance(error, PvError):
        _complain(str(error))
        return error.exit_code
    what = " ".join(f"{type(error).__name__}: {error}".split())
    _complain(f"internal error: {what}; please report it, with the output under PV_DEBUG=1")
    return OWN_FAULT


def _complain(message: str) -> None:
    with contextlib.suppress(OSError):
        click.echo(f"pv: {message}", err=True)
