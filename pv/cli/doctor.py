"""`pv doctor`."""

from typing import TYPE_CHECKING

import click

from pv.cli.output import emit, examples, screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pv.cli.checkup.check import Check

NO_VERDICT = 3


@click.command(
    "doctor",
    epilog=examples(
        "pv doctor",
        "python -m pv doctor                 where `pv` is Pipe Viewer",
        "pv doctor --format json | jq '.checks[] | select(.state != \"ok\")'",
    ),
)
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(1, 600),
    default=90,
    show_default=True,
    help="Seconds that the array library and the falsifiers may take to answer.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, timeout_s: float, form: str) -> None:
    """Check Python, packages, devices, `pv` on PATH, disk, git, contracts, trainers, falsifiers and caches.

    Each line says what was found, and what to do about it. Exit status: 3 where something that is needed does
    not work, else 0.
    """
    from pv.view.doctor import doctor_payload, doctor_text
    from pv.view.json import dump

    checks = list(_checks(timeout_s))
    emit(dump(doctor_payload(checks)) if form == "json" else doctor_text(checks, screen()))
    if any(check.state == "fail" for check in checks):
        ctx.exit(NO_VERDICT)


def _checks(timeout_s: float) -> "Iterator[Check]":
    import os
    import shutil
    import sys

    from pv.cli.checkup import environment, project
    from pv.cli.project import find_project
    from pv.contract import load_all

    found = find_project()
    yield environment.python_check(sys.version_info[:2])
    yield environment.packages_check(found.root)
    yield environment.command_check(os.environ)
    yield environment.device_check(timeout_s)
    yield environment.disk_check(shutil.disk_usage(found.root).free)
    yield environment.git_check(found.root, found.evidence)
    loaded = load_all([found.contracts] if found.contracts.exists() else [])
    yield project.contracts_check(loaded)
    yield project.trainers_check(loaded)
    yield project.falsifiers_check(timeout_s)
    yield project.caches_check(found.scratch)
