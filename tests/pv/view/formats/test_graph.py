"""Drawings of graphs: whatever a name holds, it stays a name."""

import html
import json
import re

import pytest

from pv.trace import Edge, Graph, Kind, Node
from pv.view.formats.graph import FORMATS, faults, graph_dot, graph_mermaid, graph_payload, graph_text
from pv.view.json import dump
from pv.view.layout import Screen

HAZARDS = (
    'a"] --> b["c',
    "two\nlines\r\n",
    "back\\slash\\",
    'end quote \\"',
    "<b>&amp;</b>",
    "[x](y) {z} |w| ;",
    "`code` #quot; %% end",
    "subgraph",
    "\x1b[31mred\u202e",
    "",
    "ünïcode 漢字",
    "long " * 100,
)
DOT_STRING = r'"(?:[^"\\]|\\["\\])*"'
DOT_LINE = re.compile(
    rf"\s*(?:n\d+ \[label={DOT_STRING}, color={DOT_STRING}, fillcolor={DOT_STRING}\];"
    rf"|n\d+ -> n\d+ \[label={DOT_STRING}\];|subgraph cluster_n\d+ {{|label={DOT_STRING};|}})"
)
MERMAID_LINE = re.compile(
    r"\s*(?:n\d+\[\"(?:[^\W_]|[ \-_./:,]|#\d+;)*\"\]|subgraph sn\d+\[\"(?:[^\W_]|[ \-_./:,]|#\d+;)*\"\]|end"
    r"|n\d+ -->\|\w+\| n\d+|classDef \w+ [\w:#,\-]+|class [\w,]+ \w+)"
)


def graph_with(name: str) -> Graph:
    nodes = (
        Node(id="c", kind=Kind.CONTRACT, name=name, state="PARTIAL"),
        Node(id="q", kind=Kind.CLAIM, name=name, contract="c", state="FALSIFIED"),
        Node(id="e", kind=Kind.EVIDENCE, name=name, state="stale"),
        Node(id="m", kind=Kind.CONTRACT, name=name, missing=True),
    )
    return Graph(nodes=nodes, edges=(Edge("q", "shown_by", "e"), Edge("c", "depends_on", "m")))


@pytest.mark.parametrize("name", HAZARDS)
def test_dot_stays_dot(name: str) -> None:
    """Every line between the braces is one statement, and every string ends where it should."""
    first, *middle, last = graph_dot(graph_with(name)).split("\n")
    assert (first, last) == ("digraph contracts {", "}")
    for line in middle[2:]:
        assert DOT_LINE.fullmatch(line), line


@pytest.mark.parametrize("name", HAZARDS)
def test_mermaid_stays_mermaid(name: str) -> None:
    """Every line is one statement: a character with a meaning is written as its code."""
    first, *lines = graph_mermaid(graph_with(name)).split("\n")
    assert first == "flowchart LR"
    for line in lines:
        assert MERMAID_LINE.fullmatch(line), line


def test_mermaid_codes_are_the_characters() -> None:
    """Decoded, the label is the name again."""
    text = graph_mermaid(graph_with('x["y"] #1; <z>'))
    (label,) = re.findall(r'n1\["claim (.*) FALSIFIED"\]', text)
    assert html.unescape(label.replace("#", "&#")) == 'x["y"] #1; <z>'


@pytest.mark.parametrize("name", HAZARDS)
def test_text_stays_on_its_line(name: str) -> None:
    """A name takes one line and sends no control character to the terminal."""
    lines = graph_text(graph_with(name), Screen()).split("\n")
    assert len(lines) == 6
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("name", HAZARDS)
def test_json_keeps_names_whole(name: str) -> None:
    """JSON has the name as the file has it."""
    payload = json.loads(dump(graph_payload(graph_with(name))))
    assert [node["name"] for node in payload["nodes"]] == [name] * 4
    assert payload["missing"] == ["m"]


def test_tree() -> None:
    """Chains open once; a claim of another contract is named, not opened."""
    nodes = (
        Node(id="c", kind=Kind.CONTRACT, name="C", state="PARTIAL"),
        Node(id="o1", kind=Kind.OBLIGATION, name="O1", contract="c"),
        Node(id="o2", kind=Kind.OBLIGATION, name="O2", contract="c"),
        Node(id="q", kind=Kind.CLAIM, name="Q", contract="c", state="PARTIAL"),
        Node(id="d", kind=Kind.CONTRACT, name="D", state="UNTESTED"),
        Node(id="r", kind=Kind.CLAIM, name="R", contract="d"),
        Node(id="f", kind=Kind.FALSIFIER, name="F"),
    )
    edges = (
        Edge("c", "depends_on", "d"),
        Edge("o1", "tested_by", "q"),
        Edge("o2", "tested_by", "q"),
        Edge("q", "discharged_by", "r"),
        Edge("r", "bound_to", "f"),
    )
    assert graph_text(Graph(nodes=nodes, edges=edges), Screen()) == (
        "C  PARTIAL\n"
        "  depends_on D  UNTESTED\n"
        "  obligation O1\n"
        "    tested_by Q  PARTIAL\n"
        "      discharged_by R\n"
        "  obligation O2\n"
        "    tested_by Q  PARTIAL  (above)\n"
        "\n"
        "D  UNTESTED\n"
        "  claim R\n"
        "    bound_to F\n"
        "\n"
        "7 nodes, 5 links"
    )


def test_faults_name_both_ends() -> None:
    """A missing node is told with what cites it, a cycle with all its steps."""
    nodes = (
        Node(id="a", kind=Kind.CONTRACT, name="A"),
        Node(id="b", kind=Kind.CONTRACT, name="B"),
        Node(id="m", kind=Kind.CONTRACT, name="M", missing=True),
    )
    edges = (Edge("a", "depends_on", "b"), Edge("b", "depends_on", "a"), Edge("b", "depends_on", "m"))
    assert faults(Graph(nodes=nodes, edges=edges)) == (
        "missing contract M: contract B says depends_on it, but it is not among what was read",
        "cycle: A -> B -> A",
    )


def test_empty() -> None:
    """A graph of nothing is drawn as nothing in every format."""
    empty = Graph(nodes=(), edges=())
    for write in FORMATS.values():
        assert write(empty, Screen())
