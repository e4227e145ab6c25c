"""Deleting evidence never turns a refusal into an acceptance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.change.tree import Side
from pv.evidence import Opened
from pv.policy import Base, Decision, Policy, Waiver, decide_against
from pv.verdict import Verdict
from pv.verdict.exit import PRECEDENCE

SideOf = Callable[..., Side]
KINDS = ("honest", "second", "refuting", "suspect", "mutant", "altered")


def decided(side_of: SideOf, before: list[Opened], here: list[Opened], stamp: Verdict, *waivers: Waiver) -> Decision:
    policy = Policy(require=stamp, forbid=frozenset({"invalidates"}), waivers=waivers)
    base = Base(side=side_of(before), policy=policy)
    return decide_against(base, side_of(here), policy, lambda restored: side_of(here, restored=restored))


@given(
    kept=st.sets(st.sampled_from(KINDS)),
    deleted=st.sets(st.sampled_from(KINDS)),
    new=st.sets(st.sampled_from(KINDS)),
    stamp=st.sampled_from([Verdict.PARTIAL, Verdict.DISCHARGED]),
)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_a_deletion_that_improves_the_exit_status(
    kept: set[str], deleted: set[str], new: set[str], stamp: Verdict, side_of: SideOf, openeds: dict[str, Opened]
) -> None:
    """For any evidence at the base, any part of it that is deleted and anything added, nothing gets better."""

    def of(names: set[str]) -> list[Opened]:
        return [openeds[name] for name in KINDS if name in names]

    before = of(kept | deleted)
    whole = decided(side_of, before, of(kept | deleted | new), stamp).exit_status
    less = decided(side_of, before, of((kept | new) - deleted), stamp).exit_status
    assert PRECEDENCE.index(less) <= PRECEDENCE.index(whole)
    assert less != 0 or not deleted


def test_an_acceptance(side_of: SideOf, openeds: dict[str, Opened]) -> None:
    """The property above is not empty: equal evidence, and more of it, is accepted."""
    honest, second = openeds["honest"], openeds["second"]
    assert decided(side_of, [honest], [honest], Verdict.DISCHARGED).exit_status == 0
    assert decided(side_of, [honest], [honest, second], Verdict.DISCHARGED).exit_status == 0
    assert decided(side_of, [], [honest], Verdict.DISCHARGED).exit_status == 0
    assert decided(side_of, [], [], Verdict.PARTIAL).exit_status == 3


def test_a_deleted_refutation(side_of: SideOf, openeds: dict[str, Opened]) -> None:
    """It still refutes, and its deletion is named."""
    honest, refuting = openeds["honest"], openeds["refuting"]
    assert decided(side_of, [honest, refuting], [honest, refuting], Verdict.PARTIAL).exit_status == 1
    found = decided(side_of, [honest, refuting], [honest], Verdict.PARTIAL)
    assert {refusal.code for refusal in found.refusals} == {"evidence-deleted", "stamp-below-required"}
    assert found.exit_status == 4


def test_a_deletion_somebody_answers_for(side_of: SideOf, openeds: dict[str, Opened]) -> None:
    """With a waiver the bundle counts no more, and the waiver stays in sight."""
    honest, altered = openeds["honest"], openeds["altered"]
    waiver = Waiver(
        breach="evidence-deleted", on=altered.path.name, owner="me", reason="disk fault", expires=date(2099, 1, 1)
    )
    # The verdict was SUSPECT at the base, so nothing is worse than there.
    found = decided(side_of, [honest, altered], [honest], Verdict.DISCHARGED, waiver)
    assert found.exit_status == 0
    assert [(refusal.code, refusal.waiver) for refusal in found.refusals] == [("evidence-deleted", waiver)]
    assert found.unused == ()


def test_stale_evidence_that_went(side_of: SideOf, openeds: dict[str, Opened]) -> None:
    """A bundle that speaks about nothing any more may go."""
    other = openeds["honest"]
    assert other.bundle is not None
    silent = replace(other, bundle=replace(other.bundle, digest="0" * 64, lock={"claims": []}), path=other.path / "x")
    found = decided(side_of, [other, silent], [other], Verdict.DISCHARGED)
    assert found.exit_status == 0
