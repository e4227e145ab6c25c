"""How far each equation, obligation and claim is linked: all the way to fresh evidence, or where it breaks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pv.contract import Contract, Obligation, resolve
from pv.errors import UsageError
from pv.trace.graph import Kind
from pv.trace.names import claim_places, contract_name, obligation_name
from pv.verdict import ClaimVerdict, ContractVerdict, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The last part of a chain, and why it goes no further."""

    at: str
    """Name of the equation, obligation or claim."""

    code: str
    """`no-obligation`, `no-claim`, `unknown-claim`, or why the claim has no fresh evidence, e.g. `unbound`."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """An equation, obligation or claim, and where its chains break."""

    kind: Kind
    name: str
    breaks: tuple[Break, ...]
    alias: str = ""
    """Shorter name of a claim; empty where it has none."""

    @property
    def linked(self) -> bool:
        """Whether every chain from here ends in fresh evidence."""
        return not self.breaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The parts of one contract."""

    path: Path
    contract: str
    readable: bool
    """Whether the file could be read as a contract; where not, nothing in it is traced."""

    traced: tuple[Traced, ...] = ()

    def of(self, kind: Kind) -> tuple[Traced, ...]:
        """The parts of one kind, in the order of the file."""
        return tuple(one for one in self.traced if one.kind is kind)


_Claims = Mapping[int, ClaimVerdict]
"""Identity of a claim to its verdict."""


def coverage(verdicts: Sequence[ContractVerdict]) -> tuple[Coverage, ...]:
    """How far the parts of contracts are linked, contract by contract.

    A claim is linked by fresh evidence of its own that is not SUSPECT, or through the claim it is discharged
    by. An obligation is linked if it cites claims and all of them are; an equation, if obligations name it in
    `applies_to` and all of them are. What the evidence says, for or against, is the verdict's business.
    """
    contracts = [verdict.contract for verdict in verdicts if verdict.contract]
    judged = {id(one.claim): one for verdict in verdicts for one in verdict.claims}
    return tuple(_covered(verdict, contracts, judged) for verdict in verdicts)


def _covered(verdict: ContractVerdict, contracts: Sequence[Contract], judged: _Claims) -> Coverage:
    name, contract = contract_name(verdict), verdict.contract
    if contract is None:
        return Coverage(path=verdict.path, contract=name, readable=False)
    claims = [
        Traced(
            kind=Kind.CLAIM,
            name=one.claim.id,
            breaks=_claim_breaks(one, contracts, judged),
            alias=next(iter(one.claim.aliases), ""),
        )
        for one in verdict.claims
    ]
    obligations = [
        Traced(kind=Kind.OBLIGATION, name=label, breaks=tuple(_obligation_breaks(one, label, contract, claims)))
        for place, one in enumerate(contract.proof_obligations)
        for label in (obligation_name(one, place),)
    ]
    equations = [
        Traced(kind=Kind.EQUATION, name=label, breaks=_equation_breaks(label, contract, obligations))
        for label in contract.equations
    ]
    return Coverage(path=verdict.path, contract=name, readable=True, traced=(*equations, *obligations, *claims))


def _claim_breaks(verdict: ClaimVerdict, contracts: Sequence[Contract], judged: _Claims) -> tuple[Break, ...]:
    """Why a claim has no fresh evidence, its own or that of a claim which it is discharged by."""
    own = _own_break(verdict)
    seen, current = {id(verdict.claim)}, verdict
    while own and current.claim.discharged_by:
        try:
            target, _ = resolve(current.claim.discharged_by, contracts)
        except UsageError:
            what = f"is discharged by {current.claim.discharged_by}, which is no one claim here"
            return (own, Break(at=current.claim.id, code="unknown-claim", message=what))
        if id(target) in seen or id(target) not in judged:
            return (own, Break(at=current.claim.id, code="circular", message="is discharged by itself in the end"))
        seen.add(id(target))
        current = judged[id(target)]
        if _own_break(current) is None:
            return ()
    return (own,) if own else ()


def _own_break(verdict: ClaimVerdict) -> Break | None:
    name = verdict.claim.id
    if verdict.verdict is Verdict.UNTESTED:
        reason = verdict.reasons[0]
        return Break(at=name, code=reason.code, message=reason.message)
    if verdict.verdict is Verdict.SUSPECT:
        why = verdict.reasons[0].message if verdict.reasons else "it cannot be trusted"
        return Break(at=name, code="suspect-evidence", message=f"its evidence is SUSPECT: {why}")
    honest = [bundle for bundle in verdict.bundles if bundle.mutant is None]
    if not any(bundle.fresh and bundle.verdict is not Verdict.UNTESTED for bundle in honest):
        return Break(at=name, code="stale-evidence", message="all its evidence is stale: make it again")
    return None


def _obligation_breaks(
    obligation: Obligation, name: str, contract: Contract, claims: Sequence[Traced]
) -> Iterator[Break]:
    if not obligation.tested_by:
        yield Break(at=name, code="no-claim", message="`tested_by` names no claim")
    places = claim_places(contract)
    for cited in dict.fromkeys(obligation.tested_by):
        place = places.get(cited)
        if place is None:
            yield Break(at=name, code="unknown-claim", message=f"`tested_by` names {cited}, which is no claim here")
        else:
            yield from claims[place].breaks


def _equation_breaks(name: str, contract: Contract, obligations: Sequence[Traced]) -> tuple[Break, ...]:
    held_by = [
        traced for one, traced in zip(contract.proof_obligations, obligations, strict=True) if one.applies_to == name
    ]
    if not held_by:
        return (Break(at=name, code="no-obligation", message="no obligation names it in `applies_to`"),)
    return tuple(dict.fromkeys(found for one in held_by for found in one.breaks))
