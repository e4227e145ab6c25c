"""What a gate asks for, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from pv.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Somebody answers for a breach until a day."""

    breach: str
    """Code of the breach it covers, e.g. `claim-loosened`."""

    on: str
    """Claim, contract, pattern or bundle that the breach is about."""

    owner: str
    reason: str
    expires: date
    """First day on which it covers nothing."""

    def __str__(self) -> str:
        """`claim-loosened on FALSIFY-005 (owner, until 2027-01-31)`."""
        return f"{self.breach} on {self.on} ({self.owner}, until {self.expires.isoformat()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The table `[tool.pv.gate]`."""

    require: Verdict | None = None
    """Stamp that every contract needs; None asks only of those that a pattern or tag names."""

    contracts: Mapping[str, Verdict] = field(default_factory=lambda: MappingProxyType({}))
    """Pattern of ids or file names to stamp."""

    tags: Mapping[str, Verdict] = field(default_factory=lambda: MappingProxyType({}))
    """Tag, or kind of contract, to stamp."""

    forbid: frozenset[str] = frozenset()
    """Ids of rules, or effects, of which no finding may speak about a selected contract."""

    base: str = ""
    """Revision to compare with where the command line names none."""

    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason not to accept."""

    code: str
    """Stable kebab-case code."""

    subject: str
    message: str
    exit_status: int
    waiver: Waiver | None = None
    """What covers it; a covered refusal decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A selected contract beside the stamp it needs."""

    contract: str
    stamp: Verdict
    required: Verdict
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The gate's answer."""

    selected: tuple[Required, ...]
    contracts: int
    """All contracts that were looked at."""

    refusals: tuple[Refusal, ...]
    """Every reason not to accept, covered ones too."""

    unused: tuple[Waiver, ...]
    """Waivers that cover nothing."""

    exit_status: int
