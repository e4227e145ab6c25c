"""The links of contracts as a graph."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

from pv.contract import Claim, Contract, resolve
from pv.errors import UsageError
from pv.trace.evidence import deciding_bundle
from pv.trace.names import claim_places, contract_name, contract_places, obligation_name, stem
from pv.verdict import ClaimVerdict, ContractVerdict


class Kind(StrEnum):
    """What a node is, in the order of the chain."""

    CONTRACT = "contract"
    GATE = "gate"
    EQUATION = "equation"
    OBLIGATION = "obligation"
    CLAIM = "claim"
    FALSIFIER = "falsifier"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of a contract, or what one leads to."""

    id: str
    """`KIND:CONTRACT/NAME`, percent-encoded; `~2` and so on tell equals of one contract apart."""

    kind: Kind
    name: str
    """As the file writes it: it may hold any character."""

    contract: str = ""
    """Id of the node of the contract that it stands in; empty for what stands in none."""

    state: str = ""
    """Stamp or verdict, where there is one; `stale` for evidence that no longer speaks about its claim."""

    missing: bool = False
    """Whether it is cited, but is nowhere."""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One link, read as a sentence: source, relation, target."""

    source: str
    relation: str
    """`depends_on`, `rests_on`, `held_by`, `tested_by`, `bound_to`, `shown_by` or `discharged_by`."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes in the order of the files, and the links between them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def missing(self) -> tuple[Node, ...]:
        """What is cited, but is nowhere."""
        return tuple(node for node in self.nodes if node.missing)

    def node(self, node_id: str) -> Node:
        """The node of that id."""
        return next(node for node in self.nodes if node.id == node_id)


@dataclass(slots=True)
class _Draft:
    """A graph in the making."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)

    def add(self, kind: Kind, name: str, *, contract: str = "", state: str = "", shared: bool = False) -> str:
        """Add a node and return its id; a shared one is added once."""
        base = _id(kind, contract, name)
        node_id, number = base, 1
        while node_id in self.nodes and not shared:
            number += 1
            node_id = f"{base}~{number}"
        self.nodes.setdefault(node_id, Node(id=node_id, kind=kind, name=name, contract=contract, state=state))
        return node_id

    def lack(self, kind: Kind, name: str, contract: str = "") -> str:
        """Add a node for what is cited, but is nowhere."""
        node_id = "missing-" + _id(kind, contract, name)
        self.nodes.setdefault(node_id, Node(id=node_id, kind=kind, name=name, contract=contract, missing=True))
        return node_id

    def link(self, source: str, relation: str, target: str) -> None:
        self.edges[Edge(source, relation, target)] = None


def _id(kind: Kind, contract: str, name: str) -> str:
    owner = contract.partition(":")[2]
    parts = f"{owner}/{_quoted(name)}" if owner else _quoted(name)
    return f"{kind}:{parts}"


def _quoted(name: str) -> str:
    return quote(name, safe="", errors="surrogatepass").replace("~", "%7E")


@dataclass(frozen=True, slots=True)
class _Part:
    """A contract that was read, with the nodes of its claims in their order."""

    contract: Contract
    node: str
    claims: tuple[str, ...]

    def named(self, name: str) -> str | None:
        """The node of the claim with that id or alias; None without one."""
        place = claim_places(self.contract).get(name)
        return None if place is None else self.claims[place]


def build(verdicts: Sequence[ContractVerdict], falsifiers: Mapping[str, str]) -> Graph:
    """The graph of contracts, from their equations to the evidence that decides them.

    Args:
        verdicts: Contracts, judged together.
        falsifiers: Claim id to the name of the falsifier it is bound to.
    """
    draft = _Draft()
    nodes = [draft.add(Kind.CONTRACT, contract_name(one), state=one.stamp) for one in verdicts]
    _dependencies(draft, verdicts, nodes)
    parts = list(_parts(draft, verdicts, nodes))
    for part in parts:
        _equations_and_obligations(draft, part)
        _gates(draft, part, parts)
        _discharges(draft, part, parts)
    for verdict, part in zip((one for one in verdicts if one.contract), parts, strict=True):
        for claim, node in zip(verdict.claims, part.claims, strict=False):
            _evidence(draft, node, claim, falsifiers.get(claim.claim.id))
    return Graph(nodes=tuple(draft.nodes.values()), edges=tuple(draft.edges))


def contracts_only(graph: Graph) -> Graph:
    """The contracts and what they depend on, without their parts."""
    nodes = tuple(node for node in graph.nodes if node.kind is Kind.CONTRACT)
    return Graph(nodes=nodes, edges=tuple(edge for edge in graph.edges if edge.relation == "depends_on"))


def _dependencies(draft: _Draft, verdicts: Sequence[ContractVerdict], nodes: Sequence[str]) -> None:
    places = contract_places(verdicts)
    for verdict, node in zip(verdicts, nodes, strict=True):
        for needed in verdict.contract.metadata.depends_on if verdict.contract else ():
            place = places.get(needed, places.get(stem(needed)))
            target = draft.lack(Kind.CONTRACT, needed) if place is None else nodes[place]
            draft.link(node, "depends_on", target)


def _parts(draft: _Draft, verdicts: Sequence[ContractVerdict], nodes: Sequence[str]) -> Iterator[_Part]:
    for verdict, node in zip(verdicts, nodes, strict=True):
        if verdict.contract:
            states = {one.claim.id: str(one.verdict) for one in verdict.claims}
            claims = tuple(
                draft.add(Kind.CLAIM, claim.id, contract=node, state=states.get(claim.id, ""))
                for claim in verdict.contract.claims
            )
            yield _Part(verdict.contract, node, claims)


def _equations_and_obligations(draft: _Draft, part: _Part) -> None:
    equations = {name: draft.add(Kind.EQUATION, name, contract=part.node) for name in part.contract.equations}
    for place, obligation in enumerate(part.contract.proof_obligations):
        node = draft.add(Kind.OBLIGATION, obligation_name(obligation, place), contract=part.node)
        if obligation.applies_to in equations:
            draft.link(equations[obligation.applies_to], "held_by", node)
        for name in obligation.tested_by:
            draft.link(node, "tested_by", part.named(name) or draft.lack(Kind.CLAIM, name, part.node))


def _gates(draft: _Draft, part: _Part, parts: Sequence[_Part]) -> None:
    for place, gate in enumerate(part.contract.gates):
        node = draft.add(Kind.GATE, gate.id or f"gates[{place}]", contract=part.node)
        for name in gate.claims:
            target = part.named(name) or (_elsewhere(name, parts) if "/" in name else None)
            draft.link(node, "rests_on", target or draft.lack(Kind.CLAIM, name, part.node))


def _discharges(draft: _Draft, part: _Part, parts: Sequence[_Part]) -> None:
    for claim, node in zip(part.contract.claims, part.claims, strict=True):
        if claim.discharged_by:
            target = _elsewhere(claim.discharged_by, parts) or draft.lack(Kind.CLAIM, claim.discharged_by, part.node)
            draft.link(node, "discharged_by", target)


def _elsewhere(reference: str, parts: Sequence[_Part]) -> str | None:
    """The node of the one claim that a reference names among all contracts; None without one."""
    try:
        found, contract = resolve(reference, [part.contract for part in parts])
    except UsageError:
        return None
    part = next(part for part in parts if part.contract is contract)
    return part.claims[_place(found, contract)]


def _place(claim: Claim, contract: Contract) -> int:
    return next(place for place, one in enumerate(contract.claims) if one is claim)


def _evidence(draft: _Draft, node: str, claim: ClaimVerdict, falsifier: str | None) -> None:
    if falsifier:
        draft.link(node, "bound_to", draft.add(Kind.FALSIFIER, falsifier, shared=True))
    if bundle := deciding_bundle(claim):
        state = "" if bundle.fresh else "stale"
        target = draft.add(Kind.EVIDENCE, bundle.bundle.as_posix(), state=state, shared=True)
        draft.link(node, "shown_by", target)
