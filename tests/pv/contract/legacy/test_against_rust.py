"""Decisions of the older tool, built from its sources, on the classes of file where ours once differed.

Each case was given to that tool; the expectation is its answer, told at a line that we choose.
"""

import pytest

from pv.contract import load

BASE = """\
# a contract
metadata: {{version: "1", description: d, references: {references}}}
equations:
  e: {equation}
proof_obligations:
  - type: {type}
    property: p
    tolerance: {tolerance}
    applies_to: {applies_to}
falsification_tests:
  - {{id: F-1, rule: r, prediction: p, if_fails: f, test: {test}}}
kani_harnesses:
  - {{id: K-1, obligation: o, bound: {bound}, strategy: {strategy}}}
qa_gate: {qa_gate}
simd_dispatch: {dispatch}
notes: {notes}
"""
GOOD = {
    "references": "[r]", "equation": "{formula: f}", "type": "bound", "tolerance": "0.5", "applies_to": "all",
    "test": "t", "bound": "8", "strategy": "exhaustive", "qa_gate": "{id: Q, name: n}", "dispatch": "{}", "notes": "n",
}  # fmt: skip
LINES = {
    "references": 2, "equation": 4, "type": 6, "tolerance": 8, "applies_to": 9, "test": 11, "bound": 13,
    "strategy": 13, "qa_gate": 14, "dispatch": 15, "notes": 16,
}  # fmt: skip

ACCEPTED = [
    ("tolerance", "!!float .inf"), ("tolerance", "!unit 1"), ("tolerance", "!!str 1"), ("tolerance", "!!null ~"),
    ("tolerance", "017"), ("bound", "!!int 1"), ("bound", "+0x1"), ("bound", "+0"), ("bound", "!!null null"),
    ("type", "!bound"), ("type", "!bound ~"), ("type", "!!str bound"), ("applies_to", "!gpu"), ("applies_to", "! ~"),
    ("strategy", "!!null ~"), ("strategy", "!exhaustive "), ("dispatch", "!table"), ("dispatch", "{e: !none }"),
    ("qa_gate", "{id: Q, name: n, checks: !list }"), ("qa_gate", "!gate {id: Q, name: n}"),
    ("test", "!!null ~"), ("test", "!!str "), ("test", '!!null ""'), ("test", "&t 1.0"), ("notes", "{? [a] : b}"),
    ("notes", "{{ jinja }}"), ("notes", "&n [*n]"), ("notes", "&n {a: *n}"), ("notes", "{a: 1, a: 2}"),
    ("equation", "{formula: &f 1.50, domain: *f}"), ("notes", "{<<: {a: b}}"), ("notes", "[&m [a], {*m : b}]"),
]  # fmt: skip
REJECTED = [
    ("tolerance", "1e400"), ("tolerance", "-1e400"), ("tolerance", "!!null 1"), ("tolerance", "!unit"),
    ("tolerance", "'.5'"), ("tolerance", "\u0661"), ("bound", "-0"), ("bound", "00"), ("bound", "!!int '1'"),
    ("type", "!bound x"), ("type", "!bound ''"), ("type", "!Bound"), ("type", "! bound"), ("type", "{bound: ~}"),
    ("type", "!bound [a]"), ("applies_to", "! all"), ("applies_to", "!gpu x"), ("applies_to", "[all]"),
    ("test", "!!null x"), ("test", "!!null"), ("references", "!list"), ("references", "''"), ("references", "!!null ~"),
    ("dispatch", "''"), ("dispatch", "{[a]: {b: c}}"), ("equation", "{formula: f, [a]: b}"),
    ("dispatch", "&d {a: *d}"), ("notes", "*absent"), ("qa_gate", "{{ jinja }}"),
]  # fmt: skip


def text(**given):
    return BASE.format(**{**GOOD, **given})


@pytest.mark.parametrize(("key", "value"), ACCEPTED)
def test_the_older_tool_accepts_it(write, key, value):
    assert [p for p in load(write(text(**{key: value}))).problems if p.severity == "error"] == []


@pytest.mark.parametrize(("key", "value"), REJECTED)
def test_the_older_tool_rejects_it(write, key, value):
    found = load(write(text(**{key: value})))
    assert not found.valid
    assert LINES[key] in {p.line for p in found.problems if p.severity == "error"}


def test_numbers_keep_their_letters_behind_an_alias(write):
    shared = text(tolerance="&t 0.5").replace("qa_gate:", "  - {id: K-2, obligation: o, bound: &b 8}\nqa_gate:")
    assert load(write(shared + "verification_summary: {total_obligations: *b}\n")).valid
    assert not load(write(shared + "verification_summary: {total_obligations: *t}\n")).valid


def test_the_last_of_repeated_entries_is_judged_with_its_own_letters(write):
    good = text().replace("proof_obl", "  e: {formula: }\nproof_obl")
    assert [(p.code, p.line) for p in load(write(good)).problems if p.severity == "error"] == [("SCHEMA-004", 5)]
    assert load(write(text(equation="{formula: }").replace("proof_obl", "  e: {formula: f}\nproof_obl"))).valid


def test_a_byte_order_mark_before_the_first_key_is_rejected_and_before_a_comment_is_not(write):
    bare = text().removeprefix("# a contract\n")
    marked = load(write("\ufeff" + bare))
    assert [(p.code, p.line) for p in marked.problems if p.severity == "error"] == [("bad-character", 1)]
    assert load(write("\ufeff" + text())).valid
    assert load(write(bare)).valid


def test_many_keys_given_twice_where_nothing_reads_them_reject_nothing(write):
    assert load(write(text(notes="{" + "a: 1, " * 300 + "}"))).valid


def test_phases_whose_names_are_no_text_are_told_not_raised(write):
    found = load(write(text() + "kernel_structure: {phases: [{name: {a: b}, description: d}]}\n"))
    assert [(p.code, p.line) for p in found.problems if p.severity == "error"] == [("bad-value", 17)]
