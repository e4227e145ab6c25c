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
    from pv.errors import UsageError
    from pv.methodology import catalogue
    from pv.view.explain import rule_payload, rule_text
    from pv.view.json import dump

    rules = catalogue()
    if rule := rules.get(ref):
        emit(dump(rule_payload(rule)) if form == "json" else rule_text(rule, screen()))
        return
    try:
        emit(_claim(ref, form))
    except UsageError as error:
        raise _nearest(ref, list(rules), error) from error


def _claim(ref: str, form: str) -> str:
    from pv.cli.judging import judge
    from pv.contract import resolve
    from pv.view.explain import explain_payload, explain_text
    from pv.view.json import dump

    verdicts = judge(()).verdicts
    claim, _ = resolve(ref, [verdict.contract for verdict in verdicts if verdict.contract])
    contract, verdict = next(
        (contract, verdict) for contract in verdicts for verdict in contract.claims if verdict.claim is claim
    )
    if form == "json":
        return dump(explain_payload(contract, verdict))
    return explain_text(contract, verdict, screen())


def _nearest(ref: str, rules: list[str], error: "UsageError") -> "UsageError":
    """The error of a claim that was not found, with the rules of a similar name."""
    from difflib import get_close_matches

    from pv.errors import UsageError

    near = get_close_matches(ref, rules, n=3)
    return UsageError(
        error.where, error.what, f"{error.fix}; rules: {', '.join(near)}" if near else error.fix
    )
