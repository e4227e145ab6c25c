"""`pv gate`."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pv.cli.output import emit, examples, screen, tell

if TYPE_CHECKING:
    from pv.change.tree import Side
    from pv.cli.project import Project
    from pv.policy import Decision, Policy


@click.command("gate", epilog=examples("pv gate", "pv gate --base origin/main", "pv gate --base HEAD~1 --format json"))
@click.option("--base", metavar="REF", help="Git revision that nothing may be weaker than.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, base: str | None, form: str) -> None:
    """Hold the project against the policy in the table [tool.pv.gate] of its pyproject.toml.

    With --base nothing may be weaker than at that revision: no claim deleted or loosened, no verdict worse, no
    evidence deleted, no demand of the gate lowered, unless a waiver with owner, reason and expiry date covers it.

    Exit status: 0 something was selected and everything asked for is met, 1 a selected claim is FALSIFIED,
    2 an invalid contract, table, waiver or base, 3 nothing selected or a stamp below what is required,
    4 SUSPECT, a forbidden finding, or weaker than the base.
    """
    from pv.cli.project import find_project
    from pv.policy import read_policy
    from pv.view.formats.gate import gate_payload, gate_text
    from pv.view.json import dump

    project = find_project()
    policy = read_policy(_table(project.root), today=_today())
    ref = base if base is not None else policy.base
    label, decision = _decided(project, policy, ref)
    emit(dump(gate_payload(label, decision)) if form == "json" else gate_text(label, decision, screen()))
    if not ref:
        tell("no base was named, so what was deleted or loosened before cannot be seen; say --base REF")
    for waiver in decision.unused:
        tell(f"waiver covers nothing, delete it: {waiver}")
    ctx.exit(decision.exit_status)


def _today() -> date:
    return datetime.now(UTC).date()


def _table(root: Path) -> dict[str, Any]:
    """The table `[tool.pv.gate]`; empty where there is none."""
    from pv.errors import UsageError

    file = root / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(str(file), f"cannot be read ({error})", "mend the file") from error
    for key in ("tool", "pv", "gate"):
        inner = content.get(key, {})
        if not isinstance(inner, dict):
            raise UsageError(str(file), f"`{key}` is {inner!r}, not a table", "write [tool.pv.gate]")
        content = inner
    return content


def _decided(project: "Project", policy: "Policy", ref: str) -> tuple[str, "Decision"]:
    """The base's name with its commit, and what the gate answers; without a base the name is empty."""
    from pv.cli.sides import former, present
    from pv.policy import Base, decide, decide_against

    if not ref:
        return "", decide(policy, _listed(present()).verdicts)
    with former(project.root, ref) as (side, then):
        base = Base(side=side, policy=_former_policy(then))
        here = _listed(present())
        return side.label, decide_against(base, here, policy, lambda restored: present(restored=restored))


def _listed(side: "Side") -> "Side":
    """The side, if all its folders could be listed."""
    from pv.errors import UsageError

    for problem in side.stray:
        raise UsageError(problem.path, problem.message, problem.hint or "make it readable")
    return side


def _former_policy(then: "Project") -> "Policy":
    """The policy of the base; its waivers were for that time."""
    from pv.errors import UsageError
    from pv.policy import read_policy

    table = {key: value for key, value in _table(then.root).items() if key != "waivers"}
    try:
        return replace(read_policy(table, today=date.min), waivers=())
    except UsageError as error:
        raise UsageError(f"the base's {error.where}", error.what, "name a base whose table can be read") from error
