"""JUnit XML: a suite a contract, a case a claim.

FALSIFIED is a failure and SUSPECT an error; PARTIAL and UNTESTED are skipped, with the reason, because the format knows
nothing between a pass and a failure; DISCHARGED passes. The verdict itself is a property of every case. The first
case of a suite is the file: its errors are those of the contract.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from pv.verdict import ClaimVerdict, ContractVerdict, Verdict
from pv.view.formats.result import contract_name, nearby
from pv.view.json import placed

_OUTCOMES: Final = {
    Verdict.FALSIFIED: "failure",
    Verdict.SUSPECT: "error",
    Verdict.PARTIAL: "skipped",
    Verdict.UNTESTED: "skipped",
    Verdict.DISCHARGED: "",
}
_COUNTED: Final = {"failures": "failure", "errors": "error", "skipped": "skipped"}
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even as references."""


def validate_junit(verdicts: Sequence[ContractVerdict]) -> str:
    """All suites in one document; no text in it can break it, whoever wrote that text."""
    total: Counter[str] = Counter()
    suites = [line for verdict in verdicts for line in _suite(verdict, total)]
    counts = _counts(total)
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{counts}>", *suites, "</testsuites>"])


def _suite(verdict: ContractVerdict, total: Counter[str]) -> list[str]:
    outcomes = Counter(_OUTCOMES[claim.verdict] for claim in verdict.claims)
    outcomes["error" if _errors(verdict) else ""] += 1
    total += outcomes
    name = contract_name(verdict)
    properties = {"stamp": verdict.stamp.value, "file": nearby(verdict.path)}
    if verdict.contract:
        properties["version"] = verdict.contract.metadata.version
    cases = [line for claim in verdict.claims for line in _case(name, claim)]
    head = f"  <testsuite{_attributes(name=name)}{_counts(outcomes)}>"
    return [head, *_properties(properties, 4), *_file_case(name, verdict), *cases, "  </testsuite>"]


def _counts(outcomes: Counter[str]) -> str:
    counted = {name: str(outcomes[outcome]) for name, outcome in _COUNTED.items()}
    return _attributes(tests=str(outcomes.total()), **counted)


def _errors(verdict: ContractVerdict) -> list[str]:
    return [str(problem) for problem in verdict.problems if problem.severity == "error"]


def _file_case(suite: str, verdict: ContractVerdict) -> list[str]:
    head = f"    <testcase{_attributes(classname=suite, name='the contract itself', file=nearby(verdict.path))}"
    errors = _errors(verdict)
    if not errors:
        return [f"{head}/>"]
    return [f"{head}>", _outcome("error", "invalid contract", errors[0], errors), "    </testcase>"]


def _case(suite: str, verdict: ClaimVerdict) -> list[str]:
    claim = verdict.claim
    properties = {
        "verdict": verdict.verdict.value,
        "level": verdict.level or "none",
        "requires": claim.requires or "none",
        "ship_blocking": str(claim.ship_blocking).lower(),
    }
    head = f"    <testcase{_attributes(classname=suite, name=claim.id)}>"
    lines = [head, *_properties(properties, 6)]
    if kind := _OUTCOMES[verdict.verdict]:
        reasons = [f"{reason.code}: {reason.message}" for reason in verdict.reasons]
        findings = [f"{found.severity}[{found.rule}] {placed(found)}" for found in verdict.findings]
        first = f"{verdict.verdict}: {reasons[0]}" if reasons else verdict.verdict.value
        lines.append(_outcome(kind, verdict.verdict.value, first, [*reasons, *findings]))
    return [*lines, "    </testcase>"]


def _outcome(kind: str, verdict: str, message: str, details: Iterable[str]) -> str:
    attributes = _attributes(message=message) if kind == "skipped" else _attributes(message=message, type=verdict)
    body = _text("\n".join(details))
    return f"      <{kind}{attributes}>{body}</{kind}>"


def _properties(pairs: dict[str, str], indent: int) -> list[str]:
    margin = " " * indent
    lines = [f"{margin}  <property{_attributes(name=name, value=value)}/>" for name, value in pairs.items()]
    return [f"{margin}<properties>", *lines, f"{margin}</properties>"]


def _attributes(**pairs: str) -> str:
    return "".join(f" {name}={quoteattr(_possible(value))}" for name, value in pairs.items())


def _text(value: str) -> str:
    return escape(_possible(value), {"\r": "&#13;"})


def _possible(value: str) -> str:
    """The text with what XML cannot hold written out as Python escapes."""
    return _FORBIDDEN.sub(lambda match: repr(match.group())[1:-1], value)
