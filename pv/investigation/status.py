"""The status of a hypothesis, from its predictions, its injection and the finer causes below it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pv.investigation.finding import Finding, Injection, Outcome, Status, Tested
from pv.verdict import Level

_TIED: Final = "explains it, and so does {}: not told apart by this experiment"
_UNTRIED: Final = "explains it; its rival {} is not tried yet"


def real_of(tested: Iterable[Tested], level: Level) -> Status:
    """Whether the defect is there, by what was read at the symptom's level or above."""
    outcomes = {one.outcome for one in tested if one.level and one.level.rank >= level.rank}
    if Outcome.FAILED in outcomes:
        return Status.REFUTED
    return Status.SUPPORTED if Outcome.HELD in outcomes else Status.OPEN


def status_of(real: Status, injection: Injection | None, children: Iterable[Finding]) -> Status:
    """Return what may be concluded: only what is there, and explains, is confirmed; nothing is for being left over."""
    below = {child.status for child in children}
    explains = injection.explains if injection else None
    if Status.CONFIRMED in below:
        return Status.CONFIRMED
    if real is Status.REFUTED or explains is False:
        return Status.REFUTED
    if real is Status.SUPPORTED:
        return Status.CONFIRMED if explains else Status.SUPPORTED
    return Status.SUPPORTED if Status.SUPPORTED in below else Status.OPEN


def sentence_of(
    status: Status,
    real: Status,
    tested: tuple[Tested, ...],
    injection: Injection | None,
    children: tuple[Finding, ...],
    level: Level,
) -> str:
    """Return a status in words: what holds at which level, and "real" apart from "explains"."""
    explains = injection.explains if injection else None
    if confirmed := [child.id for child in children if child.status is Status.CONFIRMED]:
        return f"confirmed as {', '.join(confirmed)}"
    if explains is False:
        there = {Status.SUPPORTED: "real, ", Status.REFUTED: "not there, and "}.get(real, "")
        return f"{there}does not explain"
    if real is not Status.OPEN:
        word = {Status.CONFIRMED: "confirmed", Status.SUPPORTED: "supported"}.get(status, "refuted")
        planted = injection is not None and injection.planted.passed
        lacking = ", no run without it yet" if planted else ", not injected yet"
        return f"{word} at {level} level{lacking if status is Status.SUPPORTED else ''}"
    lower = [f"{word} at {at} level" for at, word in _below(tested)]
    if explains:
        lower.append("would explain it, not shown to be there")
    if supported := [child.id for child in children if child.status is Status.SUPPORTED]:
        return f"supported by {', '.join(supported)}"
    return ", ".join([*lower, f"open at {level} level"] if lower else ["open"])


def _below(tested: tuple[Tested, ...]) -> Iterator[tuple[Level, str]]:
    """Each level below the symptom's that something was shown at."""
    for level in Level:
        outcomes = {one.outcome for one in tested if one.level is level}
        if outcomes:
            yield level, "refuted" if Outcome.FAILED in outcomes else "supported"


def told_apart(findings: Sequence[Finding], level: Level) -> tuple[Finding, ...]:
    """Return the hypotheses, none of them confirmed where a rival explains the symptom as well, or still might.

    The evidence then does not part rivals, and taking either for the cause would be a guess. A rival still might where
    it was read in the symptom's run too, and was not planted yet.

    Args:
        findings: The top of the tree.
        level: Level of the symptom.
    """
    every = [one for top in findings for one in top.walk()]
    shown = [one for one in every if one.status is Status.CONFIRMED and one.injection]
    finest = [one for one in shown if not any(below in shown for child in one.children for below in child.walk())]
    if len({one.injection.mutant for one in finest if one.injection}) > 1:
        tied = [one.id for one in finest]
        said = {name: _TIED.format(", ".join(one for one in tied if one != name)) for name in tied}
        return tuple(_untied(one, said, level, tied=True) for one in findings)
    said = {one.id: _UNTRIED.format(", ".join(rivals)) for one in finest if (rivals := _untried_rivals(one, every))}
    return tuple(_untied(one, said, level, tied=False) for one in findings) if said else tuple(findings)


def _untried_rivals(cause: Finding, every: Iterable[Finding]) -> list[str]:
    """Other planted faults that were read in the symptom's run too, and were not tried yet."""
    own = {one.id for one in cause.walk()}
    return [
        one.id
        for one in every
        if one.status is Status.SUPPORTED
        and one.injection
        and one.injection.explains is None
        and cause.injection
        and one.injection.mutant != cause.injection.mutant
        and one.id not in own
    ]


def _untied(finding: Finding, said: Mapping[str, str], level: Level, *, tied: bool) -> Finding:
    """The hypothesis with what is below it, those of whom something is said no longer confirmed."""
    children = tuple(_untied(child, said, level, tied=tied) for child in finding.children)
    if finding.id in said:
        return replace(finding, status=Status.SUPPORTED, sentence=said[finding.id], tied=tied, children=children)
    status = status_of(finding.real, finding.injection, children)
    sentence = sentence_of(status, finding.real, finding.tested, finding.injection, children, level)
    return replace(finding, status=status, sentence=sentence, children=children)
