"""`pv graph`."""

import json
from typing import Any

import pytest

LEAF = 'pv: "1"\nmetadata: {{id: {id}, version: "1.0.0", description: d, depends_on: [{needs}]}}\n'


def write(site: Any, **needs: str) -> None:
    site.contract.unlink()
    for name, needed in needs.items():
        path = site.root / "contracts" / f"{name}.yaml"
        path.write_text(LEAF.format(id=f"C-{name.upper()}", needs=needed), encoding="utf-8")


def test_whole_chain(site: Any, pv: Any) -> None:
    """Obligation, claim, falsifier and evidence stand below each other."""
    bundle = site.bundle()
    ran = pv("graph")
    assert (ran.status, ran.err) == (0, "")
    chain = ran.out[ran.out.index("equation held_out_loss") :].splitlines()
    assert [line.split()[0] for line in chain[:5]] == ["equation", "held_by", "tested_by", "bound_to", "shown_by"]
    assert bundle.name in chain[4]


@pytest.mark.parametrize("form", ["text", "dot", "mermaid", "json"])
@pytest.mark.parametrize(
    ("needs", "told"),
    [
        ({"a": "c-gone"}, "missing contract c-gone: contract C-A says depends_on it"),
        ({"a": "C-B", "b": "C-C", "c": "C-A"}, "cycle: C-A -> C-B -> C-C -> C-A"),
        ({"a": "C-A"}, "cycle: C-A -> C-A"),
    ],
)
def test_faults_are_errors_in_every_format(site: Any, pv: Any, form: str, needs: dict[str, str], told: str) -> None:
    """A missing node and a cycle are named, whatever the format, and the status is 2."""
    write(site, **needs)
    ran = pv("graph", "--contracts", "--format", form)
    assert ran.status == 2
    assert told in ran.err
    assert ran.out


def test_sound_graph_as_json(site: Any, pv: Any) -> None:
    """Nodes and links refer to each other by id."""
    write(site, a="b", b="")
    ran = pv("graph", "--format", "json")
    payload = json.loads(ran.out)
    assert (ran.status, payload["cycles"], payload["missing"]) == (0, [], [])
    assert payload["edges"] == [{"source": "contract:C-A", "relation": "depends_on", "target": "contract:C-B"}]
    assert {node["id"] for node in payload["nodes"]} == {"contract:C-A", "contract:C-B"}


def test_nothing(site: Any, pv: Any) -> None:
    """No contract is no verdict."""
    site.contract.unlink()
    ran = pv("graph")
    assert (ran.status, "no contract was found" in ran.err) == (3, True)


def test_unreadable_contract(site: Any, pv: Any) -> None:
    """A file that is no contract cannot be linked."""
    site.contract.write_text("- 1\n")
    ran = pv("graph")
    assert (ran.status, "is no readable contract" in ran.err) == (2, True)
