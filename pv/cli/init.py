"""`pv init [DIR]`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples


@click.command("init", epilog=examples("pv init", "pv init my-project && cd my-project && pv validate"))
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Start a project in DIR: a first claim that is bound to a law, the table [tool.pv], a GitHub workflow.

    Nothing is overwritten: where a file is there already, nothing at all is written. An existing pyproject.toml
    or .gitignore gets what it lacks at its end.
    """
    from pv.cli.scaffold.start import CLAIM, FIRST, start

    done = [f"{each.how} {folder / each.path.relative_to(folder)}" for each in start(folder)]
    contract = folder / "contracts" / f"{FIRST.kebab}-v1.yaml"
    steps = [
        f"see what is claimed: pv validate {contract}",
        f"attack it: pv discharge {CLAIM} --run",
        f"show that the law can strike, and keep the receipt: pv discharge {CLAIM} --run --mutant mean-of-means --keep",
        f"put your own function in the place of held_out.py, and what it must obey into {folder / 'laws'}",
    ]
    emit("\n".join([*done, *(f"next: {step}" for step in steps)]))
