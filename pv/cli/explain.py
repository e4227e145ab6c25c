"""`pv explain REF`."""

from typing import TYPE_CHECKING

import click

from pv.cli.claim_ids import complete_claims
from pv.cli.output import emit, examples, screen

if TYPE_CHECKING:
    from pv.errors import UsageError


@click.command(
    "explain",
    epilog=examples(
        "pv explain FALSIFY-005",
        "pv explain init-finetune/FALSIFY-005 --format json",
        "pv explain control-misread",
        "pv explain unknown-key",
    ),
)
@click.argument("ref", shell_complete=complete_claims)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(ref: str, form: str) -> None:
    """Say everything about a claim, or print the page of a rule or code.

    REF is a claim's id, alias, end of its id, or CONTRACT/REF; or the id of a rule as findings name it, the code of a
    problem in a contract, or the code of a reason.
    """
    from pv.view.explain import page_payload, page_text
    from pv.view.json import dump
    from pv.view.pages import pages

    known = pages()
    if page := known.get(ref):
        emit(dump(page_payload(page)) if form == "json" else page_text(page, screen()))
        return
    emit(_claim(ref, form, list(known)))


def _claim(ref: str, form: str, codes: list[str]) -> str:
    from pv.cli.judging import judge
    from pv.contract import resolve
    from pv.errors import UsageError
    from pv.view.explain import explain_payload, explain_text
    from pv.view.json import dump

    verdicts = judge(()).verdicts
    contracts = [verdict.contract for verdict in verdicts if verdict.contract]
    try:
        claim, _ = resolve(ref, contracts)
    except UsageError as error:
        known = [name for contract in contracts for claim in contract.claims for name in (claim.id, *claim.aliases)]
        raise _not_found(ref, error, codes, known) from error
    contract, verdict = next(
        (contract, verdict) for contract in verdicts for verdict in contract.claims if verdict.claim is claim
    )
    if form == "json":
        return dump(explain_payload(contract, verdict))
    return explain_text(contract, verdict, screen())


def _not_found(ref: str, error: "UsageError", codes: list[str], claims: list[str]) -> "UsageError":
    """The error with the nearest claims, rules and codes; as it is where several claims have the name."""
    from difflib import get_close_matches

    from pv.errors import UsageError
    from pv.methodology import catalogue

    if any(name == ref or name.endswith(f"-{ref}") for name in claims):
        return error
    near = get_close_matches(ref, [*claims, *codes], n=5)
    fix = f"did you mean {', '.join(near)}?" if near else f"see `pv status` for claims; rules: {', '.join(catalogue())}"
    return UsageError(ref, "neither a claim nor a rule has that name", fix)
