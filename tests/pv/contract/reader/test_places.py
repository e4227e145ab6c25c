"""Places are found by path, and packed into a few numbers they are the same places."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.contract.reader import read
from pv.contract.reader.places import Places

PATHS = st.lists(st.text(max_size=2) | st.integers(-3, 3), max_size=4).map(tuple)
PLACES = st.tuples(st.integers(1, 1_000_001), st.integers(1, 1_000_001))


def filled(entries):
    places = Places()
    for path, place in entries.items():
        places.put(path, place)
    return places


@given(st.dictionaries(PATHS, PLACES, max_size=12))
def test_what_was_put_is_found_and_nothing_else(entries):
    places = filled(entries)
    assert dict(places) == entries
    assert len(places) == len(entries)
    assert all(path in places for path in entries)
    assert (*max(entries, key=len, default=()), "more") not in places


@given(st.dictionaries(PATHS, PLACES, max_size=12))
def test_packed_and_unpacked_they_are_the_same(entries):
    places = filled(entries)
    again = pickle.loads(pickle.dumps(places))
    assert dict(again) == entries
    assert dict(pickle.loads(pickle.dumps(again))) == entries


def test_without_a_place_there_is_none():
    with pytest.raises(KeyError):
        Places()[()]
    assert list(Places()) == []


def test_places_of_a_file_are_those_of_its_values():
    document = read(b"a: [x, {b: 1}]\nc:\n  d: y\n", "file.yaml")
    assert dict(document.values) == {
        (): (1, 1),
        ("a",): (1, 4),
        ("a", 0): (1, 5),
        ("a", 1): (1, 8),
        ("a", 1, "b"): (1, 12),
        ("c",): (3, 3),
        ("c", "d"): (3, 6),
    }
    assert dict(document.keys) == {("a",): (1, 1), ("a", 1, "b"): (1, 9), ("c",): (2, 1), ("c", "d"): (3, 3)}
