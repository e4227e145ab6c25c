"""The next best experiment: the cheapest run that splits the hypotheses which are open."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from pv.contract import resolve
from pv.errors import UsageError
from pv.evidence import locked_claims
from pv.investigation.finding import Finding, Outcome, Report, Status
from pv.investigation.library import Library, profile_of, run_of, seconds_of, seed_of
from pv.investigation.model import Made
from pv.investigation.parting import unparted
from pv.power import FUNCTIONS
from pv.verdict import Exhibit


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A run that would tell hypotheses apart."""

    claim_id: str
    how: Made
    splits: tuple[str, ...]
    """Hypotheses that it decides something of, each against the others."""

    seconds: float | None
    """What runs like it took, in the median; None where none is recorded."""

    command: str


def experiments(report: Report, library: Library) -> tuple[Experiment, ...]:
    """Return what may still be tried, best first; nothing once a cause is confirmed.

    What supported hypotheses lack comes before what open ones do, and within each the cheapest first.
    """
    if report.confirmed:
        return ()
    symptom = library.at(report.bundle)
    wanted: dict[tuple[str, Made], list[Finding]] = {}
    every = {one.id: one for top in report.findings for one in top.walk()}
    for finding in every.values():
        for claim_id, how in _lacking(finding, report, library):
            wanted.setdefault((claim_id, how), []).append(finding)
    for claim_id, how, causes in unparted(report, library):
        wanted.setdefault((claim_id, how), []).extend(every[one] for one in causes)
    found = [
        (
            not any(one.status is Status.SUPPORTED for one in findings),
            Experiment(
                claim_id=claim_id,
                how=how,
                splits=tuple(dict.fromkeys(one.id for one in findings)),
                seconds=_usual(claim_id, how, symptom, library),
                command=command_of(claim_id, how, symptom if claim_id == report.claim_id else None),
            ),
        )
        for (claim_id, how), findings in wanted.items()
    ]
    found.sort(key=lambda one: (one[0], one[1].seconds is None, one[1].seconds or 0, -len(one[1].splits)))
    return tuple(one for _, one in found)


def _lacking(finding: Finding, report: Report, library: Library) -> Iterator[tuple[str, Made]]:
    """The runs that would decide something of a hypothesis."""
    if finding.status not in {Status.OPEN, Status.SUPPORTED}:
        return
    for tested in finding.tested:
        if tested.outcome is Outcome.NOT_TRIED and tested.prediction.claim:
            try:
                yield resolve(tested.prediction.claim, library.contracts)[0].id, Made()
            except UsageError:
                continue
        elif tested.outcome is Outcome.NOT_TRIED and tested.prediction.run:
            yield report.claim_id, tested.prediction.run
    for trial in (finding.injection.planted, finding.injection.removed) if finding.injection else ():
        if trial.passed is None:
            yield report.claim_id, trial.how


def _usual(claim_id: str, how: Made, symptom: Exhibit | None, library: Library) -> float | None:
    profile = how.profile or (profile_of(symptom) if symptom else "")
    taken = [
        seconds
        for one in library.exhibits
        if one.opened.bundle
        and claim_id in locked_claims(one.opened.bundle)
        and profile_of(one) in {profile, FUNCTIONS}
        and (seconds := seconds_of(one)) is not None
    ]
    return median(taken) if taken else None


def command_of(claim_id: str, how: Made, like: Exhibit | None) -> str:
    """The command that makes a run.

    Args:
        claim_id: Claim that it is of.
        how: Mutant, profile and seed.
        like: The symptom's bundle, whose profile, seed and dataset hold where `how` says nothing.
    """
    profile = how.profile or (profile_of(like) if like else "")
    seed = how.seed if how.seed is not None else seed_of(like) if like else 0
    words = ["pv discharge", claim_id, "--run"]
    words += ["--profile", profile] if profile not in {"", FUNCTIONS} else []
    words += ["--seed", str(seed)] if seed else []
    words += ["--mutant", how.mutant] if how.mutant else []
    dataset = run_of(like).get("dataset") if like else None
    return " ".join([*words, *(["--dataset", str(dataset)] if dataset else [])])
