"""Which contracts the gate asks something of, and what; of several demands the strictest counts."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from pv.policy.model import Policy
from pv.verdict import ContractVerdict, Verdict


def name_of(verdict: ContractVerdict) -> str:
    """The id of a contract, or its file's name where it could not be read."""
    return verdict.contract.id if verdict.contract else verdict.path.stem


def required_stamps(policy: Policy, verdicts: Iterable[ContractVerdict]) -> dict[str, Verdict]:
    """Return contract to the stamp it needs; those of which nothing is asked are left out."""
    found = {}
    for verdict in verdicts:
        demands = list(_demands(policy, verdict))
        if demands:
            found[name_of(verdict)] = Verdict.DISCHARGED if Verdict.DISCHARGED in demands else Verdict.PARTIAL
    return found


def idle_entries(policy: Policy, verdicts: Sequence[ContractVerdict]) -> tuple[str, ...]:
    """Return the patterns and tags that no contract answers to."""
    patterns = (name for name in policy.contracts if not any(_answers(name, verdict) for verdict in verdicts))
    tags = (name for name in policy.tags if not any(name in _tags(verdict) for verdict in verdicts))
    return (*(f"contracts.{name}" for name in patterns), *(f"tags.{name}" for name in tags))


def _demands(policy: Policy, verdict: ContractVerdict) -> Iterator[Verdict]:
    if policy.require:
        yield policy.require
    yield from (stamp for pattern, stamp in policy.contracts.items() if _answers(pattern, verdict))
    yield from (stamp for tag, stamp in policy.tags.items() if tag in _tags(verdict))


def _answers(pattern: str, verdict: ContractVerdict) -> bool:
    return any(fnmatchcase(name, pattern) for name in (name_of(verdict), verdict.path.stem, verdict.path.name))


def _tags(verdict: ContractVerdict) -> frozenset[str]:
    """The tags of a contract; its kind is one of them."""
    if verdict.contract is None:
        return frozenset()
    metadata = verdict.contract.metadata
    return frozenset({metadata.kind, *getattr(metadata, "tags", ())})
