"""`pv bisect`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples, screen, tell

DIVERGED = 1


@click.command(
    "bisect",
    epilog=examples(
        'pv bisect aprtrain:run oracle:run --text "def main():"',
        "pv bisect aprtrain:model oracle:model --random 50",
        'pv bisect "aprtrain:run?dtype=bf16" aprtrain:run --tokens ids.txt --plot distance.svg',
        'pv bisect "aprtrain:run?mutant=rope-interleaved" aprtrain:run --random 1',
        'pv bisect "aprtrain:run?device=cuda" trace:saved-on-a-cpu --tokens ids.txt',
    ),
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--tokens", metavar="FILE|IDS", help="Ids, or a file with them, apart by spaces or commas.")
@click.option("--text", help="A text, by the tokenizer beside the weights; both systems must make the same ids of it.")
@click.option("--random", "inputs", type=click.IntRange(1), help="So many inputs of random ids.")
@click.option("--length", type=click.IntRange(1), default=32, show_default=True, help="Ids of a random input.")
@click.option(
    "--positions", nargs=2, type=click.IntRange(0), metavar="FIRST STOP", help="Positions to compare.  [default: all]"
)
@click.option(
    "--tries",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    help="Inputs that are tried at most to find the smallest one; 0 for none.",
)
@click.option("--suspect", "suspects", multiple=True, metavar="TENSOR", help="Tensor that may be why A and B part.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of random inputs and of shrinking.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="SVG of the distances.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    ctx: click.Context,
    first: str,
    second: str,
    tokens: str | None,
    text: str | None,
    inputs: int | None,
    length: int,
    positions: tuple[int, int] | None,
    tries: int,
    suspects: tuple[str, ...],
    seed: int,
    plot: Path | None,
    form: str,
) -> None:
    """Compare systems A and B operation by operation, and name the first at which they part.

    A system is KIND:PATH, or KIND:PATH?dtype=bf16&device=cuda&mutant=NAME. KIND is a trainer (aprtrain), with a run or
    a folder of Hugging Face as PATH; `oracle`, the float64 definition on the same weights; or `trace`, a folder that
    `aprtrain trace --save` wrote. dtype is f32 or bf16 and device cpu, cuda or auto, f32 and cpu if not given; a
    mutant is planted in a copy of the trainer first. Quote a name that has `?` or `&` in it.

    B is the reference. Tokens, positions, operations, shapes and counts must agree, else nothing is compared. The
    budget of an operation is how far rounding in the dtypes of A and B takes B there: see docs/bisection.md. A suspect
    is taken out of A, and put alone into B: it is the cause where the distance goes with it and comes back with it.

    Exit status: 0 no divergence, 1 divergence, 2 usage or not comparable, 70 a system failed.
    """
    from pv.bisect import Request, bisect, read_tokens, system_name
    from pv.cli.bound import packages_of
    from pv.cli.project import find_project
    from pv.errors import UsageError
    from pv.view.bisect import bisect_payload, bisect_text
    from pv.view.json import dump
    from pv.view.progress import ProgressView

    if sum(one is not None for one in (tokens, text, inputs)) != 1:
        raise UsageError("pv bisect", "needs one of --tokens, --text and --random", "give one of them")
    if plot is not None and (plot.suffix != ".svg" or not plot.parent.is_dir()):
        raise UsageError(str(plot), "is no .svg in a folder that exists", "name one")
    request = Request(
        first=system_name(first),
        second=system_name(second),
        tokens=None if tokens is None else read_tokens(tokens),
        text=text,
        inputs=inputs or 0,
        length=length,
        positions=positions,
        tries=tries,
        suspects=suspects,
        seed=seed,
    )
    project = find_project()
    found = bisect(request, packages_of(project), project.scratch, ProgressView())
    if plot is not None:
        from pv.view.distance_plot import distance_svg

        try:
            plot.write_text(distance_svg(found), encoding="utf-8")
        except OSError as error:
            fix = "name a file in a folder that exists"
            raise UsageError(str(plot), f"cannot be written ({error.strerror})", fix) from error
        tell(f"wrote {plot}")
    emit(dump(bisect_payload(found)) if form == "json" else bisect_text(found, screen()))
    ctx.exit(DIVERGED if found.divergence else 0)
