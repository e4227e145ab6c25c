"""The YAML reader: values, places, and that nothing makes it raise or hang."""

import json
import sys
import time

import pytest
import rfc8785
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from yaml.reader import Reader

from pv.contract.reader import MAX_BYTES, MAX_PROBLEMS, read


def codes_of(raw):
    return [problem.code for problem in read(raw, "c.yaml").problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-6", 1e-6),
        ("1e+6", 1e6),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("-3", -3),
        ("+3", 3),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("2026-11-20", "2026-11-20"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("25921e05", 25921e5),
        ("'1'", "1"),
        ('"\\u00e9"', "é"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("1.0.0", "1.0.0"),
        ("-", None),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says(text, value):
    if text == "-":
        text, value = '"-"', "-"
    found = read(f"a: {text}\n".encode(), "c.yaml")
    assert found.problems == ()
    assert found.data == {"a": value}
    assert type(found.data["a"]) is type(value)


@pytest.mark.parametrize("text", ["1e400", ".inf", "-.INF", ".nan", "9007199254740992", "9" * 5000, "0x" + "f" * 70])
def test_a_number_that_json_cannot_hold_stays_text_and_is_told(text):
    found = read(f"a: {text}\n".encode(), "c.yaml")
    assert found.data == {"a": text}
    assert [(p.code, p.severity, p.line, p.column) for p in found.problems] == [
        ("number-out-of-range", "warning", 1, 4)
    ]


@pytest.mark.parametrize(
    ("raw", "code", "line", "column"),
    [
        (b"a: 1\nb:\n  c: 1\n  c: 2\n", "duplicate-key", 4, 3),
        (b"a: &x 1\n", "anchor", 1, 4),
        (b"a: *x\n", "unknown-anchor", 1, 4),
        (b"a: !!python/object/apply:os.system ['true']\n", "tag", 1, 4),
        (b"a: !local x\n", "tag", 1, 4),
        (b"[a]: 1\n", "key-not-text", 1, 1),
        (b"a: 1\n---\nb: 2\n", "second-document", 2, 1),
        (b"a:\n\tb: 1\n", "bad-yaml", 2, 1),
        (b"a: b: c\n", "bad-yaml", 1, 5),
        (b"a: [1\n", "bad-yaml", 2, 1),
        (b"a: '\n", "bad-yaml", 2, 1),
        (b"a: 1\nb: \xff\n", "not-utf-8", 2, 4),
        (b"\xef\xbb\xbfb: \xff\n", "not-utf-8", 1, 4),
        ("é: \x07\n".encode(), "bad-character", 1, 4),
        ("a: 1\n".encode("utf-16"), "not-utf-8", 1, 1),
        (b"[" * 60, "too-deep", 1, 51),
    ],
)
def test_a_fault_is_told_at_its_place(raw, code, line, column):
    first = read(raw, "c.yaml").problems[0]
    assert (first.code, first.severity, first.line, first.column) == (code, "error", line, column)


def test_a_duplicate_key_names_both_places_and_keeps_the_first():
    found = read(b"a: 1\nb: {c: 2}\na: {d: 3, d: 4}\n", "c.yaml")
    assert found.data == {"a": 1, "b": {"c": 2}}
    assert [(p.line, p.column, p.code, p.message) for p in found.problems] == [
        (3, 1, "duplicate-key", "key `a` is given twice (first given at line 1, column 1)"),
        (3, 11, "duplicate-key", "key `d` is given twice (first given at line 3, column 5)"),
    ]


def test_an_alias_stands_for_its_value_and_is_refused():
    found = read(b"a: &x {b: 1}\nc: *x\n&k d: 2\ne: *k\n", "c.yaml")
    assert found.data == {"a": {"b": 1}, "c": {"b": 1}, "d": 2, "e": "d"}
    assert [(p.line, p.code) for p in found.problems] == [(1, "anchor"), (2, "alias"), (3, "anchor"), (4, "alias")]


def test_what_was_written_and_what_was_repeated_is_kept():
    found = read(b"a: 1.10\nb: '1.10'\nc: ~\na: {x: 1}\n", "c.yaml")
    assert found.plain == {("a",): "1.10", ("c",): "~", ("a", -1, "x"): "1"}
    assert [(r.parent, r.key, r.place, r.first, r.value) for r in found.repeats] == [
        ((), "a", (4, 1), (1, 1), {"x": 1})
    ]


def test_bom_and_crlf_change_no_value_and_no_place():
    plain = read(b"a: 1\nb: [x, y]\n", "c.yaml")
    windows = read(b"\xef\xbb\xbfa: 1\r\nb: [x, y]\r\n", "c.yaml")
    assert (plain.data, plain.values) == (windows.data, windows.values)
    assert plain.place(("b", 1)) == (2, 8)
    assert plain.key_place(("b",)) == (2, 1)
    assert plain.place(("b", 1, "missing", 3)) == (2, 8)


def test_size_count_and_number_of_problems_are_bounded():
    assert codes_of(b"#" * (MAX_BYTES + 1)) == ["file-too-large"]
    assert codes_of(b"[" + b"1," * 200_000 + b"]") == ["too-many-values"]
    assert len(codes_of(b"- *x\n" * 1000)) == MAX_PROBLEMS + 2


@pytest.mark.parametrize(
    "raw",
    [
        b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n" * 9000,
        b"{" * 400_000,
        b"[" * 900_000,
        b"? " * 400_000,
        b"- " * 400_000,
        b"a: " + b"'" * 900_000,
        b'"' + b"\\" * 900_000,
        b"!" * 900_000,
        b"&" + b"a" * 900_000 + b" 1",
        b"a: |\n" + b" x\n" * 300_000,
        b"{a: " * 200_000,
        b"%YAML 1.2\n" * 90_000,
        b"x" * 900_000 + b": 1",
        b"---\n" * 200_000,
        b"a: " + b"1" * 900_000,
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_a_hostile_file_is_refused_in_bounded_time(raw):
    started = time.perf_counter()
    read(raw, "c.yaml")
    assert time.perf_counter() - started < 5


GOOD = b'metadata:\n  id: C-A\n  version: "1.0.0"\nlist:\n  - {a: 1, b: [x, "y"]}\n  - |\n    text\n  - 1e-6\n'


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf\xff")
@example(b"\x00")
@example(b"%")
def test_no_bytes_make_it_raise(raw):
    found = read(raw, "c.yaml")
    rfc8785.dumps(found.data)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in found.problems)


@given(st.text(alphabet="ab:-?[]{}&*!|>'\"%#,\n \t0123.e~", max_size=120))
def test_no_yaml_like_text_makes_it_raise(text):
    rfc8785.dumps(read(text.encode(), "c.yaml").data)


@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.binary(max_size=4))
def test_truncated_and_mutated_yaml_never_raises(start, end, inserted):
    read(GOOD[:start] + inserted + GOOD[end:], "c.yaml")


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)


@given(JSON)
def test_json_is_read_as_it_is(value):
    """YAML 1.2 contains JSON; the reader gives back every value, where libyaml takes the text at all."""
    text = json.dumps(value, ensure_ascii=True)
    try:
        list(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        return
    assert read(text.encode(), "c.yaml").data == value


def test_every_letter_that_yaml_does_not_print_is_refused():
    every = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    letters = Reader.NON_PRINTABLE.findall(every)
    assert {"\x00", "\x7f", "\x9f", "\ufffe", "\uffff"} <= set(letters)
    assert [codes_of(f"a: é{letter}".encode()) for letter in letters] == [["bad-character"]] * len(letters)
