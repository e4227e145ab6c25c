"""The smallest input is found where there is one, within the tries."""

import itertools

import pytest

from pv.bisect.compare import Gap
from pv.bisect.smallest import smallest

FAR = Gap(name="q", distance=1.0, budget=0.1, positions=(0,))


@pytest.mark.parametrize(
    ("shows", "wanted"),
    [
        (lambda ids: True, (0,)),
        (lambda ids: len(ids) >= 2, (0, 0)),
        (lambda ids: len(ids) >= 5, (0,) * 5),
        (lambda ids: 7 in ids, (7,)),
        (lambda ids: any(b > a for a, b in itertools.pairwise(ids)), (0, 1)),
    ],
)
def test_a_larger_input_is_called_the_smallest(shows, wanted) -> None:
    given = tuple(range(20))
    found = smallest(lambda ids: FAR if shows(ids) else None, given, 20, tries=200, seed=0)
    assert found.tokens == wanted
    assert found.gap == FAR


def test_another_run_finds_another() -> None:
    def find(seed: int):
        return smallest(lambda ids: FAR if sum(ids) > 30 else None, tuple(range(20)), 20, tries=60, seed=seed)

    assert find(0) == find(0)
    assert find(0).tries <= 60


def test_more_is_tried_than_allowed() -> None:
    tried = []

    def gap_on(ids):
        tried.append(ids)

    assert smallest(gap_on, tuple(range(20)), 1000, tries=7, seed=0) is None
    assert len(tried) == len(set(tried)) == 7
