"""The schema that is committed is the one that the models give."""

import json
from pathlib import Path

from pv.investigation import schema

FOLDER = Path(__file__).parents[3] / "investigations"


def test_the_schema_of_editors() -> None:
    """Where this fails: pv schema investigation > investigations/schema.json."""
    assert json.loads((FOLDER / "schema.json").read_text()) == schema()


def test_every_key_is_described() -> None:
    found = schema()
    parts = [found, *found["$defs"].values()]
    assert [key for part in parts for key, rule in part.get("properties", {}).items() if not rule["description"]] == []


def test_a_hypothesis_holds_hypotheses_and_no_status() -> None:
    properties = schema()["$defs"]["Hypothesis"]["properties"]
    assert properties["hypotheses"]["items"] == {"$ref": "#/$defs/Hypothesis"}
    assert "status" not in properties
