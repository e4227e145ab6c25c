"""Printing results: where they go, how wide, in which colours."""

import os
import sys

import click

from pv.errors import UsageError
from pv.view.layout import Screen

_PIPE_COLUMNS = 100


def screen() -> Screen:
    """The terminal's width and colours; a pipe gets 100 columns, or COLUMNS, and no colour.

    NO_COLOR takes the colours away and FORCE_COLOR gives them to a pipe.
    """
    terminal = bool(sys.stdout) and sys.stdout.isatty()
    if terminal:
        import shutil

        width = shutil.get_terminal_size((_PIPE_COLUMNS, 24)).columns
    else:
        written = os.environ.get("COLUMNS", "")
        width = int(written) if written.isascii() and written.isdigit() and written != "0" else _PIPE_COLUMNS
    colour = not os.environ.get("NO_COLOR") and (terminal or bool(os.environ.get("FORCE_COLOR")))
    return Screen(width=max(width, 20), colour=colour)


def emit(text: str) -> None:
    """Print a result on standard output; a reader that has left changes no exit status.

    Raises:
        UsageError: Standard output cannot be written to, e.g. a full disk.
    """
    try:
        click.echo(text, color=True)
    except BrokenPipeError:
        _discard_stdout()
    except OSError as error:
        _discard_stdout()
        raise UsageError(
            "standard output", f"cannot be written to ({error.strerror})", "free it or redirect"
        ) from error


def _discard_stdout() -> None:
    """Point standard output at nothing, so that the flush at exit has nowhere to fail."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def tell(text: str) -> None:
    """Print a remark on standard error."""
    click.echo(text, err=True)


def examples(*lines: str) -> str:
    """The end of a help text, kept line by line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
