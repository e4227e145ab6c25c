"""The result of mapping does not depend on how many processes do it."""

import multiprocessing
import os

import pytest

from pv.cli.workers import ENOUGH, cores, mapped


def square(number: int) -> int:
    return number * number


def deadly(number: int) -> int:
    """Ends any process but the first."""
    if multiprocessing.parent_process() is not None and number == 70:
        os._exit(1)
    return number


def odd(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("jobs", [0, 1, 2, 5, 500])
@pytest.mark.parametrize("count", [0, 1, 2, ENOUGH, 100])
def test_the_result_does_not_depend_on_the_number_of_processes(count: int, jobs: int) -> None:
    if jobs == 500 and count > 2:
        jobs = 9
    assert list(mapped(square, range(count), jobs)) == [number * number for number in range(count)]


def test_what_a_killed_process_leaves_is_done_here() -> None:
    assert list(mapped(deadly, range(150), 2)) == list(range(150))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_comes_through(jobs: int) -> None:
    with pytest.raises(ValueError, match="three"):
        list(mapped(odd, range(60), jobs))


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1
