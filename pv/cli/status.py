"""`pv status`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples, screen


@click.command(
    "status",
    epilog=examples(
        "pv status",
        "pv status contracts/apr-pretrain-init-finetune-v1.yaml --format json",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(paths: tuple[Path, ...], form: str) -> None:
    """Show every claim of the contracts under PATHS with the evidence that decides it.

    Without PATHS, all contracts of the project. The exit status is 0 whatever the verdicts
    are; for one that depends on them use `pv validate`.
    """
    from pv.cli.judging import judge
    from pv.view.json import dump
    from pv.view.trace import status_payload, status_text

    judged = judge(paths)
    emit(dump(status_payload(judged.verdicts)) if form == "json" else status_text(judged.verdicts, screen()))
