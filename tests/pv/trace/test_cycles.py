"""Links that lead back."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pv.trace import Edge, Graph, Kind, Node, cycles


def graph_of(count: int, pairs: list[tuple[int, int]]) -> Graph:
    nodes = tuple(Node(id=str(number), kind=Kind.CONTRACT, name=f"C{number}") for number in range(count))
    return Graph(nodes=nodes, edges=tuple(Edge(str(a), "depends_on", str(b)) for a, b in pairs))


def on_cycles(count: int, pairs: list[tuple[int, int]]) -> set[str]:
    """Nodes that reach themselves, by taking the closure."""
    reach = set(pairs)
    for middle, start, end in itertools.product(range(count), repeat=3):
        if (start, middle) in reach and (middle, end) in reach:
            reach.add((start, end))
    return {str(node) for node in range(count) if (node, node) in reach}


def test_none() -> None:
    """A diamond leads nowhere back."""
    assert cycles(graph_of(4, [(0, 1), (0, 2), (1, 3), (2, 3)])) == ()


def test_self_and_longer() -> None:
    """A node that cites itself, and two that cite each other, each once."""
    found = cycles(graph_of(5, [(0, 0), (2, 1), (1, 2), (1, 2), (2, 3), (3, 4)]))
    assert found == (("0",), ("1", "2"))


def test_between_two_cycles() -> None:
    """A node on the way from one cycle to another is in none."""
    assert cycles(graph_of(5, [(0, 1), (1, 0), (1, 2), (2, 3), (3, 4), (4, 3)])) == (("0", "1"), ("3", "4"))


def test_deep() -> None:
    """A circle of ten thousand is found without running out of stack."""
    size = 10_000
    (found,) = cycles(graph_of(size, [(number, (number + 1) % size) for number in range(size)]))
    assert len(found) == size


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_exactly_the_nodes_that_reach_themselves(pairs: list[tuple[int, int]]) -> None:
    """Every cycle is one, and every node on some cycle is told."""
    found = cycles(graph_of(7, pairs))
    assert {node for cycle in found for node in cycle} == on_cycles(7, pairs)
    for cycle in found:
        steps = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        assert all((int(a), int(b)) in pairs for a, b in steps)
        assert len(set(cycle)) == len(cycle)
