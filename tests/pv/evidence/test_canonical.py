import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.errors import EvidenceError
from pv.evidence import (
    canonical_bytes,
    read_json,
    read_jsonl,
    sha256_bytes,
    sha256_file,
    write_json,
    write_jsonl,
)
from pv.evidence.canonical import MAX_DEPTH, parse_json, parse_jsonl

finite = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]))
small = st.floats(-(2.0**53), 2.0**53)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | small | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_written_reads_back(value: object) -> None:
    assert parse_json(canonical_bytes(value), "x") == value


@given(st.dictionaries(texts, scalars))
def test_order_of_keys_does_not_matter(whole: dict[str, object]) -> None:
    backwards = dict(reversed(whole.items()))
    assert canonical_bytes(whole) == canonical_bytes(backwards)


@given(finite)
def test_floats_keep_full_precision(value: float) -> None:
    assert float(parse_json(canonical_bytes(value), "x")) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, {1: 2}, {"a": {1, 2}}, "\ud800", b"x"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(EvidenceError):
        canonical_bytes(value)


def test_a_cycle_is_refused() -> None:
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(EvidenceError):
        canonical_bytes(cycle)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": NaN}', "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b"[1e999]", "beyond the range"),
        (b"[" + b"9" * 400 + b"]", "digits"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b"\xff", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b"[" * 100 + b"]" * 100, "nested deeper"),
        (b"[" * 100_000 + b"]" * 100_000, "nested deeper"),
        (b'{"a":' * 90 + b"1" + b"}" * 90, "nested deeper"),
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(EvidenceError, match=says) as refused:
        parse_json(data, "raw/x.json")
    assert refused.value.where.startswith("raw/x.json:1")


def test_nesting_up_to_the_limit_is_read() -> None:
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "x")
    with pytest.raises(EvidenceError):
        parse_json(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "x")


def test_many_brackets_that_are_not_deep_are_read() -> None:
    assert len(parse_json(json.dumps([[1]] * 1000).encode(), "x")) == 1000


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{"a":1}\n[]\n', 2),
        (b'{"a":1}\n\n{"a":1}\n', 2),
        (b'{}\n{}\n{"a":NaN}', 3),
        (b"{}\nx\n", 2),
        (b"{}\n\xff\n", 2),
    ],
)
def test_a_bad_row_is_named_by_its_line(data: bytes, line: int) -> None:
    with pytest.raises(EvidenceError) as refused:
        parse_jsonl(data, "rows.jsonl")
    assert refused.value.where == f"rows.jsonl:{line}"


def test_an_error_inside_a_file_names_its_line() -> None:
    with pytest.raises(EvidenceError) as refused:
        parse_json(b'{\n"a": 1,\n"b": x\n}', "a.json")
    assert refused.value.where == "a.json:3"


def test_files_round_trip_and_digests_are_of_the_file(tmp_path: Path) -> None:
    write_json(tmp_path / "deep" / "a.json", {"b": 1, "a": [1.5, "ä"]})
    write_jsonl(tmp_path / "rows.jsonl", [{"step": 0}, {"step": 1}])
    assert read_json(tmp_path / "deep" / "a.json") == {"a": [1.5, "ä"], "b": 1}
    assert read_jsonl(tmp_path / "rows.jsonl") == ({"step": 0}, {"step": 1})
    data = (tmp_path / "deep" / "a.json").read_bytes()
    assert sha256_file(tmp_path / "deep" / "a.json") == sha256_bytes(data)


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    with pytest.raises(EvidenceError, match="at most"):
        read_json(path)
    with pytest.raises(EvidenceError, match="cannot be read"):
        read_jsonl(tmp_path / "absent.jsonl")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise_anything_else(data: bytes) -> None:
    try:
        parse_jsonl(data, "x")
    except EvidenceError as refused:
        assert refused.where.startswith("x:")  # noqa: PT017 - either outcome is right
