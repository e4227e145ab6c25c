"""Rates, and what follows from the cells of a matrix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.power import GROUPS, Cell, Clean, Fault, Matrix, Rate, Row, State

scipy_stats = pytest.importorskip("scipy.stats")

CLEAN = Clean(bundles=0, training_runs=0, judgements=0, seeds=(), recipes=(), corpora=(), alarmed=0, alarms=())


def row(claim: str, falsifier: str = "") -> Row:
    return Row(claim=claim, contract="C", falsifier=falsifier or f"of-{claim}", laws=("law",), about="run")


def cell(claim: str, mutant: str, state: State, *, declared: bool = True) -> Cell:
    return Cell(claim=claim, mutant=mutant, state=state, declared=declared)


def fault(name: str, state: State, *killers: str, group: str = "data", module: str = "m") -> Fault:
    return Fault(name=name, group=group, summary="", modules=(module,), state=state, killers=killers)


def matrix(*faults: Fault, cells: tuple[Cell, ...] = (), path: tuple[str, ...] = ()) -> Matrix:
    rows = tuple(row(name) for name in dict.fromkeys(one.claim for one in cells))
    return Matrix(rows=rows, faults=faults, cells=cells, clean=CLEAN, naive=(), path=path)


@given(st.integers(1, 5000), st.data())
def test_an_interval_that_is_not_wilsons(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    known = scipy_stats.binomtest(hits, of).proportion_ci(0.95, method="wilson")
    assert Rate(hits=hits, of=of).interval() == pytest.approx((known.low, known.high), abs=1e-9)


def test_nothing_is_no_rate() -> None:
    """Of nothing there is no share, and everything is possible."""
    assert (Rate(hits=0, of=0).share, Rate(hits=0, of=0).interval()) == (None, (0.0, 1.0))


def test_a_perfect_score_that_proves_everything() -> None:
    """45 of 45 only bounds the rate at 92 percent; none of 30 leaves more than one in ten possible."""
    assert Rate(hits=45, of=45).interval() == (pytest.approx(0.9213, abs=1e-4), 1.0)
    assert Rate(hits=0, of=30).interval() == (0.0, pytest.approx(0.1135, abs=1e-4))


def test_a_mutant_left_out_of_the_denominator() -> None:
    """Only equivalent ones leave it: what was not run, or crashed, is not killed."""
    states = (State.KILLED, State.EQUIVALENT, State.NOT_RUN, State.CRASHED, State.NOT_APPLIED)
    rate = matrix(*(fault(state, state) for state in states)).kill_rate
    assert (rate.hits, rate.of) == (1, 4)


def test_sole_killers_and_redundant_falsifiers() -> None:
    found = matrix(fault("a", State.KILLED, "x"), fault("b", State.KILLED, "x", "y"), fault("c", State.SURVIVED))
    assert found.sole_killers == {"x": ("a",)}
    assert found.redundant == ("y",)


def test_a_dull_falsifier() -> None:
    """Kills that its claim never declared do not make a falsifier sharp; a claim without mutants is not dull."""
    cells = (
        cell("one", "a", State.SURVIVED),
        cell("one", "b", State.KILLED, declared=False),
        cell("two", "a", State.CRASHED),
        cell("two", "b", State.KILLED),
        cell("three", "b", State.KILLED, declared=False),
    )
    found = matrix(cells=cells)
    assert [one.claim for one in found.dull] == ["one"]
    assert [(one.claim, one.state) for one in found.escapes] == [("one", "survived"), ("two", "crashed")]


def test_a_module_that_a_survivor_defends() -> None:
    faults = (fault("a", State.KILLED, "x", module="m.a"), fault("b", State.SURVIVED, module="m.b"))
    assert matrix(*faults, path=("m.a", "m.b", "m.c")).undefended == ("m.b", "m.c")


def test_groups_in_the_order_of_a_run() -> None:
    found = matrix(
        fault("a", State.KILLED, "x", group="loss"),
        fault("b", State.SURVIVED, group="loss"),
        fault("c", State.EQUIVALENT, group="loss"),
        fault("d", State.KILLED, "x", group="of-a-project"),
    ).groups
    assert list(found) == [*GROUPS, "of-a-project"]
    assert (found["loss"], found["data"]) == (Rate(hits=1, of=2), Rate(hits=0, of=0))
