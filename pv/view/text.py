"""Stamps of contracts for people at a prompt: worst first, with every denominator."""

from collections.abc import Sequence

from pv.contract import Claim, Problem
from pv.methodology import Finding, NotJudged
from pv.verdict import ClaimVerdict, ContractVerdict, Reason, Verdict
from pv.view.json import placed, summary
from pv.view.layout import Cell, Screen, clean, count, grid, header, paint, paragraph

TONES = {
    Verdict.FALSIFIED: "red",
    Verdict.SUSPECT: "magenta",
    Verdict.PARTIAL: "yellow",
    Verdict.DISCHARGED: "green",
    Verdict.UNTESTED: "bright_black",
}
_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}
_SEVERITY_TONES = {"error": "red", "warning": "yellow", "note": "dim"}
_INDENT = 2


def validate_text(verdicts: Sequence[ContractVerdict], screen: Screen) -> str:
    """Problems of the files, then a block of claims for each contract, worst first, then the denominators."""
    ordered = sorted(verdicts, key=lambda verdict: _RANKS[verdict.stamp])
    problems = [line for verdict in ordered for line in _problem_lines(verdict, screen)]
    blocks = [line for verdict in ordered for line in ["", *_contract_lines(verdict, screen)]]
    return "\n".join([*problems, *blocks[0 if problems else 1 :], "", summary_line(verdicts)])


def summary_line(verdicts: Sequence[ContractVerdict]) -> str:
    """`1 contract, 7 claims, 6 evaluated, 1 untested; 0 errors, 2 warnings`."""
    numbers = summary(verdicts)
    measured = f"{numbers['evaluated']} evaluated, {numbers['untested']} untested"
    problems = f"{count(numbers['errors'], 'error')}, {count(numbers['warnings'], 'warning')}"
    judged = f"{count(numbers['contracts'], 'contract')}, {count(numbers['claims'], 'claim')}, {measured}"
    return f"{judged}; {problems}"


def short_name(claim: Claim) -> str:
    """The first alias of a claim, or its id where it has none."""
    return claim.aliases[0] if claim.aliases else claim.id


def worst_first(claims: Sequence[ClaimVerdict]) -> list[ClaimVerdict]:
    """Claims in the order of their verdicts; equals stay in the contract's order."""
    return sorted(claims, key=lambda claim: _RANKS[claim.verdict])


def levels(verdict: ClaimVerdict) -> str:
    """`integration/live`: the level reached and the level required."""
    return f"{verdict.level or '-'}/{verdict.claim.requires or '-'}"


def problem_lines(problem: Problem, screen: Screen) -> list[str]:
    """`file:line:col: severity[code] message`, and the hint below it."""
    tone = _SEVERITY_TONES[problem.severity]
    place = ":".join([str(part) for part in (problem.path, problem.line, problem.column) if part])
    label = paint(f"{problem.severity}[{problem.code}]", tone, screen)
    first = f"{clean(place)}: {label} {clean(problem.message)}"
    return [first, *paragraph(f"hint: {problem.hint}", screen, indent=4)] if problem.hint else [first]


def _problem_lines(verdict: ContractVerdict, screen: Screen) -> list[str]:
    return [line for problem in verdict.problems for line in problem_lines(problem, screen)]


def _contract_lines(verdict: ContractVerdict, screen: Screen) -> list[str]:
    contract = verdict.contract
    name = f"{contract.id} {contract.metadata.version}" if contract else "not a readable contract"
    stamp = paint(verdict.stamp, TONES[verdict.stamp], screen)
    lines = [f"{stamp}  {clean(name)}  {denominator(verdict.claims)}", f"  {clean(verdict.path)}"]
    for reason in verdict.reasons:
        lines.extend(paragraph(reason_text(reason), screen, indent=_INDENT))
    rows = [_claim_row(claim) for claim in worst_first(verdict.claims) if not claim.claim.planned]
    rows += _planned_row([claim for claim in verdict.claims if claim.claim.planned])
    table = [header("claim", "verdict", "level/required", "reason"), *rows] if rows else []
    loud = (found for claim in verdict.claims for found in claim.findings if found.severity == "error")
    findings = finding_table(tuple(dict.fromkeys(loud)), screen)
    return [*lines, *grid(table, screen, indent=_INDENT), *findings, *_lint_lines(verdict.claims, screen)]


def _lint_lines(claims: Sequence[ClaimVerdict], screen: Screen) -> list[str]:
    """What the contract alone shows of claims that nothing was measured of: here, before the first run."""
    rows = [
        [
            Cell(found.severity, _SEVERITY_TONES[found.severity]),
            Cell(found.rule),
            Cell(short_name(claim.claim)),
            Cell(found.message),
        ]
        for claim in claims
        if claim.verdict is Verdict.UNTESTED and not claim.bundles
        for found in claim.findings
        if found.severity != "error"
    ]
    return grid(rows, screen, indent=_INDENT) if rows else []


def finding_table(findings: Sequence[Finding], screen: Screen) -> list[str]:
    """Every finding with its rule id, the invalidating ones first."""
    ordered = sorted(findings, key=lambda finding: tuple(_SEVERITY_TONES).index(finding.severity))
    rows = [
        [
            Cell(finding.severity, _SEVERITY_TONES[finding.severity]),
            Cell(finding.rule),
            Cell(placed(finding)),
        ]
        for finding in ordered
    ]
    return grid(rows, screen, indent=_INDENT)


def not_judged_table(rules: Sequence[NotJudged], screen: Screen) -> list[str]:
    """Every rule that could not be applied, with what it lacks."""
    return grid([[Cell(one.rule, "dim"), Cell(one.reason)] for one in rules], screen, indent=_INDENT)


def denominator(claims: Sequence[ClaimVerdict]) -> str:
    """`7 claims, 6 evaluated, 1 untested`."""
    untested = sum(claim.verdict is Verdict.UNTESTED for claim in claims)
    return f"{count(len(claims), 'claim')}, {len(claims) - untested} evaluated, {untested} untested"


def reason_text(reason: Reason) -> str:
    """`code: message`."""
    return f"{reason.code}: {reason.message}"


def _planned_row(planned: Sequence[ClaimVerdict]) -> list[list[Cell]]:
    """One row for all claims whose falsifier is still to come; none where there is no such claim."""
    if not planned:
        return []
    name = short_name(planned[0].claim) if len(planned) == 1 else count(len(planned), "planned claim")
    levels_ = {levels(claim) for claim in planned}
    reason = "planned: nothing measures them yet" if len(planned) > 1 else reason_text(planned[0].reasons[0])
    tone = TONES[Verdict.UNTESTED]
    return [[Cell(name), Cell(Verdict.UNTESTED, tone), Cell(levels_.pop() if len(levels_) == 1 else ""), Cell(reason)]]


def _claim_row(verdict: ClaimVerdict) -> list[Cell]:
    more = f" (and {len(verdict.reasons) - 1} more)" if len(verdict.reasons) > 1 else ""
    return [
        Cell(short_name(verdict.claim)),
        Cell(verdict.verdict, TONES[verdict.verdict]),
        Cell(levels(verdict)),
        Cell(reason_text(verdict.reasons[0]) + more if verdict.reasons else ""),
    ]
