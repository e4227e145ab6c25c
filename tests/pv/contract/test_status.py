"""Words that people typed, and what each would claim."""

import pytest

from pv.contract import LEGACY_STATUS, load, stated

VERDICTS = {"FALSIFIED", "SUSPECT", "PARTIAL", "DISCHARGED", "UNTESTED"}


@pytest.mark.parametrize(
    ("word", "claimed"),
    [
        ("ACTIVE_RUNTIME", ("DISCHARGED", "live")),
        ("FUNCTIONAL", ("PARTIAL", "integration")),
        ("PARTIAL_ALGORITHM_LEVEL", ("PARTIAL", "algorithm")),
        ("READ-COMPILE-BIND", ("PARTIAL", "algorithm")),
        ("DISCHARGEABLE", ("PARTIAL", None)),
        ("OBSERVED", ("PARTIAL", "live")),
        ("RED", ("FALSIFIED", None)),
        ("DISCHARGED", ("DISCHARGED", None)),
        ("NUMERICALLY-PASSED-METHODOLOGY-SUSPECT", ("SUSPECT", None)),
        ("partially confirmed", ("PARTIAL", None)),
        ("Structurally Discharged", ("PARTIAL", "algorithm")),
        ("pass", ("DISCHARGED", None)),
        ("green-ish", None),
        ("", None),
    ],
)
def test_a_word_claims_this(word, claimed):
    assert stated(word) == claimed


def test_the_table_speaks_our_words_and_finds_each_of_its_own():
    for word, (verdict, level) in LEGACY_STATUS.items():
        assert verdict in VERDICTS
        assert level in {None, "algorithm", "integration", "live"}
        assert stated(word) == (verdict, level)
    assert set(LEGACY_STATUS) >= VERDICTS


def test_every_place_of_a_status_is_found(write, good):
    good["status"] = "ACTIVE"
    good["metadata"]["status"] = "FUNCTIONAL"
    good["falsification_tests"][0]["status"] = "DISCHARGED"
    good["gates"][0] |= {"verdict": "pass", "discharge_status": "DISCHARGED"}
    loaded = load(write(good))
    assert loaded.problems == ()
    assert [(s.key, s.value, s.claim_id) for s in loaded.hand_written] == [
        ("metadata.status", "FUNCTIONAL", None),
        ("falsification_tests[0].status", "DISCHARGED", "FALSIFY-GOOD-001"),
        ("gates[0].verdict", "pass", None),
        ("gates[0].discharge_status", "DISCHARGED", None),
        ("status", "ACTIVE", None),
    ]
    assert all(loaded.positions[tuple_of(s.key)] == (s.line, s.column) for s in loaded.hand_written)


def tuple_of(key):
    parts = key.replace("]", "").replace("[", ".").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts)


def test_a_status_that_is_no_text_is_not_collected(write):
    loaded = load(write({"metadata": {"version": "1.0.0", "status": 3}, "gates": [{"id": "G", "verdict": None}, "x"]}))
    assert loaded.hand_written == ()


def test_statuses_of_every_block_are_found(write):
    loaded = load(
        write(
            {
                "metadata": {"version": "1.0.0"},
                "proof_obligations": [{"type": "bound", "property": "p", "lean": {"theorem": "t", "status": "proved"}}],
                "falsification": [{"id": "F-1", "status": "DISCHARGED"}],
                "hypotheses": [{"id": "H1", "status": "CONFIRMED OPEN"}],
                "verification_summary": {"status": "tested"},
            }
        )
    )
    assert [(s.key, s.value, s.claim_id) for s in loaded.hand_written] == [
        ("proof_obligations[0].lean.status", "proved", None),
        ("falsification[0].status", "DISCHARGED", "F-1"),
        ("hypotheses[0].status", "CONFIRMED OPEN", None),
        ("verification_summary.status", "tested", None),
    ]
