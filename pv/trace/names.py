"""What the parts of contracts are called, and which of them a name leads to."""

from collections.abc import Mapping, Sequence

from pv.contract import Claim, Contract, Equation, Obligation
from pv.verdict import ContractVerdict


def contract_name(verdict: ContractVerdict) -> str:
    """The id of a contract, or its file's name where it could not be read."""
    return verdict.contract.id if verdict.contract else verdict.path.name


def obligation_name(obligation: Obligation, place: int) -> str:
    """The id of an obligation; without one, where it stands."""
    return obligation.id or f"proof_obligations[{place}]"


def stem(name: str) -> str:
    """The name of a contract's file without its suffix."""
    return name.removesuffix(".yaml").removesuffix(".yml")


def contract_places(verdicts: Sequence[ContractVerdict]) -> Mapping[str, int]:
    """Contract id or file name without suffix to its place; ids win, and of equal names the first."""
    found: dict[str, int] = {}
    for place, verdict in enumerate(verdicts):
        if verdict.contract:
            found.setdefault(verdict.contract.id, place)
    for place, verdict in enumerate(verdicts):
        found.setdefault(verdict.path.stem, place)
    return found


def claim_places(contract: Contract) -> Mapping[str, int]:
    """Claim id or alias to its place in the contract; ids win, and of equal names the first."""
    found: dict[str, int] = {}
    for place, claim in enumerate(contract.claims):
        found.setdefault(claim.id, place)
    for place, claim in enumerate(contract.claims):
        for alias in claim.aliases:
            found.setdefault(alias, place)
    return found


def equation_words(equation: Equation) -> str:
    """What an equation says besides its formula."""
    return " ".join((equation.domain, equation.codomain, *equation.invariants))


def obligation_words(obligation: Obligation) -> str:
    """What an obligation says besides its property."""
    return f"{obligation.formal} {obligation.applies_to}"


def claim_words(claim: Claim) -> str:
    """What a claim says besides its rule."""
    return f"{claim.prediction} {claim.if_fails}"
