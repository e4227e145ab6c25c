"""`pv verify BUNDLE…`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples, screen


@click.command(
    "verify",
    epilog=examples(
        "pv verify evidence/apr-pretrain-init-finetune-v1/2026-11-20-cpu-0123456789ab",
        "pv verify .pv/runs/*/* --format json",
    ),
)
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BUNDLE...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, bundles: tuple[Path, ...], form: str) -> None:
    """Check the digests and the chain of bundles and derive their verdicts again.

    It says what that establishes, and what it does not. The exit status is 4 where a file was altered or a
    run is SUSPECT, 1 where it is FALSIFIED, 3 where its contract is not here; a run under a mutant counts for
    nothing.
    """
    from pv.cli.dossiers import exit_status, open_dossiers
    from pv.view.json import dump
    from pv.view.verify import verify_payload, verify_text

    dossiers = open_dossiers(bundles)
    emit(dump(verify_payload(dossiers)) if form == "json" else verify_text(dossiers, screen()))
    ctx.exit(exit_status(dossiers))
