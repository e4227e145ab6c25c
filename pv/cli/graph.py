"""`pv graph`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples, screen, tell

FORMATS = ("text", "dot", "mermaid", "json")


@click.command(
    "graph",
    epilog=examples(
        "pv graph",
        "pv graph --contracts --format mermaid",
        "pv graph --format dot | dot -Tsvg > contracts.svg",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--contracts", "coarse", is_flag=True, help="Only contracts and what they depend on.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], form: str, *, coarse: bool) -> None:
    """Show the links of contracts: dependencies, and every chain from an equation to the evidence.

    Exit status: 2 where something that is cited is missing, where links lead in a circle, or where a file is no
    readable contract; each is named on standard error. 3 where no contract was found.
    """
    from pv.cli.tracing import NO_CONTRACT, NO_VERDICT, USAGE, traceable
    from pv.trace import build, contracts_only
    from pv.view.formats.graph import FORMATS as WRITERS
    from pv.view.formats.graph import faults

    verdicts, falsifiers = traceable(paths)
    graph = build(verdicts, falsifiers)
    shown = contracts_only(graph) if coarse else graph
    emit(WRITERS[form](shown, screen()))
    wrong = [*faults(shown)]
    wrong += [f"{one.path}: is no readable contract; see pv validate" for one in verdicts if one.contract is None]
    for line in wrong:
        tell(f"pv graph: {line}")
    if not verdicts:
        tell(NO_CONTRACT)
    ctx.exit(USAGE if wrong else 0 if verdicts else NO_VERDICT)
