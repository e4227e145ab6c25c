"""`pv query`."""

from pathlib import Path

import click

from pv.cli.output import emit, examples, screen, tell
from pv.view.layout import count

VERDICTS = ("FALSIFIED", "SUSPECT", "PARTIAL", "DISCHARGED", "UNTESTED")
LEVELS = ("algorithm", "integration", "live")
KINDS = ("claim", "obligation", "equation")


@click.command(
    "query",
    epilog=examples(
        "pv query loss",
        "pv query --verdict SUSPECT",
        "pv query --unbound --format json | jq -r '.found[].name'",
        "pv query held-out --in contracts/kernels --kind obligation",
    ),
)
@click.argument("term", default="")
@click.option("--verdict", type=click.Choice(VERDICTS, case_sensitive=False), help="Only claims of this verdict.")
@click.option("--level", type=click.Choice(LEVELS), help="Only claims whose evidence has reached this level.")
@click.option("--unbound", is_flag=True, help="Only claims that no falsifier is bound to.")
@click.option("--tag", metavar="TAG", default="", help="Only contracts of this tag or kind.")
@click.option("--kind", type=click.Choice(KINDS), help="Only parts of this kind.")
@click.option(
    "--in",
    "paths",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Look in this file or folder instead of all contracts; may be given again.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    ctx: click.Context,
    term: str,
    verdict: str | None,
    level: str | None,
    tag: str,
    kind: str | None,
    paths: tuple[Path, ...],
    form: str,
    *,
    unbound: bool,
) -> None:
    """Find claims, obligations and equations that hold TERM in a name, an alias or their text.

    Case does not matter; everything that is given must hold. Exit status: 0 where something was found, else 3.
    """
    from pv.cli.tracing import NO_VERDICT, traceable
    from pv.trace import Kind, Question, search
    from pv.verdict import Level, Verdict
    from pv.view.json import dump
    from pv.view.trace import query_payload, query_text

    verdicts, falsifiers = traceable(paths)
    question = Question(
        term=term,
        kind=Kind(kind) if kind else None,
        verdict=Verdict(verdict.upper()) if verdict else None,
        level=Level(level) if level else None,
        unbound=unbound,
        tag=tag,
    )
    found = search(verdicts, falsifiers, question)
    emit(dump(query_payload(found)) if form == "json" else query_text(found, screen()))
    if not found:
        looked = sum(len(one.claims) for one in verdicts)
        tell(f"nothing found in {count(len(verdicts), 'contract')} with {count(looked, 'claim')}; widen the question")
        ctx.exit(NO_VERDICT)
