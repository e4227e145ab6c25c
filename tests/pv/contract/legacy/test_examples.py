"""The example contracts of the older tool, as they are."""

from pathlib import Path

import pytest

from pv.contract import load

EXAMPLES = Path(__file__).parents[5] / "shared" / "examples" / "legacy-contracts"
pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the example contracts are not beside this clone")

REJECTED = {
    "PMAT-480.yaml": [(2, "missing-key")],
    "apr-pretrain-from-init-v1.yaml": [(250, "unknown-value"), (252, "unknown-value")],
    "beat-sklearn-iris-v1.yaml": [(1, "missing-key")],
    "binding.yaml": [(34, "binding-registry")],
    "gqa-kernel-v1.yaml": [(28, "unknown-value")],
    "kernel-fusion-v1.yaml": [(28, "missing-key"), (29, "SCHEMA-001")],
    "tensor-layout-v1.yaml": [(17, "missing-key"), (18, "SCHEMA-001"), (481, "missing-key"), (493, "missing-key")],
    "tokenizer-bpe-v1.yaml": [(40, "missing-key")],
}
"""What the older generation rejects, with the lines to change; four at most."""

REJECTED_BY_NEW = {
    "apr-pretrain-from-init-v1.yaml", "binding.yaml", "kernel-fusion-v1.yaml", "tensor-layout-v1.yaml",
}  # fmt: skip


@pytest.fixture(params=sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def example(request):
    return request.param


def test_it_is_accepted_or_rejected_as_the_older_tool_does(example):
    loaded = load(example)
    errors = [(problem.line, problem.code) for problem in loaded.problems if problem.severity == "error"]
    assert errors[:4] == REJECTED.get(example.name, [])
    assert loaded.valid is (example.name not in REJECTED)
    assert (loaded.registry is not None) is (example.name == "binding.yaml") is (loaded.contract is None)


def test_the_newer_dialect_accepts_what_its_kinds_exempt(example):
    assert load(example, dialect="new").valid is (example.name not in REJECTED_BY_NEW)


def test_every_problem_says_what_is_wrong_in_words(example):
    for problem in load(example).problems:
        assert len(problem.message.split()) >= 5
        assert "\n" not in problem.message
        assert problem.code in problem.code.strip()


def test_prose_counts_as_no_test():
    prose = {}
    for path in sorted(EXAMPLES.glob("*.yaml")):
        loaded = load(path)
        claims = len(loaded.contract.claims) if loaded.contract else 0
        prose[path.stem] = (claims, sum(problem.code == "prose-test" for problem in loaded.problems))
    assert prose["softmax-kernel-v1"] == (6, 6)
    assert prose["gqa-kernel-v1"] == (9, 9)
    assert prose["apr-pretrain-cuda-forward-parity-v1"] == (3, 0)


def test_contracts_that_assert_and_test_nothing_are_inert():
    found = {path.stem for path in EXAMPLES.glob("*.yaml") if "inert" in {p.code for p in load(path).problems}}
    assert found == {"PMAT-480", "beat-sklearn-iris-v1", "kernel-fusion-v1"}


def test_the_invariants_that_the_older_tool_drops_are_read():
    contract = load(EXAMPLES / "tokenizer-bpe-v1.yaml").contract
    assert [obligation.id for obligation in contract.proof_obligations] == [f"INV-BPE-00{n}" for n in range(1, 8)]
    assert len(contract.gates) == 7


def test_counts_that_somebody_typed_are_checked():
    said = [p.message for p in load(EXAMPLES / "gqa-kernel-v1.yaml").problems if p.code == "count-mismatch"]
    assert "l3_kani_proved says 9, the file has 8 obligations that a Kani harness could be about" in said


def test_the_registry_is_read():
    registry = load(EXAMPLES / "binding.yaml").registry
    assert (registry.target, len(registry.bindings)) == ("aprender", 296)


def test_statuses_of_the_examples_are_found():
    found = load(EXAMPLES / "tokenizer-bpe-v1.yaml").hand_written
    assert [status.value for status in found] == ["PROPOSED", *["pass"] * 7]
