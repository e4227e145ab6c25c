"""The run ended in a crash.

What it hunts: measurements of a run whose process did not end with status 0.
Why: a run that died half-way leaves numbers that look like results: a wall time that is short, a log
without errors.
How it looks: the exit status is not 0, or negative for a signal, and yet something was measured.
What to do: read raw/log.txt from its end; mend the cause and make the run again.
Blind spots: runs that fail and end with status 0; truncated-record counts their steps. Exempt are the claim about
the exit status, for which the crash is the result, and a log that names a fault of the device.
Source: paiml/aprender pull request 1600: the figures of a run that aborted were read as results.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Refuse what was measured of a crashed run, save what the crash itself refutes."""
    if case.of_a_run and case.value("exit_status") is None:
        yield RULE.not_judged("the exit status is not recorded")
    if not case.crashed or case.measured is None or case.series == "run/exit_status":
        return
    if case.series == "run/device_errors" and case.measured.value > 0:
        return
    reason = str(case.bundle.run.get("exit_reason") or "unknown")[:80]
    yield RULE.finding(f"exit status {case.value('exit_status'):g}, exit reason {reason}", "raw/run.json")


RULE = Rule(id="crashed-run", effect=Effect.INVALIDATES, page=__doc__, check=check)
