"""What becomes of a file of the older tool: every block that can be read is."""

from pv.contract import load


def test_old_names_of_fields_are_read(write):
    loaded = load(
        write(
            {
                "metadata": {"version": "1.0.0", "description": "d", "references": ["r"], "depends_on": ["other-v1"]},
                "equations": {"softmax": {"formula": "e^x"}},
                "proof_obligations": [{"type": "invariant", "property": "p", "tolerance": 1e-6}],
                "falsification_tests": [
                    {"id": "F-1", "description": "r", "expected": "p", "fails_if": "f", "ship_blocking": True},
                    {"rule": "r", "prediction": "p", "if_fails": "f", "status": "DISCHARGED"},
                ],
                "gates": ["x", {"id": "G-1", "rule": "r", "verdict": "pass", "falsification_id": "F-1"}],
            },
            "old-kernel-v1.yaml",
        ),
        dialect="new",
    )
    contract = loaded.contract
    assert (contract.id, contract.legacy, contract.metadata.version) == ("old-kernel-v1", True, "1.0.0")
    first, second = contract.claims
    assert (first.id, first.rule, first.prediction, first.if_fails, first.ship_blocking) == ("F-1", "r", "p", "f", True)
    assert (first.measure, first.op, first.bound, first.requires) == (None, None, None, None)
    assert (second.id, second.status) == ("TEST-2", "DISCHARGED")
    assert [gate.claims for gate in contract.gates] == [(), ("F-1",)]
    assert contract.equations["softmax"].formula == "e^x"
    assert contract.proof_obligations[0].tolerance == 1e-6
    assert [(s.value, s.claim_id, s.key) for s in loaded.hand_written] == [
        ("DISCHARGED", None, "falsification_tests[1].status"),
        ("pass", "F-1", "gates[1].verdict"),
    ]


def test_rows_of_falsification_and_invariants_are_read_at_their_places(write):
    text = """\
metadata: {version: "1.0.0", description: d, references: [r]}
falsification:
- {id: FALSIFY-1, statement: s, expected: e}
invariants:
- {id: INV-1, description: It holds.}
"""
    loaded = load(write(text))
    claim, obligation = loaded.contract.claims[0], loaded.contract.proof_obligations[0]
    assert (claim.id, claim.rule, claim.prediction) == ("FALSIFY-1", "s", "e")
    assert (obligation.id, obligation.type, obligation.property) == ("INV-1", "invariant", "It holds.")
    assert loaded.place("falsification_tests", 0, "id") == (3, 8)
