"""One file: what it becomes, and how everything wrong with it is told at once."""

import copy
import os
import stat
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.contract import content_of, load

GOLDEN = Path(__file__).parent / "golden"


def test_every_problem_of_a_bad_contract_is_told_at_once(monkeypatch):
    monkeypatch.chdir(GOLDEN)
    loaded = load("bad.yaml")
    assert "\n".join(map(str, loaded.problems)) + "\n" == (GOLDEN / "bad.txt").read_text()
    assert (loaded.contract, loaded.valid) == (None, False)


def test_a_good_contract_has_no_problem(write, good):
    loaded = load(write(good))
    assert loaded.problems == ()
    assert loaded.valid
    claim = loaded.contract.claims[0]
    assert (claim.measure.unit, claim.bound, claim.confidence) == ("nats/token", "0.7 * ln(vocab_size)", 0.95)
    assert loaded.contract.legacy is False


def test_positions_lead_to_every_value(write):
    text = textwrap.dedent("""\
        pv: "1"
        metadata: {id: C-A, version: "1.0.0", description: d}
        falsification_tests:
          - id: X-1
            bound: 3
        """)
    loaded = load(write(text))
    assert loaded.positions["falsification_tests", 0, "bound"] == (5, 12)
    assert loaded.positions["falsification_tests", 0] == (4, 5)
    assert loaded.place("falsification_tests", 0, "op") == (4, 5)


def test_the_digest_is_of_the_meaning_of_the_text_not_of_its_layout(write):
    a = load(write('pv: "1"\nmetadata: {id: C-A}\n', "a.yaml"))
    b = load(write("# note\nmetadata:\n  id: \"C-A\"\npv: '1'\n", "b.yaml"))
    c = load(write('pv: "1"\nmetadata: {id: C-B}\n', "c.yaml"))
    assert a.digest == b.digest
    assert a.digest != c.digest
    assert len(a.digest) == 64


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "not-a-contract"),
        ("- a\n", "not-a-contract"),
        ("text\n", "not-a-contract"),
        ("a: [\n", "bad-yaml"),
    ],
)
def test_a_file_that_is_no_mapping_is_no_contract(write, content, code):
    loaded = load(write(content))
    assert loaded.problems[0].code == code
    assert not loaded.valid


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "missing.yaml", tmp_path, tmp_path / "pipe.yaml", tmp_path / "nul\0.yaml"):
        loaded = load(path)
        assert [problem.code for problem in loaded.problems] == ["unreadable"]
        assert loaded.digest == ""


def test_thousands_of_unknown_keys_take_no_time_and_are_not_all_told(write):
    lines = "".join(f"  unknown_key_number_{n}: 1\n" for n in range(20_000))
    loaded = load(write(f'pv: "1"\nmetadata:\n{lines}'))
    assert 50 < len(loaded.problems) < 300


def test_a_wrong_generation_is_told(write, good):
    for value in ("2", 1, "", None):
        found = load(write({**good, "pv": value})).problems
        assert [(p.code, p.line, p.column) for p in found] == [("bad-value", 1, 5)]
        assert found[0].hint == 'write `pv: "1"`, in quotes'


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([[], {}, [{}], [1], {"a": 1}, [["a"]], "9 ** 9 ** 9", "=="]),
)
PLACES = [
    "metadata",
    "metadata.version",
    "metadata.depends_on",
    "system",
    "system.profiles",
    "system.full",
    "equations",
    "equations.loss",
    "proof_obligations",
    "proof_obligations.0",
    "proof_obligations.0.tested_by",
    "falsification_tests",
    "falsification_tests.0",
    "falsification_tests.0.id",
    "falsification_tests.0.aliases",
    "falsification_tests.0.requires",
    "falsification_tests.0.measure",
    "falsification_tests.0.measure.unit",
    "falsification_tests.0.measure.reduce",
    "falsification_tests.0.bound",
    "falsification_tests.0.below",
    "falsification_tests.0.plausible",
    "falsification_tests.0.plausible.low",
    "falsification_tests.0.planned",
    "gates",
    "gates.0",
    "gates.0.claims",
    "status",
    "verification_summary",
    "pv",
    "other",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), value=VALUES, own=st.booleans())
def test_no_value_at_any_place_makes_it_raise(place, value, own, write, good):
    """Each part of a good contract, of either generation, replaced by something else."""
    fresh = copy.deepcopy(good)
    if not own:
        del fresh["pv"]
    *path, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    inner = fresh
    for part in path:
        inner = inner[part]
    inner[last] = value
    loaded = load(write(fresh))
    assert loaded.contract is not None or loaded.problems
    assert all(str(problem) for problem in loaded.problems)


KINDS = (None, True, 3, 0.5, "text", [], {}, [[]], [{}], {"key": []})


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@pytest.mark.parametrize("own", [True, False])
def test_no_kind_of_value_at_any_place_makes_it_raise(kind, own, write, good):
    """Every value of a good contract in turn, replaced by each kind of value."""
    for path in _paths(good):
        fresh = copy.deepcopy(good)
        inner = fresh
        for part in path[:-1]:
            inner = inner[part]
        inner[path[-1]] = kind
        if not own:
            fresh.pop("pv")
        loaded = load(write(fresh))
        assert loaded.contract is not None or loaded.problems, path


def _paths(value, path=()):
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


@pytest.mark.parametrize("size", [0, 1, 999_999, 1_000_000, 1_000_001, 1_200_000])
@pytest.mark.parametrize("said", [0, 1, None])
def test_the_content_is_whole_even_where_a_file_has_grown(tmp_path, monkeypatch, size, said):
    path = tmp_path / "c.yaml"
    path.write_bytes(bytes(size))
    found = list(path.stat())
    found[stat.ST_SIZE] = size if said is None else min(said, size)
    monkeypatch.setattr(os, "stat", lambda _: os.stat_result(found))
    content = content_of(path)
    monkeypatch.undo()
    assert content == bytes(min(size, 1_000_001))
