"""`pv coverage`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples, screen, tell


@click.command(
    "coverage",
    epilog=examples(
        "pv coverage",
        "pv coverage contracts/apr-pretrain-init-finetune-v1.yaml --strict",
        "pv coverage --format json | jq '.summary'",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Ask that everything is linked: a gap makes the exit status 3.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], form: str, *, strict: bool) -> None:
    """Show what is linked all the way to fresh evidence, and where the other chains break.

    A chain goes from an equation to the obligations that name it in `applies_to`, to the claims in their
    `tested_by`, to the falsifier bound to each, to fresh evidence. Links count, numbers of tests do not.

    Exit status: 0 when shown, 2 where a file is no readable contract, 3 where there is nothing to cover, or,
    with --strict, a gap.
    """
    from pv.cli.tracing import NO_CONTRACT, NO_VERDICT, USAGE, traceable
    from pv.trace import coverage
    from pv.view.json import dump
    from pv.view.trace import coverage_payload, coverage_text

    verdicts, _ = traceable(paths)
    covered = coverage(verdicts)
    emit(dump(coverage_payload(covered)) if form == "json" else coverage_text(covered, screen()))
    parts = [part for one in covered for part in one.traced]
    if not covered:
        tell(NO_CONTRACT)
    for one in covered:
        if not one.readable:
            tell(f"{one.path}: is no readable contract; see pv validate")
    if any(not one.readable for one in covered):
        ctx.exit(USAGE)
    if not parts or (strict and not all(part.linked for part in parts)):
        ctx.exit(NO_VERDICT)
