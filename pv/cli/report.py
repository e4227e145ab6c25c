"""`pv report BUNDLE…`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples, tell


@click.command(
    "report",
    epilog=examples(
        "pv report evidence/apr-pretrain-init-finetune-v1/* -o report.html",
        "pv report .pv/runs/*/* > report.html",
    ),
)
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BUNDLE...")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the page to this file.")
def command(bundles: tuple[Path, ...], output: Path | None) -> None:
    """Write bundles as one HTML page that loads nothing and runs nothing; verdicts stand side by side."""
    from pv.cli.dossiers import open_dossiers
    from pv.errors import UsageError
    from pv.view.html import report_page

    page = report_page(open_dossiers(bundles))
    if output is None:
        emit(page)
        return
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            str(output), f"cannot be written ({error.strerror})", "name a file in a folder that exists"
        ) from error
    tell(f"wrote {output}")
