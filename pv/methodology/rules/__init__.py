"""The rules, one a file: what makes a number worth less than it looks, in reading order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pv.contract import Claim, Contract
from pv.evidence import Fault
from pv.methodology.case import NOTHING, Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules import (
    altered_evidence,
    below_missing,
    best_of_many,
    bound_after_reading,
    broken_chain,
    case_starvation,
    control_misread,
    control_not_run,
    crashed_run,
    dataset_override,
    derived_verdict_differs,
    epoch_differs,
    foreign_evidence,
    implausible_value,
    impossible_clock,
    impossible_loss,
    impossible_speed,
    incomplete_evaluation,
    incomplete_evidence,
    law_not_tried,
    loosened_bound,
    lost_power,
    mutant_without_receipt,
    not_recomputed,
    one_sided_bound,
    oracle_not_independent,
    other_state,
    over_claim,
    planted_fault_run,
    post_hoc_lock,
    recorded_reading_differs,
    redispatch_misstated,
    repeated_documents,
    repeated_look,
    repeated_losses,
    rounded_losses,
    same_check,
    silent_cpu,
    single_statistic,
    stale_evidence,
    states_compared,
    tokens_beyond_corpus,
    too_few_clusters,
    truncated_record,
    uncommitted_code,
    unconsumed_tensor,
    undeclared_early_stop,
    undeclared_rerun,
    units_mixed,
    unreadable_evidence,
    vacuous_bound,
)
from pv.methodology.rules.rule import Rule

__all__ = ["RULES", "Audit", "Rule", "audit", "catalogue", "fault_findings", "lint"]

RULES: Final = (
    altered_evidence.RULE,
    incomplete_evidence.RULE,
    unreadable_evidence.RULE,
    broken_chain.RULE,
    foreign_evidence.RULE,
    post_hoc_lock.RULE,
    crashed_run.RULE,
    undeclared_early_stop.RULE,
    truncated_record.RULE,
    repeated_losses.RULE,
    rounded_losses.RULE,
    epoch_differs.RULE,
    tokens_beyond_corpus.RULE,
    impossible_clock.RULE,
    impossible_speed.RULE,
    silent_cpu.RULE,
    unconsumed_tensor.RULE,
    incomplete_evaluation.RULE,
    impossible_loss.RULE,
    repeated_documents.RULE,
    control_misread.RULE,
    recorded_reading_differs.RULE,
    units_mixed.RULE,
    states_compared.RULE,
    implausible_value.RULE,
    vacuous_bound.RULE,
    one_sided_bound.RULE,
    single_statistic.RULE,
    below_missing.RULE,
    control_not_run.RULE,
    law_not_tried.RULE,
    same_check.RULE,
    case_starvation.RULE,
    too_few_clusters.RULE,
    not_recomputed.RULE,
    oracle_not_independent.RULE,
    other_state.RULE,
    repeated_look.RULE,
    best_of_many.RULE,
    undeclared_rerun.RULE,
    redispatch_misstated.RULE,
    stale_evidence.RULE,
    loosened_bound.RULE,
    bound_after_reading.RULE,
    lost_power.RULE,
    planted_fault_run.RULE,
    mutant_without_receipt.RULE,
    dataset_override.RULE,
    uncommitted_code.RULE,
    derived_verdict_differs.RULE,
    over_claim.RULE,
)


def catalogue() -> Mapping[str, Rule]:
    """Return rule id to rule, in reading order."""
    return {rule.id: rule for rule in RULES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the rules say of a case, in reading order."""

    findings: tuple[Finding, ...]
    not_judged: tuple[NotJudged, ...]
    """Rules that concern the claim, and lack what they look at."""


def audit(case: Case) -> Audit:
    """Apply every rule to a case."""
    said = [one for rule in RULES if rule.check for one in rule.check(case)]
    return Audit(
        findings=(*fault_findings(case.faults), *(one for one in said if isinstance(one, Finding))),
        not_judged=tuple(one for one in said if isinstance(one, NotJudged)),
    )


def lint(claim: Claim, contract: Contract) -> tuple[Finding, ...]:
    """Return what the rules find in a claim alone, before anything was measured, in reading order."""
    case = Case(contract=contract, claim=claim, bundle=NOTHING)
    said = (one for rule in RULES if rule.lints and rule.check for one in rule.check(case))
    return tuple(one for one in said if isinstance(one, Finding))


def fault_findings(faults: Iterable[Fault]) -> tuple[Finding, ...]:
    """Return what was met while a bundle was opened; a fault that no rule knows invalidates as well."""
    known = catalogue()
    return tuple(
        Finding(
            rule=fault.rule,
            effect=known[fault.rule].effect if fault.rule in known else Effect.INVALIDATES,
            message=fault.message,
            place=fault.file,
        )
        for fault in faults
    )
