"""`pv schema`."""

import click

from pv.cli.output import emit, examples


@click.command(
    "schema",
    epilog=examples(
        "pv schema > contracts/schema.json",
        "pv schema | diff - contracts/schema.json",
    ),
)
def command() -> None:
    """Print the JSON schema of contracts, for editors and for CI."""
    import json

    from pv.contract import schema

    emit(json.dumps(schema(), indent=2, ensure_ascii=False))
