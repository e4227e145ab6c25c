"""`pv new KIND NAME`."""

import click

from pv.cli.output import emit, examples

KINDS = ("contract", "claim", "falsifier", "mutant", "rule")


@click.command(
    "new",
    epilog=examples(
        "pv new contract held-out-loss",
        "pv new claim beats-bigrams --contract held-out-loss-v1",
        "pv new falsifier unused-tokens",
        "pv new mutant stale-tokenizer",
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option("--contract", metavar="NAME", default="", help="Contract that a claim is added to: id, file or path.")
def command(kind: str, name: str, contract: str) -> None:
    """Write a contract, claim, falsifier, mutant or rule called NAME from a template.

    NAME is in kebab-case. Nothing is overwritten and nothing is written outside the project. A claim is
    appended to the text of its contract, whose comments stay; the result is checked before it is kept. What is
    left to do by hand is printed.
    """
    from pv.cli.project import find_project, nearby
    from pv.cli.scaffold import parts
    from pv.cli.scaffold.files import write_new
    from pv.cli.scaffold.names import parse_name
    from pv.errors import UsageError

    project, called = find_project(), parse_name(name)
    if contract and kind != "claim":
        raise UsageError("--contract", f"has no meaning for a {kind}", "leave it out")
    if kind == "claim":
        from pv.cli.scaffold.claim import add_claim

        path, claim_id = add_claim(project, called, contract)
        steps = [
            f"write its texts, then: pv explain {called.kebab}",
            "cite it in `tested_by` of an obligation, and raise metadata.version: a claim more is a minor change",
        ]
        emit("\n".join([f"added {claim_id} ({called.kebab}) to {nearby(path)}", *(f"next: {step}" for step in steps)]))
        return
    makers = {
        "contract": parts.contract_part,
        "falsifier": parts.falsifier_part,
        "mutant": parts.mutant_part,
        "rule": parts.rule_part,
    }
    part = makers[kind](project, called)
    written = write_new(project.root, part.files)
    emit("\n".join([*(f"wrote {nearby(path)}" for path in written), *(f"next: {step}" for step in part.steps)]))
