"""`pv explain REF`."""

from typing import TYPE_CHECKING

import click

from pv.cli.output import emit, examples, screen

if TYPE_CHECKING:
    from pv.errors import UsageError


@click.command(
    "explain",
    epilog=examples(
        "pv explain FALSIFY-005",
        "pv explain init-finetune/FALSIFY-005 --format json",
        "pv explain control-misread",
    ),
)
@click.argument("ref")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(ref: str, form: str) -> None:
    """Say everything about a claim, or print the page of a rule.

    REF is a claim's id, alias, end of its id, or CONTRACT/REF; or the id of a rule as findings name it.
    """
    from pv.methodology import catalogue
    from pv.view.explain import rule_payload, rule_text
    from pv.view.json import dump

    rules = catalogue()
    if rule := rules.get(ref):
        emit(dump(rule_payload(rule)) if form == "json" else rule_text(rule, screen()))
        return
    emit(_claim(ref, form, list(rules)))


def _claim(ref: str, form: str, rules: list[str]) -> str:
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
        raise _not_found(ref, error, rules, known) from error
    contract, verdict = next(
        (contract, verdict) for contract in verdicts for verdict in contract.claims if verdict.claim is claim
    )
    if form == "json":
        return dump(explain_payload(contract, verdict))
    return explain_text(contract, verdict, screen())


def _not_found(ref: str, error: "UsageError", rules: list[str], claims: list[str]) -> "UsageError":
    """The error with the nearest claims and rules; as it is where several claims have the name."""
    from difflib import get_close_matches

    from pv.errors import UsageError

    if any(name == ref or name.endswith(f"-{ref}") for name in claims):
        return error
    near = get_close_matches(ref, [*claims, *rules], n=5)
    fix = f"did you mean {', '.join(near)}?" if near else f"see `pv status` for claims; rules: {', '.join(rules)}"
    return UsageError(ref, "neither a claim nor a rule has that name", fix)
