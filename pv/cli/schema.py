"""`pv schema [KIND]`."""

import click

from pv.cli.output import emit, examples

KINDS = ("contract", "investigation", "ship")


@click.command(
    "schema",
    epilog=examples(
        "pv schema > contracts/schema.json",
        "pv schema | diff - contracts/schema.json",
        "pv schema investigation > investigations/schema.json",
        "pv schema ship > contracts/ship.schema.json",
    ),
)
@click.argument("kind", type=click.Choice(KINDS), default="contract")
def command(kind: str) -> None:
    """Print the JSON schema of contracts, or of another KIND of file, for editors and for CI."""
    import json

    from pv import contract, investigation, ship

    made = {"contract": contract.schema, "investigation": investigation.schema, "ship": ship.ledger_schema}[kind]()
    emit(json.dumps(made, indent=2, ensure_ascii=False))
