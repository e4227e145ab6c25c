"""Walks along what depends on what, which may lead back to where they began."""

from collections.abc import Mapping, Sequence


def leading_to_cycles(graph: Mapping[str, Sequence[str]]) -> set[str]:
    """The nodes from which a walk need not end; where none is left, nothing leads back to itself."""
    left = {node: len(targets) for node, targets in graph.items()}
    before: dict[str, list[str]] = {}
    for node, targets in graph.items():
        for target in targets:
            before.setdefault(target, []).append(node)
    ends = [node for node in {*graph, *before} if not left.get(node)]
    for end in ends:  # it grows while it is walked
        for node in before.get(end, ()):
            left[node] -= 1
            if not left[node]:
                ends.append(node)
    return set(graph).difference(ends)


def reaches(graph: Mapping[str, Sequence[str]], start: str, goal: str) -> bool:
    """Whether a walk from one node comes to another; every node comes to itself."""
    pending, seen = [start], {start}
    while pending:
        node = pending.pop()
        if node == goal:
            return True
        fresh = [target for target in graph.get(node, ()) if target not in seen]
        seen.update(fresh)
        pending.extend(fresh)
    return False
