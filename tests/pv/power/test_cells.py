"""What each bundle shows of each falsifier under its mutant."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pv.evidence import read_jsonl, write_jsonl
from pv.power import Cell, Judged, State
from pv.power.cells import cells
from pv.verdict import Sources

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
Sealed = Callable[..., Path]
Judge = Callable[..., Judged]


def struck(law: str = "causality", **change: Any) -> Callable[[Any], Any]:
    """Spoils the rows of a law in every attack."""
    change = change or {"worst": 9.0}

    def spoil(attacks: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        return {
            claim: [{**row, **change} if row["law"] == law else row for row in rows] for claim, rows in attacks.items()
        }

    return spoil


def by_name(judged: Judged, unapplied: dict[str, str] | None = None, claim: str = "005") -> dict[str, Cell]:
    return {one.mutant: one for one in cells(judged, unapplied or {}) if one.claim == PREFIX + claim}


def attacks_spoilt(spoil: Callable[[Any], Any]) -> Callable[[Path], None]:
    """Edits what lies in `raw/attacks` before the bundle is sealed."""

    def edit(raw: Path) -> None:
        files = sorted((raw / "attacks").iterdir())
        found = spoil({file.stem: list(read_jsonl(file)) for file in files})
        for file in files:
            write_jsonl(file, found[file.stem])

    return edit


def other_report(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "loss": row["loss"] + 1e-3} for row in rows]


def test_a_control_that_struck(sealed: Sealed, judged: Judge) -> None:
    planted = sealed(mutant="unk-corpus", edit=attacks_spoilt(struck()))
    cell = by_name(judged(sealed(), planted))["unk-corpus"]
    assert (cell.state, cell.by, cell.bundle) == (State.KILLED, ("causality",), planted.name)


def test_a_law_that_was_refuted(sealed: Sealed, judged: Judge) -> None:
    """The claim's own law is named."""
    planted = sealed(mutant="dropped-bias", edit=attacks_spoilt(struck("step-record", worst=3.0, outcome="refuted")))
    cell = by_name(judged(sealed(), planted), claim="001")["dropped-bias"]
    assert (cell.state, cell.by) == (State.KILLED, ("step-record",))


def test_a_mutant_that_got_past(sealed: Sealed, judged: Judge) -> None:
    cell = by_name(judged(sealed(), sealed(mutant="unk-corpus", reported=other_report)))["unk-corpus"]
    assert (cell.state, cell.declared) == (State.SURVIVED, True)


def test_a_mutant_that_changes_nothing(sealed: Sealed, judged: Judge) -> None:
    """Equal evidence is told apart from survival, and needs an honest run to be compared with."""
    planted = sealed(mutant="unk-corpus")
    assert by_name(judged(sealed(), planted))["unk-corpus"].state is State.EQUIVALENT
    assert by_name(judged(planted))["unk-corpus"].state is State.SURVIVED


def test_an_honest_run_of_another_seed_is_no_comparison(sealed: Sealed, judged: Judge) -> None:
    honest = sealed(run={"seed": 7})
    assert by_name(judged(honest, sealed(mutant="unk-corpus")))["unk-corpus"].state is State.SURVIVED


def test_a_crash_that_counts_as_a_kill(sealed: Sealed, judged: Judge) -> None:
    log = "step 1/60\nValueError: too short\n  fix: none\n"
    process = sealed(mutant="unk-corpus", run={"exit_code": 1}, log=log, edit=attacks_spoilt(struck()))
    crashed = by_name(judged(sealed(), process))["unk-corpus"]
    assert (crashed.state, crashed.note) == (State.CRASHED, "ValueError: too short")
    said = {"outcome": "inconclusive", "reason": "crashed: ValueError: x", "worst": None}
    law = sealed(mutant="dropped-bias", edit=attacks_spoilt(struck("step-record", **said)))
    cell = by_name(judged(sealed(), law), claim="001")["dropped-bias"]
    assert (cell.state, cell.note) == (State.CRASHED, "crashed: ValueError: x")


def test_too_few_cases_are_no_survival(sealed: Sealed, judged: Judge) -> None:
    said = {"outcome": "inconclusive", "reason": "3 valid cases, at least 50 are needed", "cases": 3}
    planted = sealed(mutant="dropped-bias", edit=attacks_spoilt(struck("step-record", **said)))
    cell = by_name(judged(sealed(), planted), claim="001")["dropped-bias"]
    assert (cell.state, cell.note) == (State.INCONCLUSIVE, said["reason"])


def test_what_was_not_run(sealed: Sealed, judged: Judge) -> None:
    """A declared mutant without a run, and one that was tried and did not apply."""
    found = by_name(judged(sealed()), {"eval-cached": "did not apply"})
    assert {name: (cell.state, cell.note) for name, cell in found.items()} == {
        "eval-cached": (State.NOT_APPLIED, "did not apply"),
        "unk-corpus": (State.NOT_RUN, "no run under it"),
        "untied-head": (State.NOT_RUN, "no run under it"),
        "val-is-train": (State.NOT_RUN, "no run under it"),
    }


def test_a_stale_kill(sealed: Sealed, judged: Judge, fresh: Sources) -> None:
    stale = replace(fresh, stale=lambda claim, contract, bundle: ("the falsifier has changed",))
    planted = sealed(mutant="unk-corpus", edit=attacks_spoilt(struck()))
    cell = by_name(judged(sealed(), planted, sources=stale))["unk-corpus"]
    assert (cell.state, cell.note) == (State.NOT_RUN, "what was run is stale")


def test_a_kill_on_void_evidence(sealed: Sealed, judged: Judge) -> None:
    """A lock written after the run began makes the receipt worthless."""
    late = {"locked_at": "2027-01-01T00:00:00.000+00:00"}
    planted = sealed(mutant="unk-corpus", lock=late, edit=attacks_spoilt(struck()))
    assert by_name(judged(sealed(), planted))["unk-corpus"].state is State.NOT_RUN


@pytest.mark.parametrize("order", [1, -1])
def test_an_escape_that_a_kill_makes_good(order: int, sealed: Sealed, judged: Judge) -> None:
    killed = sealed(mutant="unk-corpus", edit=attacks_spoilt(struck()))
    escaped = sealed(mutant="unk-corpus", reported=other_report)
    assert by_name(judged(sealed(), *[killed, escaped][::order]))["unk-corpus"].state is State.SURVIVED


def test_a_cell_that_no_claim_declares(sealed: Sealed, judged: Judge) -> None:
    """The run of a contract also shows what its other claims asked for."""
    found = by_name(judged(sealed(), sealed(mutant="dropped-bias", edit=attacks_spoilt(struck()))))
    assert (found["dropped-bias"].state, found["dropped-bias"].declared) == (State.KILLED, False)


def test_a_spoilt_honest_run_is_no_comparison(sealed: Sealed, judged: Judge) -> None:
    """Evidence that was altered after it was sealed says nothing, about others neither."""
    honest = sealed()
    (honest / "raw" / "log.txt").write_text("x")
    opened = judged(honest, sealed(mutant="unk-corpus"), faulty=True)
    assert opened.honest() == ()
    assert by_name(opened)["unk-corpus"].state is State.SURVIVED
