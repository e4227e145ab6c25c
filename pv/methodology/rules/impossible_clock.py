"""The clocks of the run contradict each other.

What it hunts: steps that together outlast the loop that holds them, a loop that outlasts the run, steps that took no
time, a run that ended before it began.
Why: times, throughput and "less than an hour" rest on these clocks; where two contradict each other, neither counts.
How it looks: the two times that do not fit.
What to do: look for seconds written as milliseconds, a clock read before the device had finished, segments added twice.
Blind spots: clocks that are wrong alike. A run that was resumed ends with a loop longer than its last process: its
dates are not compared.
Source: The parts of a process cannot last longer than the whole.
"""

from collections.abc import Iterator

from pv.evidence.fields import moment, number
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

SLACK_S = 1.0
"""Seconds that rounding of dates and the reading of clocks may take."""


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Compare the steps with the loop, and the loop with the dates of the run."""
    if not case.of_a_run:
        return
    steps, loop = case.value("steps_wall_seconds"), case.value("wall_seconds")
    if steps is None or loop is None:
        yield RULE.not_judged("the steps or their loop were not timed")
    elif steps > loop + SLACK_S:
        yield RULE.finding(f"the steps took {steps:.6g} s, the loop {loop:.6g} s", "raw/metrics.jsonl")
    times = [number(row.get("wall_ms")) for row in case.bundle.metrics]
    if still := sum(time is not None and time <= 0 for time in times):
        yield RULE.finding(f"{still} steps took no time", "raw/metrics.jsonl")
    yield from _dates(case, loop)


def _dates(case: Case, loop: float | None) -> Iterator[Finding | NotJudged]:
    run = case.bundle.run
    began, ended = moment(run.get("started_at")), moment(run.get("finished_at"))
    if began is None or ended is None:
        yield RULE.not_judged("the dates of the run are not recorded")
        return
    elapsed = (ended - began).total_seconds()
    segments = run.get("segments")
    resumed = isinstance(segments, list) and len(segments) > 1
    if elapsed < 0:
        yield RULE.finding(f"it ended {-elapsed:.6g} s before it began", "raw/run.json")
    elif loop is not None and loop > elapsed + SLACK_S and not resumed:
        yield RULE.finding(f"the loop took {loop:.6g} s, the run {elapsed:.6g} s", "raw/run.json")


RULE = Rule(id="impossible-clock", effect=Effect.CAPS, page=__doc__, check=check)
