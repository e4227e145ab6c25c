"""Decides: accept only where something was selected and nothing that counts speaks against it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pv.policy.model import Decision, Policy, Refusal, Required, Waiver
from pv.policy.selection import idle_entries, name_of, required_stamps
from pv.verdict import ContractVerdict, Verdict, validate_exit, worst

FALSIFIED, USAGE, NO_VERDICT, BROKEN_TRUST = 1, 2, 3, 4
_MEETING = {
    Verdict.PARTIAL: frozenset({Verdict.PARTIAL, Verdict.DISCHARGED}),
    Verdict.DISCHARGED: frozenset({Verdict.DISCHARGED}),
}


def decide(policy: Policy, verdicts: Sequence[ContractVerdict], breaches: Iterable[Refusal] = ()) -> Decision:
    """Return the gate's answer.

    Args:
        policy: What is asked.
        verdicts: All contracts of the project, judged.
        breaches: Where the project is weaker than its base; only these can be waived.
    """
    stamps = required_stamps(policy, verdicts)
    selected = [verdict for verdict in verdicts if name_of(verdict) in stamps]
    required = tuple(_required(verdict, stamps[name_of(verdict)]) for verdict in selected)
    own = (
        *_nothing(policy, verdicts, required),
        *_invalid(verdicts),
        *_unmet(selected, required),
        *_found(policy, selected),
    )
    refusals = (*own, *(_covered(breach, policy.waivers) for breach in breaches))
    used = {refusal.waiver for refusal in refusals}
    return Decision(
        selected=required,
        contracts=len(verdicts),
        refusals=tuple(dict.fromkeys(refusals)),
        unused=tuple(waiver for waiver in policy.waivers if waiver not in used),
        exit_status=worst(refusal.exit_status for refusal in refusals if refusal.waiver is None),
    )


def _required(verdict: ContractVerdict, required: Verdict) -> Required:
    met = verdict.stamp in _MEETING[required]
    return Required(contract=name_of(verdict), stamp=verdict.stamp, required=required, met=met)


def _covered(breach: Refusal, waivers: Iterable[Waiver]) -> Refusal:
    """The breach with the waiver that names it and its subject, if there is one."""
    found = next((one for one in waivers if (one.breach, one.on) == (breach.code, breach.subject)), None)
    return replace(breach, waiver=found)


def _nothing(policy: Policy, verdicts: Sequence[ContractVerdict], required: Sequence[Required]) -> Iterator[Refusal]:
    """Nothing selected is never green, and neither is an entry that selects nothing."""
    if not required:
        message = f"the gate asks nothing of {len(verdicts)} contracts" if verdicts else "no contract was found"
        yield Refusal(code="nothing-selected", subject="[tool.pv.gate]", message=message, exit_status=NO_VERDICT)
    for entry in idle_entries(policy, verdicts):
        message = "no contract answers to this entry"
        yield Refusal(code="entry-selects-nothing", subject=entry, message=message, exit_status=NO_VERDICT)


def _invalid(verdicts: Sequence[ContractVerdict]) -> Iterator[Refusal]:
    """Contracts with errors, selected or not: nobody knows what an invalid contract would have asked for."""
    for verdict in verdicts:
        for problem in verdict.problems:
            if problem.severity == "error":
                status = validate_exit([replace(verdict, claims=(), problems=(problem,))])
                place = f"{verdict.path.name}:{problem.line}:{problem.column}"
                yield Refusal(code=problem.code, subject=place, message=problem.message, exit_status=status)


def _unmet(selected: Sequence[ContractVerdict], required: Sequence[Required]) -> Iterator[Refusal]:
    for verdict, row in zip(selected, required, strict=True):
        if not row.met:
            bad = [claim for claim in verdict.claims if claim.verdict in {Verdict.FALSIFIED, Verdict.SUSPECT}]
            names = ", ".join(f"{claim.claim.id} {claim.verdict}" for claim in bad)
            untested = sum(claim.verdict is Verdict.UNTESTED for claim in verdict.claims)
            message = f"{row.stamp}, {row.required} is required; " + (
                names or f"{len(verdict.claims)} claims, {untested} untested"
            )
            status = worst(FALSIFIED if claim.verdict is Verdict.FALSIFIED else BROKEN_TRUST for claim in bad)
            yield Refusal(
                code="stamp-below-required", subject=row.contract, message=message, exit_status=status or NO_VERDICT
            )


def _found(policy: Policy, selected: Sequence[ContractVerdict]) -> Iterator[Refusal]:
    for verdict in selected:
        for claim in verdict.claims:
            for finding in claim.findings:
                if policy.forbid & {finding.rule, str(finding.effect)}:
                    message = f"{finding.rule} {finding.effect}: {finding.message}"
                    subject = claim.claim.id
                    yield Refusal(code="forbidden-finding", subject=subject, message=message, exit_status=BROKEN_TRUST)
