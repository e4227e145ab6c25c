"""From paths on the command line to judged contracts and the falsifiers that are bound to their claims."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pv.binding import bind
from pv.cli.bound import packages_of
from pv.cli.judging import judge
from pv.cli.project import find_project
from pv.verdict import ContractVerdict

USAGE, NO_VERDICT = 2, 3
NO_CONTRACT = "no contract was found, so nothing is linked"


def traceable(paths: Sequence[Path]) -> tuple[tuple[ContractVerdict, ...], Mapping[str, str]]:
    """The verdicts of the contracts below the paths, and claim id to the name of its falsifier.

    Raises:
        UsageError: A path does not exist.
        BindingError: The index of the falsifiers does not fit their package.
    """
    verdicts = judge(paths).verdicts
    ids = {claim.claim.id for verdict in verdicts for claim in verdict.claims}
    packages = packages_of(find_project(paths))
    bound = {claim_id: bind(claim_id, packages=packages) for claim_id in sorted(ids)}
    return verdicts, {claim_id: found.falsifier for claim_id, found in bound.items() if found}
