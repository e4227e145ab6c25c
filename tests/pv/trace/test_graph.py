"""The graph of links."""

from typing import Any

from pv.trace import Kind, build, contracts_only

CHAIN = """\
equations: {loss: {formula: L}, other: {formula: M}}
proof_obligations:
- {id: OBL-1, type: bound, property: p, applies_to: loss, tested_by: [FALSIFY-A-001, short]}
gates:
- {id: GATE-1, claims: [FALSIFY-A-002]}
"""


def links(graph: Any) -> set[tuple[str, str, str]]:
    names = {node.id: ("?" if node.missing else "") + node.name for node in graph.nodes}
    return {(names[edge.source], edge.relation, names[edge.target]) for edge in graph.edges}


def test_whole_chain(judged: Any, text: Any, bundle: Any) -> None:
    """Equation, obligation, claim by id and by alias, falsifier and evidence are linked by name."""
    contract = text("C-A", body=CHAIN, claims=("FALSIFY-A-001", "FALSIFY-A-002, aliases: [short]"))
    evidence = {"FALSIFY-A-001": (bundle("2026-01-01-cpu-a"), bundle("2026-02-01-cpu-b", fresh=False))}
    graph = build(judged(contract, evidence=evidence), {"FALSIFY-A-001": "hunter", "FALSIFY-A-002": "hunter"})
    assert links(graph) == {
        ("loss", "held_by", "OBL-1"),
        ("OBL-1", "tested_by", "FALSIFY-A-001"),
        ("OBL-1", "tested_by", "FALSIFY-A-002"),
        ("GATE-1", "rests_on", "FALSIFY-A-002"),
        ("FALSIFY-A-001", "bound_to", "hunter"),
        ("FALSIFY-A-002", "bound_to", "hunter"),
        ("FALSIFY-A-001", "shown_by", "evidence/c/2026-02-01-cpu-b"),
    }
    states = {node.name: node.state for node in graph.nodes}
    assert states["evidence/c/2026-02-01-cpu-b"] == "stale"
    assert states["FALSIFY-A-001"] == "PARTIAL"
    assert sum(node.kind is Kind.FALSIFIER for node in graph.nodes) == 1


def test_dependencies_by_id_and_by_file(judged: Any, text: Any) -> None:
    """A dependency is found by the contract's id, its file name, and that with a suffix."""
    verdicts = judged(text("C-A", needs="C-B, file-2, file-1.yaml"), text("C-B"), text("C-C"))
    assert links(build(verdicts, {})) == {("C-A", "depends_on", "C-B"), ("C-A", "depends_on", "C-C")}


def test_missing_nodes(judged: Any, text: Any) -> None:
    """What is cited and is nowhere becomes a node that says so; two who cite it share it."""
    body = """\
proof_obligations:
- {id: OBL-1, type: bound, property: p, tested_by: [FALSIFY-NO]}
gates:
- {id: GATE-1, claims: [FALSIFY-NO, C-B/FALSIFY-B-001]}
"""
    verdicts = judged(
        text("C-A", needs="C-GONE", body=body, claims=("FALSIFY-A-001, discharged_by: C-B/FALSIFY-NO",)),
        text("C-B", claims=("FALSIFY-B-001",)),
    )
    graph = build(verdicts, {})
    assert links(graph) == {
        ("C-A", "depends_on", "?C-GONE"),
        ("OBL-1", "tested_by", "?FALSIFY-NO"),
        ("GATE-1", "rests_on", "?FALSIFY-NO"),
        ("GATE-1", "rests_on", "FALSIFY-B-001"),
        ("FALSIFY-A-001", "discharged_by", "?C-B/FALSIFY-NO"),
    }
    assert [node.name for node in graph.missing] == ["C-GONE", "FALSIFY-NO", "C-B/FALSIFY-NO"]


def test_equal_names_are_told_apart(judged: Any) -> None:
    """Two claims of one id are two nodes, and names that encode alike are not mixed up."""
    legacy = """\
metadata: {id: "x/y~2", version: "1"}
falsification_tests:
- {id: T, rule: r, prediction: p, if_fails: f}
- {id: T, rule: r, prediction: p, if_fails: f}
- {id: "T~2", rule: r, prediction: p, if_fails: f}
"""
    graph = build(judged(legacy), {})
    assert len({node.id for node in graph.nodes}) == len(graph.nodes) == 4


def test_obligation_without_id(judged: Any) -> None:
    """An obligation of the older tool has no id; it goes by its place."""
    legacy = (
        'metadata: {version: "1"}\nequations: {e: {formula: f}}\nproof_obligations:\n- {type: bound, property: p}\n'
    )
    graph = build(judged(legacy), {})
    assert [node.name for node in graph.nodes if node.kind is Kind.OBLIGATION] == ["proof_obligations[0]"]


def test_contracts_only(judged: Any, text: Any) -> None:
    """Parts and their links are left out, missing contracts are not."""
    verdicts = judged(text("C-A", needs="C-B, C-GONE", claims=("FALSIFY-A-001",)), text("C-B"))
    graph = contracts_only(build(verdicts, {"FALSIFY-A-001": "hunter"}))
    assert links(graph) == {("C-A", "depends_on", "C-B"), ("C-A", "depends_on", "?C-GONE")}
    assert {node.kind for node in graph.nodes} == {Kind.CONTRACT}


def test_unreadable_file_is_a_node(judged: Any) -> None:
    """A file that is no contract goes by its name and has no parts."""
    graph = build(judged("- 1\n"), {})
    assert [node.name for node in graph.nodes] == ["file-0.yaml"]
