"""What the deserializer of the older tool accepts of scalars, lists, tables and repeated keys."""

import pytest

from pv.contract import load

BASE = """\
metadata:
  version: {version}
  description: {description}
  references: {references}
  depends_on: {depends_on}
equations:
  e:
    formula: {formula}
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
"""
GOOD = {
    "version": "'1.0.0'", "description": "d", "references": "[r]", "depends_on": "[]", "formula": "y = x",
    "type": "bound", "tolerance": "0.5", "applies_to": "all", "test": "t", "bound": "8", "strategy": "exhaustive",
    "qa_gate": "{id: Q, name: n}",
}  # fmt: skip


def errors(write, text):
    return [(p.code, p.line) for p in load(write(text)).problems if p.severity == "error"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("version", "1.10"),
        ("version", "2"),
        ("version", "true"),
        ("version", "~"),
        ("description", "null"),
        ("depends_on", ""),
        ("formula", "0"),
        ("tolerance", "1e-6"),
        ("tolerance", "8"),
        ("tolerance", ".inf"),
        ("tolerance", "+.5"),
        ("tolerance", "~"),
        ("tolerance", ""),
        ("applies_to", "cuda"),
        ("applies_to", "17"),
        ("test", "~"),
        ("bound", "0x10"),
        ("bound", "0b11"),
        ("bound", "4294967295"),
        ("bound", "null"),
        ("strategy", "~"),
        ("qa_gate", "~"),
        ("qa_gate", ""),
    ],
)
def test_it_is_accepted(write, key, text):
    assert errors(write, BASE.format(**{**GOOD, key: text})) == []


@pytest.mark.parametrize(
    ("key", "text", "code", "line"),
    [
        ("version", "[1]", "bad-value", 2),
        ("version", "", "SCHEMA-002", 2),
        ("description", "{a: b}", "bad-value", 3),
        ("references", "", "SCHEMA-001", 4),
        ("references", "~", "bad-value", 4),
        ("references", "r", "bad-value", 4),
        ("references", "[[r]]", "bad-value", 4),
        ("formula", "", "SCHEMA-004", 8),
        ("type", "Bound", "unknown-value", 10),
        ("type", "~", "unknown-value", 10),
        ("tolerance", "'0.5'", "bad-value", 12),
        ("tolerance", "1_000", "bad-value", 12),
        ("applies_to", "[all]", "bad-value", 13),
        ("bound", "-1", "bad-value", 17),
        ("bound", "8.0", "bad-value", 17),
        ("bound", "017", "bad-value", 17),
        ("bound", "4294967296", "bad-value", 17),
        ("strategy", "magic", "unknown-value", 17),
        ("qa_gate", "{id: Q}", "missing-key", 18),
    ],
)
def test_it_is_rejected_at_its_line(write, key, text, code, line):
    assert (code, line) in errors(write, BASE.format(**{**GOOD, key: text}))


def test_a_repeated_field_is_rejected_and_a_repeated_equation_is_not(write):
    good = BASE.format(**GOOD)
    assert errors(write, good + "qa_gate: ~\n") == [("duplicate-key", 19)]
    assert errors(write, good.replace("  description: d", "  description: d\n  description: e")) == [
        ("duplicate-key", 4)
    ]
    assert errors(write, good.replace("proof_obl", "  e: {formula: z}\nproof_obl")) == []
    assert errors(write, good.replace("proof_obl", "  e: {domain: z}\nproof_obl")) == [("missing-key", 9)]
    assert errors(write, good.replace("proof_obl", "  e: {formula: ''}\nproof_obl")) == [("SCHEMA-004", 9)]
    assert errors(write, good + "mine: {a: 1, a: 2}\n") == []


def test_of_an_equation_given_twice_the_last_is_read(write):
    loaded = load(write(BASE.format(**GOOD).replace("proof_obl", "  e: {formula: z}\nproof_obl")))
    assert loaded.contract.equations["e"].formula == "z"


def test_anchors_and_tags_reject_nothing(write):
    text = BASE.format(**{**GOOD, "references": "&r [!text r]", "depends_on": "*r"})
    loaded = load(write(text))
    assert loaded.valid
    assert loaded.contract.metadata.depends_on == ("r",)
    assert {problem.code for problem in loaded.problems} >= {"anchor", "alias", "tag"}


def test_many_warnings_never_hide_an_error(write):
    extra = "".join(f"  stray_{n}: 1\n" for n in range(3000))
    text = BASE.format(**{**GOOD, "bound": "-1"}).replace("equations:\n", extra + "equations:\n")
    loaded = load(write(text))
    assert not loaded.valid
    assert len(loaded.problems) < 500


def test_the_version_is_told_as_it_was_written(write):
    loaded = load(write(BASE.format(**{**GOOD, "version": "1.10"})))
    assert loaded.contract.metadata.version == "1.10"
    told = next(problem for problem in loaded.problems if problem.code == "bad-version")
    assert (told.severity, told.line, told.hint) == ("warning", 2, 'write "1.10", in quotes')
