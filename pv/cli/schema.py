"""`pv schema [KIND]`."""

import click

from pv.cli.output import emit, examples


@click.command(
    "schema",
    epilog=examples(
        "pv schema > contracts/schema.json",
        "pv schema | diff - contracts/schema.json",
        "pv schema ship > contracts/ship.schema.json",
    ),
)
@click.argument("kind", type=click.Choice(["contract", "ship"]), default="contract")
def command(kind: str) -> None:
    """Print the JSON schema of contracts, or of the ledger ship.yaml, for editors and for CI."""
    import json

    emit(json.dumps(_schema(kind), indent=2, ensure_ascii=False))


def _schema(kind: str) -> dict[str, object]:
    if kind == "ship":
        from pv.ship import ledger_schema

        return ledger_schema()
    from pv.contract import schema

    return schema()
