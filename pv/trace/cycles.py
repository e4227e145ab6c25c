"""Links that lead back to where they started."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from pv.trace.graph import Graph

_Links = Mapping[str, Sequence[str]]


def cycles(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """Cycles as ids of nodes, each starting at its first node in the order of the graph, without repeating it.

    Every node that lies on a cycle is in one of them; of the cycles through a node only a shortest is told.
    """
    order = {node.id: place for place, node in enumerate(graph.nodes)}
    after = _links((edge.source, edge.target) for edge in graph.edges)
    loops = [(node,) for node in order if node in after.get(node, ())]
    longer: list[tuple[str, ...]] = []
    told: set[str] = set()
    core = _core(order, after)
    for node in core:
        if node not in told and (cycle := _shortest(node, after, core)):
            told.update(cycle)
            first = cycle.index(min(cycle, key=order.__getitem__))
            longer.append((*cycle[first:], *cycle[:first]))
    return (*loops, *longer)


def _links(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for source, target in dict.fromkeys(pairs):
        found[source].append(target)
    return dict(found)


def _core(order: Mapping[str, int], after: _Links) -> dict[str, None]:
    """Nodes that are left when those without a way in or a way out are taken away, again and again."""
    left = dict.fromkeys(order)
    before = _links([(target, source) for source, targets in after.items() for target in targets])
    for forward, backward in ((after, before), (before, after)):
        degree = {node: sum(target in left and target != node for target in forward.get(node, ())) for node in left}
        ready = deque(node for node, links in degree.items() if not links)
        while ready:
            node = ready.popleft()
            del left[node]
            for source in backward.get(node, ()):
                if source in left and source != node:
                    degree[source] -= 1
                    if not degree[source]:
                        ready.append(source)
    return left


def _shortest(start: str, after: _Links, core: Mapping[str, None]) -> tuple[str, ...]:
    """A shortest way from a node back to itself over another; empty where there is none."""
    came: dict[str, str] = {}
    pending = deque([start])
    while pending:
        node = pending.popleft()
        for target in after.get(node, ()):
            if target == start and node != start:
                return _way(start, node, came)
            if target in core and target not in came and target != start:
                came[target] = node
                pending.append(target)
    return ()


def _way(start: str, end: str, came: Mapping[str, str]) -> tuple[str, ...]:
    way = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return tuple(reversed(way))
