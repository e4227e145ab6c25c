"""The gate that believes what the trainer reports."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pv.power import Judged
from pv.power.naive import naive_readings
from pv.verdict import Sources

Sealed = Callable[..., Path]
Judge = Callable[..., Judged]
RECIPE = {"recipe_name": "finetune-tiny"}


def reporting(loss: float) -> Callable[[Any], Any]:
    return lambda rows: [{**row, "loss": loss} for row in rows]


def test_a_fault_that_the_naive_gate_passes(sealed: Sealed, judged: Judge) -> None:
    """A corpus of one token is far below the bound, and a loss above it is stopped."""
    passing = sealed(mutant="unk-corpus", run=RECIPE, reported=reporting(0.0008))
    stopped = sealed(mutant="eval-cached", run=RECIPE, reported=reporting(11.0))
    silent = sealed(mutant="untied-head", run=RECIPE, reported=lambda _: [])
    found = {one.mutant: one for one in naive_readings([judged(sealed(run=RECIPE), passing, stopped, silent)])}
    assert {name: (one.loss, one.passes) for name, one in found.items()} == {
        "unk-corpus": (0.0008, True),
        "eval-cached": (11.0, False),
        "untied-head": (None, None),
    }
    assert {one.bound for one in found.values()} == {9.38}


def test_a_run_of_a_recipe_without_a_gate(sealed: Sealed, judged: Judge) -> None:
    other = sealed(mutant="unk-corpus", run={"recipe_name": "another"})
    assert list(naive_readings([judged(other)])) == []


def test_a_stale_run(sealed: Sealed, judged: Judge, fresh: Sources) -> None:
    stale = Sources(stale=lambda *_: ("the claim's meaning has changed",), laws=fresh.laws)
    assert list(naive_readings([judged(sealed(mutant="unk-corpus", run=RECIPE), sources=stale)])) == []
