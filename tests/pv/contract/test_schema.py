"""The editor's schema agrees with the loader and with the committed file."""

import json
import subprocess
import sys
from pathlib import Path

from pv.contract import UNITS, load, schema

CONTRACTS = Path(__file__).parents[3] / "contracts"


def test_the_committed_schema_is_the_generated_one():
    assert (CONTRACTS / "schema.json").read_text() == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def test_every_key_is_described_and_nothing_else_is_allowed():
    generated = schema()
    assert generated["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$id" not in generated
    assert generated["required"] == ["pv", "metadata"]
    for name, part in (("Contract", generated), *generated["$defs"].items()):
        assert part["additionalProperties"] is False, name
        assert all(rule["description"] for rule in part["properties"].values()), name
    assert generated["$defs"]["Measure"]["properties"]["unit"]["enum"] == sorted(UNITS)


def test_our_own_contracts_have_no_problem():
    for path in sorted(CONTRACTS.glob("*.yaml")):
        loaded = load(path)
        assert loaded.problems == ()
        assert path.read_text().startswith("# yaml-language-server: $schema=schema.json\n")


def test_importing_costs_no_heavy_package():
    heavy = "numpy jax hypothesis click rich falsifiers aprtrain"
    code = f"import sys, pv.contract; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
