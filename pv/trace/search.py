"""Looks for claims, obligations and equations by their words, verdict, level and binding."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pv.contract import Contract
from pv.trace.graph import Kind
from pv.trace.names import claim_words, contract_name, equation_words, obligation_name, obligation_words
from pv.verdict import ClaimVerdict, ContractVerdict, Level, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for; everything that is given must hold."""

    term: str = ""
    """Part of a name, an alias or a text, whatever its case; empty for anything."""

    kind: Kind | None = None
    verdict: Verdict | None = None
    """Only claims have one."""

    level: Level | None = None
    """Level that the evidence of a claim has reached."""

    unbound: bool = False
    """Only claims that no falsifier is bound to."""

    tag: str = ""
    """Tag of the contract, or its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that was found."""

    kind: Kind
    contract: str
    name: str
    text: str
    """What it says, in a sentence."""

    words: str = ""
    """Everything else it says; searched, not shown."""

    verdict: Verdict | None = None
    level: Level | None = None
    requires: str = ""
    falsifier: str = ""
    """Falsifier that the claim is bound to; empty where there is none."""

    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def search(verdicts: Sequence[ContractVerdict], falsifiers: Mapping[str, str], question: Question) -> tuple[Entry, ...]:
    """What answers the question, in the order of the files.

    Args:
        verdicts: Contracts, judged together.
        falsifiers: Claim id to the name of the falsifier it is bound to.
        question: What is looked for.
    """
    entries = (entry for verdict in verdicts for entry in _entries(verdict, falsifiers))
    return tuple(entry for entry in entries if _answers(entry, question))


def _entries(verdict: ContractVerdict, falsifiers: Mapping[str, str]) -> Iterator[Entry]:
    contract = verdict.contract
    if contract is None:
        return
    owner, tags = contract_name(verdict), _tags(contract)
    for name, equation in contract.equations.items():
        yield Entry(
            kind=Kind.EQUATION,
            contract=owner,
            name=name,
            text=equation.formula,
            words=equation_words(equation),
            tags=tags,
        )
    for place, obligation in enumerate(contract.proof_obligations):
        name, text = obligation_name(obligation, place), obligation.property
        yield Entry(
            kind=Kind.OBLIGATION, contract=owner, name=name, text=text, words=obligation_words(obligation), tags=tags
        )
    for claim in verdict.claims:
        yield _claim(claim, owner, tags, falsifiers.get(claim.claim.id, ""))


def _tags(contract: Contract) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*getattr(contract.metadata, "tags", ()), contract.metadata.kind)))


def _claim(verdict: ClaimVerdict, owner: str, tags: tuple[str, ...], falsifier: str) -> Entry:
    claim = verdict.claim
    return Entry(
        kind=Kind.CLAIM,
        contract=owner,
        name=claim.id,
        text=claim.rule,
        words=claim_words(claim),
        verdict=verdict.verdict,
        level=verdict.level,
        requires=claim.requires or "",
        falsifier=falsifier,
        aliases=claim.aliases,
        tags=tags,
    )


def _answers(entry: Entry, question: Question) -> bool:
    words = " ".join((entry.contract, entry.name, *entry.aliases, entry.text, entry.words)).casefold()
    return (
        " ".join(question.term.split()).casefold() in " ".join(words.split())
        and question.kind in {None, entry.kind}
        and question.verdict in {None, entry.verdict}
        and question.level in {None, entry.level}
        and (not question.unbound or (entry.kind is Kind.CLAIM and not entry.falsifier))
        and question.tag in {"", *entry.tags}
    )
