"""Contracts to vary, one change at a time."""

import copy

import pytest
import yaml

GOOD = {
    "pv": "1",
    "metadata": {"id": "C-GOOD", "version": "1.0.0", "description": "Something that holds."},
    "system": {"trainer": "aprtrain", "profiles": {"cpu": "tiny"}, "full": {"profile": "cpu", "steps": 5}},
    "equations": {"loss": {"formula": "L = S / n"}},
    "proof_obligations": [{"id": "OBL-A", "type": "bound", "property": "p", "tested_by": ["FALSIFY-GOOD-001"]}],
    "falsification_tests": [
        {
            "id": "FALSIFY-GOOD-001",
            "aliases": ["GOOD-1"],
            "rule": "r",
            "prediction": "p",
            "if_fails": "f",
            "requires": "live",
            "measure": {"series": "eval/loss", "reduce": "last", "unit": "nats/token", "split": "val-b"},
            "op": "<",
            "bound": "0.7 * ln(vocab_size)",
            "below": ["unigram_entropy"],
            "plausible": {"low": 0.3, "high": 6.0, "unit": "nats/token", "source": "s"},
            "controls": "lm-loss",
            "counter_example_classes": ["unk-corpus"],
        },
        {"id": "FALSIFY-GOOD-002", "rule": "r", "prediction": "p", "if_fails": "f", "planned": True},
    ],
    "gates": [{"id": "GATE-A", "claims": ["FALSIFY-GOOD-001"]}],
}


@pytest.fixture
def good():
    """A contract that nothing is wrong with, to change freely."""
    return copy.deepcopy(GOOD)


@pytest.fixture
def write(tmp_path):
    """Writes text, or data as YAML, to a file; the path."""

    def writer(content, name="c.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))
        return path

    return writer
