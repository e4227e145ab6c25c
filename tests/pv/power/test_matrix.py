"""The matrix of the sample contract, from bundles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pv.binding import SHIPPED, mutants
from pv.power import Judged, State, derive

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
Sealed = Callable[..., Path]
Judge = Callable[..., Judged]


def misread(raw: Path) -> None:
    """Under a fault the law of causality reads far beyond its tolerance in every attack."""
    from pv.evidence import read_jsonl, write_jsonl

    for file in sorted((raw / "attacks").iterdir()):
        rows = [{**row, "worst": 9.0} if row["law"] == "causality" else row for row in read_jsonl(file)]
        write_jsonl(file, rows)


def other_report(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "loss": row["loss"] + 1e-3} for row in rows]


def test_the_whole_matrix(sealed: Sealed, judged: Judge) -> None:
    """One mutant killed, one survived, one equivalent, one not run; rows with their laws, columns with their groups."""
    bundles = (
        sealed(),
        sealed(mutant="unk-corpus", edit=misread),
        sealed(mutant="eval-cached", reported=other_report),
        sealed(mutant="untied-head"),
    )
    found = derive([judged(*bundles)], SHIPPED, whole=False)
    assert {fault.name: (fault.state, fault.group) for fault in found.faults} == {
        "dropped-bias": (State.NOT_RUN, "loading"),
        "eval-cached": (State.SURVIVED, "evaluation"),
        "unk-corpus": (State.KILLED, "data"),
        "untied-head": (State.EQUIVALENT, "loading"),
        "val-is-train": (State.NOT_RUN, "split"),
    }
    assert len(found.rows) == 7
    assert found.rows[4].falsifier == "empty-loss"
    (killed,) = [fault for fault in found.faults if fault.state is State.KILLED]
    assert set(killed.killers) == {"empty-loss", "unsaved-weights", "unused-init", "worthless-init"}
    assert found.path == ("aprtrain.train",)
    assert (found.clean.bundles, found.clean.training_runs, found.clean.judgements) == (1, 1, 7)


def test_every_mutant_is_a_column(sealed: Sealed, judged: Judge) -> None:
    """One that no claim declares is shown as never run, and lowers the rate."""
    found = derive([judged(sealed())], SHIPPED)
    assert len(found.faults) == len(mutants()) == found.counts[State.NOT_RUN]
    notes = {fault.name: fault.note for fault in found.faults}
    assert (notes["unk-corpus"], notes["wrong-axis"]) == ("no run under it", "no claim declares it")


def test_a_false_alarm(sealed: Sealed, judged: Judge) -> None:
    """A law that strikes in an honest run is an alarm of each claim that rests on it."""
    found = derive([judged(sealed(), sealed(edit=misread, run={"seed": 3}))], SHIPPED)
    assert (found.clean.bundles, found.clean.alarmed, len(found.clean.alarms)) == (2, 1, 4)
    assert {alarm.by for alarm in found.clean.alarms} == {("causality",)}
    assert found.clean.seeds == (0, 3)


def test_a_run_on_other_data_is_not_clean(sealed: Sealed, judged: Judge) -> None:
    """Who trains on a folder of their own may well have a broken one: an alarm there is no false one."""
    data = {"path": "documents", "digest": "e" * 64}
    found = derive([judged(sealed(), sealed(edit=misread, run={"dataset": data}))], SHIPPED)
    assert (found.clean.bundles, found.clean.alarms) == (1, ())
