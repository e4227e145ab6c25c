"""Each rule: one change that it speaks about, and the good contract that it leaves alone."""

import pytest

from pv.contract import load, meaning_digest

CLAIM = ("falsification_tests", 0)


def changed(contract, path, value):
    inner = contract
    for part in path[:-1]:
        inner = inner[part]
    if value is DELETED:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return contract


DELETED = object()


@pytest.mark.parametrize(
    ("path", "value", "code", "said"),
    [
        (
            ("falsification_tests", 1, "id"),
            "FALSIFY-GOOD-001",
            "duplicate-id",
            "`FALSIFY-GOOD-001` is given twice",
        ),
        ((*CLAIM, "aliases"), ["A", "A"], "duplicate-id", "`A` is given twice"),
        ((*CLAIM, "aliases"), ["FALSIFY-GOOD-002"], "duplicate-id", "`FALSIFY-GOOD-002` is given twice"),
        (
            ("proof_obligations", 0, "tested_by"),
            ["GOOD-2"],
            "unknown-claim",
            "`GOOD-2` is no claim of this contract",
        ),
        (("proof_obligations", 0, "tested_by"), [], "bad-value", "must be given with at least one entry"),
        (("gates", 0, "claims"), ["X"], "unknown-claim", "`X` is no claim of this contract"),
        ((*CLAIM, "measure"), DELETED, "missing-key", "FALSIFY-GOOD-001 lacks `measure`"),
        ((*CLAIM, "op"), DELETED, "missing-key", "lacks `op`"),
        ((*CLAIM, "bound"), DELETED, "missing-key", "lacks `bound`"),
        ((*CLAIM, "requires"), DELETED, "missing-key", "lacks `requires`"),
        (
            ("falsification_tests", 1, "planned"),
            False,
            "missing-key",
            "lacks `requires`, `measure`, `op`, `bound`",
        ),
        ((*CLAIM, "measure", "unit"), "nats", "unit-mismatch", "the measure in nats"),
        ((*CLAIM, "plausible", "unit"), "nat/token", "unknown-unit", "`nat/token` is no known unit"),
        ((*CLAIM, "plausible", "high"), 0.3, "empty-band", "from 0.3 to 0.3 is empty"),
        ((*CLAIM, "bound"), "ln(", "bad-expression", "not an expression"),
        ((*CLAIM, "bound"), "", "bad-expression", "not an expression"),
        ((*CLAIM, "bound"), True, "bad-value", "must be a number or an expression"),
        ((*CLAIM, "measure", "reduce"), "at", "missing-key", "`reduce: at` lacks the `index`"),
        ((*CLAIM, "measure", "index"), 0, "unused-key", "`index` has no meaning"),
        ((*CLAIM, "measure", "index"), -1, "bad-value", "greater than or equal to 0"),
        ((*CLAIM, "below"), ["a", "a"], "duplicate-entry", "`a` is listed twice"),
        ((*CLAIM, "below"), [""], "bad-value", "must be text that is not empty"),
        ((*CLAIM, "below"), [1], "bad-value", "must be text"),
        ((*CLAIM, "counter_example_classes"), ["a", "a"], "duplicate-entry", "`a` is listed twice"),
        ((*CLAIM, "confidence"), 0.5, "bad-value", "must be greater than 0.5"),
        ((*CLAIM, "confidence"), 1, "bad-value", "must be less than 1"),
        ((*CLAIM, "requires"), "Live", "bad-value", "must be one of algorithm, integration, live"),
        ((*CLAIM, "id"), "../../x", "bad-value", "must be letters, digits"),
        (("system",), DELETED, "missing-key", "no `system` is named"),
        (("system", "full"), DELETED, "live-unreachable", "no full run is described"),
        (("system", "full", "profile"), "gpu", "unknown-profile", "`gpu` is no profile"),
        (("system",), {}, "missing-key", "neither a trainer nor a program"),
        (("system", "profiles"), DELETED, "missing-key", "the trainer lacks `profiles`"),
        (("system", "trainer"), DELETED, "missing-key", "`profiles` has no meaning without a `trainer`"),
        (("system", "trainer"), "", "bad-value", "must be text that is not empty"),
        (("system",), {"program": "pv"}, "missing-key", "a claim requires live, but no trainer is named"),
        (("system", "program"), "pv --help", "bad-value", "must be the name of a module"),
        (("system", "program"), "../pv", "bad-value", "must be the name of a module"),
        (("falsification_tests",), [], "inert", "nothing can refute this contract"),
        (("metadata", "version"), 1.0, "bad-version", "not the number 1.0"),
        (("metadata", "version"), "1.0", "bad-version", 'not the text "1.0"'),
        (("metadata", "id"), DELETED, "missing-key", "metadata lacks `id`"),
        (("metadata", "id"), "a/b", "bad-value", "must be letters, digits"),
        (
            ("equations", "loss", "formulae"),
            "x",
            "unknown-key",
            "key `formulae` is unknown in equations.loss",
        ),
        (("verificaton",), "x", "unknown-key", "unknown in the file"),
    ],
)
def test_a_rule_speaks(write, good, path, value, code, said):
    found = load(write(changed(good, path, value))).problems
    assert any(problem.code == code and said in problem.message for problem in found), found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*CLAIM, "bound"), 9.38),
        ((*CLAIM, "bound"), 0),
        ((*CLAIM, "status"), "DISCHARGED"),
        (("status",), "ACTIVE"),
        (("metadata", "status"), "ACTIVE"),
        (("metadata", "version"), "1.10.0-rc.1"),
        (("gates", 0, "claims"), ["other-contract/FALSIFY-001"]),
        (("gates", 0, "verdict"), "pass"),
        (("proof_obligations", 0, "tested_by"), ["GOOD-1"]),
        ((*CLAIM, "plausible"), DELETED),
        ((*CLAIM, "below"), DELETED),
        ((*CLAIM, "controls"), ""),
        ((*CLAIM, "tracked_by"), ""),
        (("metadata", "changelog"), [{"version": "1.0.0", "date": "2026-11-20", "change": "first"}]),
    ],
)
def test_no_rule_speaks(write, good, path, value):
    assert load(write(changed(good, path, value))).problems == ()


def test_a_claim_about_functions_needs_no_system(write, good):
    del good["system"]
    good["falsification_tests"][0]["requires"] = "algorithm"
    assert load(write(good)).problems == ()


def test_a_claim_about_commands_needs_a_program_only(write, good):
    good["system"] = {"program": "pv.cli"}
    good["falsification_tests"][0]["requires"] = "integration"
    assert load(write(good)).problems == ()


def test_a_program_beside_a_trainer_changes_no_meaning(write, good):
    first = load(write(good)).contract
    good["system"]["program"] = "aprtrain"
    both = load(write(good)).contract
    assert first is not None
    assert both is not None
    assert meaning_digest(first.claims[0], first) == meaning_digest(both.claims[0], both)


def test_an_index_belongs_to_at(write, good):
    good["falsification_tests"][0]["measure"] |= {"reduce": "at", "index": 0}
    assert load(write(good)).problems == ()
