"""What changed between two runs, by their records."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.evidence import Bundle, Change, changes, same_setup, stated
from pv.evidence.redispatch import is_redispatch

Spoil = Callable[..., Bundle]


CONTRACT = {"id": "C-APR-PRETRAIN-INIT-FINETUNE", "version": "2.0.0", "digest": "a" * 64}
MODULES = {"aprtrain.train": "1" * 64, "a.b": "1" * 64}


def parts(before: Bundle, after: Bundle) -> set[tuple[str, str]]:
    return {(change.part, change.name) for change in changes(before, after)}


def test_a_run_that_differs_from_itself(honest_bundle: Bundle) -> None:
    assert changes(honest_bundle, honest_bundle) == ()


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"run": {"seed": 7}}, {("seed", "seed")}),
        (
            {"run": {"trainer": {"name": "t", "modules": {"a.b": "1" * 64}}}},
            {("code", "a.b"), ("code", "aprtrain.train")},
        ),
        ({"run": {"packages": {"jax": "9"}}}, {("packages", "jax")}),
        ({"run": {"python": "3.12.1"}}, {("packages", "python")}),
        ({"run": {"mutant": {"name": "m", "patch": "mutant.patch"}}}, {("mutant", "mutant")}),
        ({"run": {"dataset": {"name": "d", "digest": "2"}}}, {("data", "dataset")}),
        ({"run": {"cases": 61}}, {("config", "cases")}),
        ({"run": {"recipe": {"train": {"lr": 0.1}}}}, {("config", "recipe.train.lr")}),
        ({"run": {"host": {"cpus": 99}}}, {("host", "cpus")}),
        ({"run": {"flags": {"XLA_FLAGS": "x"}}}, {("host", "flags.XLA_FLAGS")}),
        ({"data": {"splits": {}}}, {("data", "train"), ("data", "val-a"), ("data", "val-b")}),
        ({"data": {"tokenizer": {}}}, {("data", "tokenizer")}),
        ({"lock": {"contract": CONTRACT}}, {("contract", "version")}),
    ],
)
def test_a_change_that_is_missed(honest_bundle: Bundle, spoil: Spoil, spoilt: Any, expected: set) -> None:
    other = spoil(**spoilt)
    assert parts(honest_bundle, other) == expected
    back = {(one.part, one.name, one.after, one.before) for one in changes(other, honest_bundle)}
    assert back == {(one.part, one.name, one.before, one.after) for one in changes(honest_bundle, other)}
    assert same_setup(honest_bundle, other) is ({part for part, _ in expected} == {"host"})


def test_changes_of_claims(honest_bundle: Bundle, spoil: Spoil) -> None:
    """A claim's demands are the contract's, its falsifier is by itself."""

    def relocked(lock: dict) -> dict:
        first, *rest = lock["claims"]
        return {**lock, "claims": [{**first, "bound": 1.0, "falsifier_digest": "9" * 64}, *rest]}

    name = honest_bundle.lock["claims"][0]["id"]
    assert parts(honest_bundle, spoil(lock=relocked)) == {("contract", f"{name} bound"), ("falsifier", name)}


def test_what_came_out_is_no_change_of_the_set_up(honest_bundle: Bundle, spoil: Spoil) -> None:
    """Losses, times, processes and commits differ between runs of one set-up."""
    other = spoil(
        run={"started_at": "2027-01-01T00:00:00Z", "commit": "abc", "wall_seconds": 1.0, "exit_code": 1},
        metrics=(),
        evals=(),
        controls=(),
        log="other",
    )
    assert changes(honest_bundle, other) == ()


def test_long_values_that_look_alike(honest_bundle: Bundle, spoil: Spoil) -> None:
    """Of a long value the digest is told, so that its end counts too."""
    long = "x" * 200
    first, second = spoil(run={"flags": {"XLA_FLAGS": long}}), spoil(run={"flags": {"XLA_FLAGS": f"{long}y"}})
    (change,) = changes(first, second)
    assert change.before.startswith("sha256:")
    assert change.before != change.after


GOOD = {"bundle": "b", "digest": "d", "changed": [{"part": "seed", "name": "n", "before": "1", "after": "2"}]}


def test_what_is_stated(honest_bundle: Bundle) -> None:
    assert stated(honest_bundle) is None
    found = stated(replace(honest_bundle, run={**honest_bundle.run, "redispatch_of": GOOD}))
    assert found is not None
    assert {**asdict(found), "changed": [asdict(one) for one in found.changed]} == GOOD
    assert found.changed == (Change(part="seed", name="n", before="1", after="2"),)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["bundle", "digest", "changed", "part", "name"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(value=ODD, key=st.sampled_from([None, "bundle", "digest", "changed"]))
def test_an_odd_value_that_is_taken_for_one(value: Any, key: str | None) -> None:
    """Either all of it is text in its place, or it is none; nothing is raised."""
    row = value if key is None else {**GOOD, key: value}
    if is_redispatch(row):
        assert isinstance(row["bundle"], str)
        assert isinstance(row["digest"], str)
        assert all(isinstance(text, str) for change in row["changed"] for text in change.values())
