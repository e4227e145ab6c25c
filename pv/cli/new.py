"""`pv new KIND NAME`."""

import click

from pv.cli.output import emit, examples

KINDS = ("contract", "claim", "falsifier", "mutant", "rule", "investigation")


@click.command(
    "new",
    epilog=examples(
        "pv new contract held-out-loss",
        "pv new claim beats-bigrams --contract held-out-loss-v1",
        "pv new falsifier unused-tokens",
        "pv new falsifier unused-tokens --claim FALSIFY-FIRST-CLAIM-002",
        "pv new mutant stale-tokenizer --module held_out",
        "pv new investigation FALSIFY-005 --bundle .pv/runs/held-out-loss-v1/2026-11-21-cpu-7c0d427fc289",
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option("--contract", metavar="NAME", default="", help="Contract that a claim is added to: id, file or path.")
@click.option("--claim", metavar="ID", default="", help="Claim that a falsifier is bound to: its whole id.")
@click.option("--module", default="", help="Module that a mutant edits.")
@click.option("--bundle", metavar="BUNDLE", default="", help="Bundle that an investigation starts from.")
def command(kind: str, name: str, contract: str, claim: str, module: str, bundle: str) -> None:
    """Write a contract, claim, falsifier, mutant or rule called NAME from a template, or start an investigation.

    NAME is in kebab-case. Nothing is overwritten and nothing is written outside the project. A claim is
    appended to the text of its contract, whose comments stay; the result is checked before it is kept. What is
    left to do by hand is printed.

    For an investigation, NAME is a claim that is SUSPECT or FALSIFIED: the symptom, the controls that read wrong and
    planted faults that read alike are filled in.
    """
    from pv.cli.project import find_project, nearby
    from pv.cli.scaffold import parts
    from pv.cli.scaffold.files import write_new
    from pv.cli.scaffold.index import add_row, with_row
    from pv.cli.scaffold.names import parse_name
    from pv.errors import UsageError

    project = find_project()
    for option, value, of in (
        ("--contract", contract, "claim"),
        ("--claim", claim, "falsifier"),
        ("--module", module, "mutant"),
        ("--bundle", bundle, "investigation"),
    ):
        if value and kind != of:
            raise UsageError(option, f"has no meaning for a {kind}", "leave it out")
    if kind == "investigation":
        from pv.cli.scaffold.investigation import add_investigation

        written = add_investigation(project, name, bundle)
        emit("\n".join([*(f"wrote {path}" for path in written), f"next: pv investigate {written[0]}"]))
        return
    called = parse_name(name)
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
        "contract": lambda: parts.contract_part(project, called),
        "falsifier": lambda: parts.falsifier_part(project, called, claim),
        "mutant": lambda: parts.mutant_part(project, called, module),
        "rule": lambda: parts.rule_part(project, called),
    }
    part = makers[kind]()
    for row in part.rows:
        with_row(row.index, row.section, row.name, row.row)
    written = write_new(project.root, part.files)
    for row in part.rows:
        add_row(row.index, row.section, row.name, row.row)
    changed = [f"added {row.name} to {row.section} of {nearby(row.index)}" for row in part.rows]
    emit(
        "\n".join([*(f"wrote {nearby(path)}" for path in written), *changed, *(f"next: {step}" for step in part.steps)])
    )
