"""One file as a ledger."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.contract import load_all
from pv.errors import UsageError
from pv.ship import ledger_schema, load_ledger

ROOT = Path(__file__).parents[3]
GOOD = {
    "ship": "1",
    "models": [
        {
            "id": "M",
            "says": "a model",
            "criteria": [
                {"id": "A", "says": "s", "weight": 60, "claims": ["X-001", "ALIAS-X-002"]},
                {"id": "B", "says": "s", "weight": 40, "claims": ["X-003"]},
            ],
            "steps": [{"id": "S", "says": "s", "estimate_days": 2, "claims": ["X-001"]}],
        }
    ],
}


def changed(*path: Any, to: Any) -> dict:
    content = json.loads(json.dumps(GOOD))
    at = content
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = to
    return content


def test_a_good_ledger(read: Any) -> None:
    loaded = read(GOOD)
    assert loaded.problems == ()
    assert [one.weight for one in loaded.ledger.models[0].criteria] == [60, 40]


@pytest.mark.parametrize(
    ("content", "code", "said", "hint"),
    [
        (changed("models", 0, "criteria", 1, "weight", to=41), "bad-weights", "M sum to 101, not to 100", "share out"),
        (changed("models", 0, "criteria", 0, "weight", to=0), "bad-value", "criteria[0].weight must be", ""),
        (changed("models", 0, "criteria", 0, "weight", to=60.5), "bad-value", "a whole number", ""),
        (changed("models", 0, "criteria", 1, "id", to="A"), "duplicate-id", "`A` is given twice", "rename"),
        (changed("models", 0, "criteria", 1, "claims", to=["X-030"]), "unknown-claim", '"X-030"', "X-003"),
        (changed("models", 0, "criteria", 1, "claims", to=["X-002"]), "counted-twice", "X-002 counts for A", "one"),
        (changed("models", 0, "criteria", 1, "claims", to=[]), "bad-value", "at least one entry", ""),
        (changed("models", 0, "steps", 0, "state", to="done"), "unknown-key", "`state` is unknown", "known:"),
        (changed("models", 0, "steps", 0, "claims", to=["nothing"]), "unknown-claim", '"nothing"', ""),
        (changed("models", 0, "claimed", to=101), "bad-value", "claimed must be", ""),
        (changed("models", 0, "criterai", to=[]), "unknown-key", "`criterai`", "did you mean `criteria`?"),
        (changed("ship", to=1), "bad-value", "ship must be", 'ship: "1"'),
        (changed("models", to=[]), "bad-value", "at least one entry", ""),
        ("- a list", "bad-value", "no mapping", ""),
        ("ship: '1'\nmodels: *x", "unknown-anchor", "x", ""),
        ("ship: '1'\nship: '1'", "duplicate-key", "ship", ""),
    ],
)
def test_a_fault_that_is_not_told(read: Any, content: Any, code: str, said: str, hint: str) -> None:
    """Each fault is told at its line, with what to do."""
    loaded = read(content)
    assert loaded.ledger is None
    found = [problem for problem in loaded.problems if problem.code == code]
    assert found, loaded.problems
    assert said in found[0].message
    assert hint in found[0].hint
    assert found[0].path.endswith("ship.yaml")


def test_a_list_that_is_called_too_short_for_a_fault_of_its_entry(read: Any) -> None:
    (problem,) = read(changed("models", 0, "claimed", to=101)).problems
    assert problem.message.startswith("models[0].claimed must be less than or equal to 100")


def test_the_line_of_an_unknown_claim(read: Any) -> None:
    (problem,) = read(changed("models", 0, "steps", 0, "claims", to=["X-001", "X-0001"])).problems
    text = Path(problem.path).read_text().splitlines()
    assert text[problem.line - 1][problem.column - 1 :] == "X-0001"


def test_a_ledger_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pv schema ship"):
        load_ledger(tmp_path / "ship.yaml", [])
    with pytest.raises(UsageError, match="not a regular file"):
        load_ledger(tmp_path, [])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["X-001", "X-003", "1", "", "A"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["ship", "models", "id", "claims", "criteria", "weight"]), inner, max_size=3)
    ),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [
        ("models",),
        ("models", 0),
        ("models", 0, "id"),
        ("models", 0, "criteria"),
        ("models", 0, "criteria", 0),
        ("models", 0, "criteria", 0, "claims"),
        ("models", 0, "criteria", 0, "weight"),
        ("models", 0, "steps", 0, "estimate_days"),
    ]
)


@given(place=PLACES, value=JSON)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_odd_value_that_trips_the_loader(read: Any, place: tuple, value: Any) -> None:
    """Whatever stands somewhere, it is a ledger, or there is an error that says why not."""
    loaded = read(json.dumps(changed(*place, to=value)))
    assert (loaded.ledger is None) == any(problem.severity == "error" for problem in loaded.problems)


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = (ROOT / "contracts" / "ship.schema.json").read_text()
    assert committed == json.dumps(ledger_schema(), indent=2, ensure_ascii=False) + "\n"
    assert (ROOT / "ship.yaml").read_text().startswith("# yaml-language-server: $schema=contracts/ship.schema.json\n")


def test_the_ledger_of_this_project() -> None:
    """Every claim it names is there, and no percentage in it was typed."""
    loaded = load_ledger(ROOT / "ship.yaml", load_all([ROOT / "contracts"]).contracts)
    assert loaded.problems == ()
    assert [(one.id, one.claimed) for one in loaded.ledger.models] == [("MODEL-1", None), ("MODEL-2", None)]
