import math
from dataclasses import dataclass

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from falsifiers import process
from falsifiers.attack import SHRINKING_PROCESSES, SHRINKING_READINGS, attack, attacked, one_line, untried
from falsifiers.law import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    n: int


def law(reading, top=10**6, tolerance=0.0, **more):
    def strategy(_):
        return st.builds(Case, n=st.integers(0, top))

    return Law(
        name="n-is-small",
        role="control",
        evidence="system",
        unit="1",
        tolerance=tolerance,
        page="",
        strategy=strategy,
        reading=reading,
        **more,
    )


def test_the_counterexample_is_the_smallest():
    row = attack(law(lambda _, case: float(case.n), tolerance=1000.0), None, seed=1, cases=60)
    assert row["counterexample"] == {"case": {"n": 1001}, "reading": 1001.0}
    assert row["nearest_margin"] == row["worst"] - 1000.0


def test_the_same_seed_reads_the_same_cases():
    def seen(seed):
        cases = []
        attack(law(lambda _, case: cases.append(case.n) or -1.0), None, seed=seed, cases=60)
        return cases

    assert seen(1) == seen(1)
    assert seen(1) != seen(2)


def test_too_few_cases_are_inconclusive():
    row = attack(law(lambda *_: -1.0, top=9), None, seed=1, cases=60)
    assert (row["outcome"], row["cases"]) == ("inconclusive", 10)
    assert row["reason"] == "10 valid cases, at least 50 are needed"


def test_no_reading_is_spent_beyond_the_budget():
    calls = []
    attack(law(lambda _, case: calls.append(1) or -1.0), None, seed=1, cases=60)
    assert len(calls) == 60
    calls.clear()
    attack(law(lambda _, case: calls.append(1) or float(case.n)), None, seed=1, cases=60)
    assert len(calls) <= 60 + SHRINKING_READINGS


def test_a_counterexample_of_a_whole_process_is_hardly_made_smaller():
    calls = []
    attack(law(lambda _, case: calls.append(1) or float(case.n), fewest=5), None, seed=1, cases=50)
    assert len(calls) <= 5 + SHRINKING_PROCESSES


def test_nan_refutes():
    row = attack(law(lambda *_: math.nan), None, seed=1, cases=60)
    assert row["outcome"] == "refuted"
    assert math.isnan(row["worst"])


def test_a_system_with_moods_is_refuted_by_what_it_did():
    calls = []

    def moody(_, case):
        calls.append(case.n)
        return 1.0 if len(calls) == 7 else -1.0

    row = attack(law(moody), None, seed=1, cases=60)
    assert row["outcome"] == "refuted"
    assert row["counterexample"]["case"] == {"n": calls[6]}


@pytest.mark.parametrize("fault", [RuntimeError("out\nof memory"), SystemExit(3)])
def test_a_crash_is_inconclusive(fault):
    def crash(*_):
        raise fault

    row = attack(law(crash), None, seed=1, cases=60)
    assert (row["outcome"], row["reason"]) == ("inconclusive", f"crashed: {one_line(fault)}")
    assert "\n" not in row["reason"]


def test_a_crash_in_the_strategy_is_inconclusive():
    broken = law(lambda *_: 0.0)
    row = attack(broken, None, seed=1, cases=60)
    assert row["outcome"] == "survived"
    row = attack(law(lambda *_: 0.0, top=-1), None, seed=1, cases=60)
    assert row["outcome"] == "inconclusive"
    assert row["reason"].startswith("crashed: InvalidArgument")


def test_discards_are_counted_apart():
    def reading(_, case):
        assume(case.n % 2)
        return -1.0

    row = attack(law(reading), None, seed=1, cases=60)
    assert row["discards"] > 0
    assert row["cases"] >= 50


def test_bfloat16_has_its_own_tolerance():
    tried = law(lambda *_: 0.01, tolerance_bf16=0.02)
    assert attack(tried, None, seed=1, cases=60)["outcome"] == "refuted"
    row = attack(tried, None, seed=1, cases=60, bf16=True)
    assert (row["outcome"], row["tolerance"]) == ("survived", 0.02)


def test_a_law_that_could_not_be_tried_says_why():
    row = untried(law(lambda *_: 0.0), seed=1, reason="no log")
    assert (row["outcome"], row["reason"], row["cases"], row["worst"]) == ("inconclusive", "no log", 0, None)


def test_a_law_of_whole_processes_needs_and_tries_fewer_cases():
    row = attack(law(lambda *_: -1.0, fewest=10), None, seed=1, cases=60)
    assert (row["outcome"], row["cases"], row["fewest"]) == ("survived", 12, 10)
    assert attack(law(lambda *_: -1.0, fewest=10), None, seed=1, cases=500)["cases"] == 100
    assert attack(law(lambda *_: -1.0, fewest=10, top=8), None, seed=1, cases=60)["outcome"] == "inconclusive"


@pytest.mark.parametrize("fewest", [0, 4, 51])
def test_a_law_cannot_ask_for_less_than_five_cases_nor_for_more_than_fifty(fewest):
    with pytest.raises(ValueError, match="from 5 to 50 are possible"):
        law(lambda *_: 0.0, fewest=fewest)


def test_each_process_carries_the_number_of_its_case(tmp_path):
    """A case that is discarded, or crashes, has no number."""

    def reading(_, case):
        process.run("no_such_module", str(case.n), cwd=tmp_path)
        assume(case.n != 1)
        if case.n == 2:
            raise RuntimeError
        return -1.0

    notes = attacked(law(reading, top=4, fewest=5), None, seed=1, cases=60).notes
    numbered = [number for number, note in notes if note.argv not in {("1",), ("2",)}]
    assert numbered == list(range(1, len(numbered) + 1))
    assert {number for number, note in notes if note.argv in {("1",), ("2",)}} <= {None}
