"""Contracts of the older tool load as they are."""

from pathlib import Path

import pytest

from pv.contract import load

EXAMPLES = Path(__file__).parents[4] / "shared" / "examples" / "legacy-contracts"
needs_examples = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the example contracts are not beside this clone")


def test_old_names_of_fields_are_read(write):
    loaded = load(
        write(
            {
                "metadata": {
                    "version": "1.0.0",
                    "description": "d",
                    "references": ["r"],
                    "depends_on": ["other-v1"],
                },
                "equations": {"softmax": {"formula": "e^x"}},
                "proof_obligations": [{"type": "invariant", "property": "p"}],
                "falsification_tests": [
                    {
                        "id": "F-1",
                        "description": "r",
                        "expected": "p",
                        "fails_if": "f",
                        "ship_blocking": True,
                    },
                    {"rule": "r", "prediction": "p", "if_fails": "f", "status": "DISCHARGED"},
                ],
                "gates": [{"id": "G-1", "rule": "r", "verdict": "pass", "falsification_id": "F-1"}],
            },
            "old-kernel-v1.yaml",
        )
    )
    contract = loaded.contract
    assert [(p.code, p.message) for p in loaded.problems] == [
        ("missing-key", "falsification_tests[1] does not say `id`")
    ]
    assert (contract.id, contract.legacy, contract.metadata.version) == ("old-kernel-v1", True, "1.0.0")
    first, second = contract.claims
    assert (first.id, first.rule, first.prediction, first.if_fails, first.ship_blocking) == (
        "F-1",
        "r",
        "p",
        "f",
        True,
    )
    assert (first.measure, first.op, first.bound, first.requires) == (None, None, None, None)
    assert (second.id, second.status) == ("TEST-2", "DISCHARGED")
    assert contract.gates[0].claims == ("F-1",)
    assert contract.equations["softmax"].formula == "e^x"
    assert [(s.value, s.claim_id, s.key) for s in loaded.hand_written] == [
        ("DISCHARGED", None, "falsification_tests[1].status"),
        ("pass", "F-1", "gates[0].verdict"),
    ]


def test_what_is_odd_is_a_warning_with_the_nearest_known_name(write):
    loaded = load(
        write(
            {
                "metadata": {"version": 1.0, "verion": "x"},
                "proof_obligation": [],
                "proof_obligations": [{"type": "liveness", "property": "p"}],
                "falsification_tests": [{"id": "F-1", "rule": "r", "predction": "p", "if_fails": "f"}],
            }
        )
    )
    assert loaded.valid
    assert [(p.line, p.column, p.severity, p.code, p.hint) for p in loaded.problems] == [
        (2, 12, "warning", "bad-version", 'write it in quotes, e.g. "1.0.0"'),
        (3, 3, "warning", "unknown-key", "did you mean `version`?"),
        (4, 1, "warning", "unknown-key", "did you mean `proof_obligations`?"),
        (6, 9, "warning", "unknown-value", "did you mean `completeness`?"),
        (9, 3, "warning", "missing-key", "add `prediction`"),
        (11, 3, "warning", "unknown-key", "did you mean `prediction`?"),
    ]


def test_a_duplicate_id_is_an_error_there_too(write):
    tests = [{"id": "F-1", "rule": "r", "prediction": "p", "if_fails": "f"}] * 2
    found = load(write({"metadata": {"version": "1.0.0"}, "falsification_tests": [dict(t) for t in tests]})).problems
    assert [(p.code, p.severity) for p in found] == [("duplicate-id", "error")]


@needs_examples
def test_every_example_loads():
    names = {}
    for path in sorted(EXAMPLES.glob("*.yaml")):
        loaded = load(path)
        assert loaded.contract is not None, path.name
        assert loaded.contract.legacy
        assert all(problem.severity == "warning" for problem in loaded.problems), path.name
        names[path.name] = len(loaded.contract.claims)
    assert names == {
        "PMAT-480.yaml": 0,
        "apr-pretrain-cuda-forward-parity-v1.yaml": 3,
        "apr-pretrain-from-init-v1.yaml": 10,
        "apr-pretrain-init-finetune-v1.yaml": 6,
        "beat-sklearn-iris-v1.yaml": 0,
        "binding.yaml": 0,
        "canary-score-gate-v1.yaml": 5,
        "gqa-kernel-v1.yaml": 9,
        "gradient-clipping-v1.yaml": 3,
        "kernel-fusion-v1.yaml": 0,
        "preprocessing-normalization-v1.yaml": 6,
        "softmax-kernel-v1.yaml": 6,
        "tensor-layout-v1.yaml": 8,
        "tokenizer-bpe-v1.yaml": 0,
    }


@needs_examples
def test_statuses_of_the_examples_are_found():
    found = load(EXAMPLES / "tokenizer-bpe-v1.yaml").hand_written
    assert [status.value for status in found] == ["PROPOSED", *["pass"] * 7]
