"""A quick record is what the standard library makes of the same class."""

import copy
import dataclasses
import inspect
import pickle

import pytest

from pv.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """A record."""

    one: int
    two: tuple[int, ...] = ()
    three: dict[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A record."""

    one: int
    two: tuple[int, ...] = ()
    three: dict[str, int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Single:
    """A record of one field, given by place."""

    value: float


@pytest.mark.parametrize("of", [Quick, Standard])
def test_fields_copies_and_packing(of: type[Quick]) -> None:
    record = of(one=1, three={"a": 2})
    assert dataclasses.asdict(record) == {"one": 1, "two": (), "three": {"a": 2}}
    assert dataclasses.replace(record, two=(3,)) == of(one=1, two=(3,), three={"a": 2})
    assert pickle.loads(pickle.dumps(record)) == copy.deepcopy(record) == record
    assert repr(record) == f"{of.__name__}(one=1, two=(), three={{'a': 2}})"
    assert list(inspect.signature(of).parameters) == ["one", "two", "three"]
    assert of(one=1).three is not of(one=1).three


@pytest.mark.parametrize("of", [Quick, Standard])
def test_nothing_can_be_changed_or_added(of: type[Quick]) -> None:
    record = of(one=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.one = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del record.one
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
        record.four = 4  # type: ignore[attr-defined]
    assert not hasattr(record, "__dict__")


def test_what_is_missing_unknown_or_given_by_place_is_refused() -> None:
    for arguments, named in (((), {}), ((1,), {}), ((), {"one": 1, "four": 4})):
        with pytest.raises(TypeError):
            Quick(*arguments, **named)


def test_equality_and_hashes() -> None:
    assert Quick(one=1) != Standard(one=1)
    assert Single(1.0) == Single(1.0) != Single(2.0)
    assert hash(Single(1.0)) == hash(Single(1.0))
    with pytest.raises(TypeError):
        hash(Quick(one=1))


def test_other_options_are_left_to_the_standard_library() -> None:
    @dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        value: int

    @dataclass(slots=True)
    class Open:
        value: int

    assert Ordered(1) < Ordered(2)
    opened = Open(1)
    opened.value = 2
    assert opened == Open(2)
