"""`pv completion SHELL`."""

import click

from pv.cli.output import emit, examples


@click.command(
    "completion",
    epilog=examples(
        "pv completion bash > ~/.local/share/bash-completion/completions/pv",
        'pv completion zsh > "${fpath[1]}/_pv"',
        "pv completion fish > ~/.config/fish/completions/pv.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that completes commands and options in SHELL."""
    from click.shell_completion import get_completion_class

    from pv.cli import group

    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f"click knows no completion for {shell}")
    complete = kind(group, {}, "pv", "_PV_COMPLETE")
    emit(complete.source_template % complete.source_vars())
