"""The links of contracts as text, DOT, Mermaid and JSON; a name may hold any character in each of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from pv.trace import Edge, Graph, Kind, Node, cycles
from pv.verdict import Verdict
from pv.view.json import SCHEMA_VERSION, Payload, dump
from pv.view.layout import Screen, clean, count, paint
from pv.view.text import TONES

_LONGEST: Final = 120
"""Characters of a label in a drawing."""

_FILLS: Final[Mapping[str, str]] = {
    Verdict.FALSIFIED: "#f4b6b6",
    Verdict.SUSPECT: "#e3c0ee",
    Verdict.PARTIAL: "#f6e3a1",
    Verdict.DISCHARGED: "#bfe3bf",
    Verdict.UNTESTED: "#e0e0e0",
}


def graph_text(graph: Graph, screen: Screen) -> str:
    """A tree a contract, each chain below the part it starts at; what was shown above is not opened again."""
    tree = _Tree(graph, screen)
    contracts = [node for node in graph.nodes if node.kind is Kind.CONTRACT and not node.missing]
    blocks = [[*tree.contract(node), ""] for node in contracts]
    edges = count(len(graph.edges), "link")
    return "\n".join([*(line for block in blocks for line in block), f"{count(len(graph.nodes), 'node')}, {edges}"])


class _Tree:
    """The lines of a graph as text."""

    def __init__(self, graph: Graph, screen: Screen) -> None:
        self._screen = screen
        self._nodes = {node.id: node for node in graph.nodes}
        self._shown: set[str] = set()
        self._after: dict[str, list[Edge]] = defaultdict(list)
        self._parts: dict[str, list[Node]] = defaultdict(list)
        inside: set[str] = set()
        for edge in graph.edges:
            self._after[edge.source].append(edge)
            if edge.relation != "discharged_by":
                inside.add(edge.target)
        for node in graph.nodes:
            if node.contract and node.id not in inside and not node.missing:
                self._parts[node.contract].append(node)

    def contract(self, node: Node) -> Iterator[str]:
        """The block of one contract."""
        yield self._label(node)
        for edge in self._after[node.id]:
            yield f"  depends_on {self._label(self._nodes[edge.target])}"
        for part in self._parts[node.id]:
            yield from self._chain(part, f"  {part.kind} ", 2)

    def _chain(self, node: Node, lead: str, indent: int) -> Iterator[str]:
        again = node.id in self._shown and bool(self._after[node.id])
        yield f"{lead}{self._label(node)}{'  (above)' if again else ''}"
        if again:
            return
        self._shown.add(node.id)
        for edge in self._after[node.id]:
            target = self._nodes[edge.target]
            start = f"{' ' * (indent + 2)}{edge.relation} "
            if edge.relation == "discharged_by":
                yield f"{start}{self._label(target)}"
            else:
                yield from self._chain(target, start, indent + 2)

    def _label(self, node: Node) -> str:
        state = paint(node.state, _tone(node.state), self._screen)
        missing = paint("MISSING", "red", self._screen) if node.missing else ""
        return "  ".join(filter(None, (clean(node.name) or "''", state, missing)))


def _tone(state: str) -> str:
    return next((tone for verdict, tone in TONES.items() if verdict == state), "yellow")


def graph_dot(graph: Graph) -> str:
    """A digraph in the DOT language, one cluster a contract.

    Source: Graphviz, the DOT language: inside double quotes only a quote and a backslash need escaping.
    """
    numbers = _numbers(graph)
    lines = ["digraph contracts {", "  rankdir=LR;", '  node [shape=box, style="filled", fillcolor="white"];']
    for owner, nodes in _clusters(graph):
        inside = [f"  {numbers[node.id]} [{_dot_attributes(node)}];" for node in nodes]
        if owner is None:
            lines += inside
        else:
            lines += [f"  subgraph cluster_{numbers[owner.id]} {{", f"    label={_dot(owner.name)};"]
            lines += [*(f"  {line}" for line in inside), "  }"]
    lines += [
        f"  {numbers[edge.source]} -> {numbers[edge.target]} [label={_dot(edge.relation)}];" for edge in graph.edges
    ]
    return "\n".join([*lines, "}"])


def _dot_attributes(node: Node) -> str:
    label = _dot(" ".join(filter(None, (node.kind, clean(node.name), node.state, "MISSING" if node.missing else ""))))
    colour = '"red"' if node.missing else '"black"'
    return f"label={label}, color={colour}, fillcolor={_dot(_FILLS.get(node.state, 'white'))}"


def _dot(text: str) -> str:
    escaped = _short(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def graph_mermaid(graph: Graph) -> str:
    """A Mermaid flowchart, one subgraph a contract; GitHub draws it in Markdown.

    Source: Mermaid, flowchart syntax: entity codes `#NN;` stand for characters with a meaning.
    """
    numbers = _numbers(graph)
    lines = ["flowchart LR"]
    for owner, nodes in _clusters(graph):
        inside = [f'  {numbers[node.id]}["{_mermaid_label(node)}"]' for node in nodes]
        if owner is None:
            lines += inside
        else:
            lines += [f'  subgraph s{numbers[owner.id]}["{mermaid(owner.name)}"]']
            lines += [*(f"  {line}" for line in inside), "  end"]
    lines += [f"  {numbers[edge.source]} -->|{edge.relation}| {numbers[edge.target]}" for edge in graph.edges]
    for state, fill in _FILLS.items():
        if drawn := [numbers[node.id] for node in graph.nodes if node.state == state]:
            lines += [f"  classDef {state} fill:{fill},color:#000", f"  class {','.join(drawn)} {state}"]
    if missing := [numbers[node.id] for node in graph.missing]:
        lines += ["  classDef MISSING stroke:#c00,stroke-dasharray:4", f"  class {','.join(missing)} MISSING"]
    return "\n".join(lines)


def _mermaid_label(node: Node) -> str:
    words = (node.kind, clean(node.name), node.state, "MISSING" if node.missing else "")
    return mermaid(" ".join(filter(None, words)))


def mermaid(text: str) -> str:
    """Return a text as a label of a Mermaid drawing: entity codes stand for characters with a meaning."""
    return "".join(
        character if character.isalnum() or character in " -_./:," else f"#{ord(character)};"
        for character in _short(text)
    )


def _short(text: str) -> str:
    line = clean(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def graph_payload(graph: Graph) -> Payload:
    """What `pv graph --format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "nodes": [
            {
                "id": node.id,
                "kind": node.kind.value,
                "name": node.name,
                "contract": node.contract or None,
                "state": str(node.state) or None,
                "missing": node.missing,
            }
            for node in graph.nodes
        ],
        "edges": [{"source": edge.source, "relation": edge.relation, "target": edge.target} for edge in graph.edges],
        "cycles": [list(cycle) for cycle in cycles(graph)],
        "missing": [node.id for node in graph.missing],
    }


def faults(graph: Graph) -> tuple[str, ...]:
    """Every missing node with what cites it, and every cycle, a sentence each."""
    nodes = {node.id: node for node in graph.nodes}
    cited: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if nodes[edge.target].missing:
            cited[edge.target].append(edge)
    said = [
        f"missing {node.kind} {clean(node.name)}: {_sentence(nodes[edge.source], edge.relation, nodes)} it,"
        " but it is not among what was read"
        for node in graph.missing
        for edge in cited[node.id]
    ]
    for cycle in cycles(graph):
        names = [clean(nodes[node].name) for node in (*cycle, cycle[0])]
        said.append(f"cycle: {' -> '.join(names)}")
    return tuple(said)


def _sentence(node: Node, relation: str, nodes: Mapping[str, Node]) -> str:
    owner = f"{clean(nodes[node.contract].name)}/" if node.contract else ""
    return f"{node.kind} {owner}{clean(node.name)} says {relation}"


def _numbers(graph: Graph) -> dict[str, str]:
    return {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}


def _clusters(graph: Graph) -> Iterator[tuple[Node | None, Sequence[Node]]]:
    """Each contract with itself and its parts, then what stands in none."""
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        inside[node.contract].append(node)
    free = inside.pop("", [])
    for node in free:
        if node.id in inside:
            yield node, (node, *inside[node.id])
    yield None, [node for node in free if node.id not in inside]


FORMATS: Final[Mapping[str, Callable[[Graph, Screen], str]]] = {
    "text": graph_text,
    "dot": lambda graph, _: graph_dot(graph),
    "mermaid": lambda graph, _: graph_mermaid(graph),
    "json": lambda graph, _: dump(graph_payload(graph)),
}
