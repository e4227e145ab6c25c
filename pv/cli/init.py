"""`pv init [DIR]`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples


@click.command("init", epilog=examples("pv init", "pv init my-project && cd my-project && pv validate"))
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Start a project in DIR: a first contract, a law to write, the table [tool.pv], a GitHub workflow.

    Nothing is overwritten: where a file is there already, nothing at all is written. An existing pyproject.toml
    or .gitignore gets what it lacks at its end.
    """
    from pv.cli.scaffold.start import FIRST, start

    done = [f"{each.how} {folder / each.path.relative_to(folder)}" for each in start(folder)]
    contract = folder / "contracts" / f"{FIRST.kebab}-v1.yaml"
    steps = [
        f"see what is claimed: pv validate {contract}",
        f"write {contract}: its one claim is planned, its comments say how to measure it",
        f"write the law in {folder / 'laws' / FIRST.snake}.py until its test passes: python -m pytest {folder}",
        "see what is missing: pv doctor",
    ]
    emit("\n".join([*done, *(f"next: {step}" for step in steps)]))
