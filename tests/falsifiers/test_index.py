import json
from pathlib import Path

import yaml

from falsifiers import index

CONTRACT = Path(__file__).parents[2] / "contracts" / "apr-pretrain-init-finetune-v1.yaml"


def claims():
    return yaml.safe_load(CONTRACT.read_text())["falsification_tests"]


def test_the_index_says_what_the_modules_say():
    """Where this fails: python -m falsifiers.index."""
    assert json.loads(index.PATH.read_text()) == index.build()


def test_every_claim_of_the_contract_is_bound():
    assert sorted(index.CLAIMS) == sorted(claim["id"] for claim in claims())


def test_every_counter_example_class_is_a_mutant():
    named = {name for claim in claims() for name in claim["counter_example_classes"]}
    assert named <= set(index.build()["mutants"])


def test_a_mutant_of_no_known_group():
    from pv.power import GROUPS

    assert {row["group"] for row in index.build()["mutants"].values()} == set(GROUPS)


def test_a_mutant_that_changes_nothing():
    assert [name for name, row in index.build()["mutants"].items() if not row["edits"]] == []


def test_claims_with_a_control_set_carry_its_laws():
    from falsifiers.laws import LM_LOSS

    entries = index.build()
    guards = {law.name for law in LM_LOSS}
    bare = [
        claim["id"]
        for claim in claims()
        if claim.get("controls") == "lm-loss"
        and not guards <= set(entries["falsifiers"][entries["claims"][claim["id"]]]["laws"])
    ]
    assert bare == []
