"""Two sides take turns, and what they measured is one ratio."""

import json

import pytest

from falsifiers.program import CONFIG
from falsifiers.race import ours
from falsifiers.race.turns import WARM_UP, RaceError, race

OURS = (ours.__name__,)


@pytest.fixture(scope="module")
def size(tmp_path_factory):
    path = tmp_path_factory.mktemp("shape") / "config.json"
    path.write_text(json.dumps(CONFIG))
    return f"{path}:2x16"


@pytest.fixture(scope="module")
def rows(size):
    return list(race(size, device="cpu", rounds=2, steps=3, sides={"one": OURS, "two": OURS}))


def test_both_are_ready_and_take_turns(rows):
    assert [(row["turn"], row["side"]) for row in rows] == [(n, side) for n in range(3) for side in ("one", "two")]
    assert [row["steps"] for row in rows] == [WARM_UP] * 2 + [3] * 4
    assert all(row["tokens"] == 32 and row["seconds"] > 0 and len(row["losses"]) == row["steps"] for row in rows)


def test_the_sides_start_alike_read_the_same_and_learn_it(rows):
    one, two = ([loss for row in rows if row["side"] == side for loss in row["losses"]] for side in ("one", "two"))
    assert one == pytest.approx(two, abs=1e-5)
    assert one[-1] < one[0]


def test_a_side_that_ends_is_named(size):
    with pytest.raises(RaceError, match=r"falsifiers\.race\.nobody .* ended with status 1; run it by itself"):
        list(race(size, device="cpu", sides={"one": ("falsifiers.race.nobody",)}))
