"""The digest of a claim's meaning moves with what decides it, and with nothing else."""

import dataclasses

import pydantic
import pytest

from pv.contract import load, meaning_digest

MEANT = {
    "measure": {"series": "eval/loss", "reduce": "first", "unit": "nats/token", "split": "val-b"},
    "op": "<=",
    "bound": 9.38,
    "below": [],
    "plausible": {"low": 0.2, "high": 6.0, "unit": "nats/token", "source": "s"},
    "confidence": 0.99,
    "controls": "",
    "requires": "integration",
    "counter_example_classes": [],
}
UNMEANT = {
    "aliases": [],
    "rule": "x",
    "prediction": "x",
    "if_fails": "x",
    "ship_blocking": True,
    "tracked_by": "x",
    "status": "DISCHARGED",
}


def digest_of(path):
    contract = load(path).contract
    return meaning_digest(contract.claims[0], contract)


@pytest.mark.parametrize(("key", "value"), MEANT.items())
def test_what_decides_moves_the_digest(write, good, key, value):
    before = digest_of(write(good))
    good["falsification_tests"][0][key] = value
    assert digest_of(write(good)) != before


@pytest.mark.parametrize(("key", "value"), UNMEANT.items())
def test_prose_names_and_statuses_do_not(write, good, key, value):
    good["proof_obligations"], good["gates"] = [], []
    before = digest_of(write(good))
    good["falsification_tests"][0][key] = value
    assert digest_of(write(good)) == before


def test_the_system_belongs_to_the_meaning_and_the_version_does_not(write, good):
    before = digest_of(write(good))
    good["metadata"]["version"] = "2.0.0"
    assert digest_of(write(good)) == before
    good["system"]["full"]["steps"] = 6
    assert digest_of(write(good)) != before


def test_one_bound_written_as_1_and_as_1_0_is_the_same(write, good):
    digests = set()
    for bound in (1, 1.0):
        good["falsification_tests"][0]["bound"] = bound
        digests.add(digest_of(write(good)))
    assert len(digests) == 1


def test_nothing_can_be_changed_after_loading(write, good):
    loaded = load(write(good))
    with pytest.raises(pydantic.ValidationError):
        loaded.contract.claims[0].bound = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        loaded.digest = ""
    with pytest.raises(TypeError):
        loaded.positions[()] = (1, 1)
