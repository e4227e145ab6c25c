"""The bundles and verdicts that an investigation may look at, and the readings in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from pv.contract import Contract
from pv.errors import BindingError
from pv.evidence import Quantity, locked_claims, measure
from pv.evidence.fields import count, part
from pv.investigation.model import Made
from pv.verdict import ClaimVerdict, Exhibit
from pv.verdict.power import VOID

_OVER_STEPS: Final = ("min", "max", "mean", "median")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What is known: contracts, their verdicts, and every bundle of them, kept or tried by hand."""

    contracts: tuple[Contract, ...]
    verdicts: Mapping[str, ClaimVerdict] = field(default_factory=dict)
    """Claim id to its verdict over what is kept as evidence."""

    tried: Mapping[str, ClaimVerdict] = field(default_factory=dict)
    """The same over runs tried by hand too, which count here and nowhere else."""

    exhibits: tuple[Exhibit, ...] = ()
    """Each bundle once, wherever copies of it lie."""

    mutants: tuple[str, ...] = ()
    """Faults that can be planted."""

    def named(self, name: str) -> Exhibit | None:
        """The bundle of that name; None where there is none."""
        return next((one for one in self.exhibits if one.opened.path.name == name), None)

    def at(self, path: Path) -> Exhibit | None:
        """The bundle in that folder; None where there is none."""
        return next((one for one in self.exhibits if one.opened.path == path), None)

    def made(self, claim_id: str, how: Made, like: Exhibit | None = None) -> tuple[Exhibit, ...]:
        """The bundles of a claim that were made as said, newest first; never the one that they are to be like.

        Args:
            claim_id: Claim that their locks name.
            how: Mutant, profile and seed.
            like: The symptom's bundle, whose profile, seed and dataset hold where `how` says nothing.
        """
        found = [one for one in self.exhibits if one is not like and _speaks(one, claim_id) and _is(one, how, like)]
        found.sort(key=lambda one: (str(run_of(one).get("finished_at")), one.opened.path.name), reverse=True)
        return tuple(found)


def run_of(exhibit: Exhibit) -> Mapping[str, object]:
    """What is recorded of a bundle's run; empty where it could not be read."""
    return exhibit.opened.bundle.run if exhibit.opened.bundle else {}


def mutant_of(exhibit: Exhibit) -> str:
    """Fault that was planted; empty for none."""
    return str(part(run_of(exhibit), "mutant").get("name", ""))


def profile_of(exhibit: Exhibit) -> str:
    """Profile that a bundle was made under."""
    return str(run_of(exhibit).get("profile", ""))


def seed_of(exhibit: Exhibit) -> int:
    """Seed of a bundle's run; 0 where none is recorded."""
    return count(run_of(exhibit).get("seed")) or 0


def seconds_of(exhibit: Exhibit) -> float | None:
    """How long a bundle took to make, judges included; None where that is not recorded."""
    try:
        begun, ended = (datetime.fromisoformat(str(run_of(exhibit)[key])) for key in ("started_at", "finished_at"))
        return max(0.0, (ended - begun).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None


def broken(exhibit: Exhibit) -> str:
    """What makes a bundle worthless as evidence; empty where nothing does."""
    return next((f"{one.file}: {one.message}" for one in exhibit.opened.faults if one.rule in VOID), "")


def _speaks(exhibit: Exhibit, claim_id: str) -> bool:
    return exhibit.opened.bundle is not None and claim_id in locked_claims(exhibit.opened.bundle)


def _is(exhibit: Exhibit, how: Made, like: Exhibit | None) -> bool:
    if mutant_of(exhibit) != how.mutant:
        return False
    wanted = how.profile or (profile_of(like) if like else "")
    seed = how.seed if how.seed is not None or like is None else seed_of(like)
    dataset = run_of(like).get("dataset") if like else None
    return (
        (not wanted or profile_of(exhibit) == wanted)
        and (seed is None or seed_of(exhibit) == seed)
        and run_of(exhibit).get("dataset") == dataset
    )


def unlike(one: Exhibit, other: Exhibit, *, code: bool) -> tuple[str, ...]:
    """Return what differs in how two runs were made, mutants apart; only like is compared with like.

    Args:
        one: A run.
        other: Another.
        code: Whether the trainer's source must be the same too.
    """
    differs = [name for name, fact in _FACTS.items() if fact(run_of(one)) != fact(run_of(other))]
    if code and not _same_source(one, other):
        differs.append("source of the trainer")
    return tuple(differs)


def same_code(one: Exhibit, other: Exhibit) -> bool:
    """Whether two runs had the same source and the same fault planted."""
    return mutant_of(one) == mutant_of(other) and _same_source(one, other)


def _same_source(one: Exhibit, other: Exhibit) -> bool:
    """Whether the modules that both runs imported are the same; a fault may keep a module from being imported."""
    mine, theirs = (part(run_of(exhibit), "trainer", "modules") for exhibit in (one, other))
    return all(theirs[name] == digest for name, digest in mine.items() if name in theirs)


_FACTS: Final[Mapping[str, Callable[[Mapping[str, object]], object]]] = {
    "profile": lambda run: run.get("profile"),
    "recipe": lambda run: run.get("recipe"),
    "dataset": lambda run: run.get("dataset"),
    "platform": lambda run: part(run, "device").get("platform"),
    "seed": lambda run: run.get("seed"),
}
"""What two runs must share, of what is recorded of each."""


def reading(exhibit: Exhibit, name: str) -> Quantity | None:
    """Return a quantity of a bundle; None where the bundle does not hold it.

    Args:
        exhibit: The bundle.
        name: Name of a quantity, or a series with its reducer, and its split or step.
    """
    if exhibit.opened.bundle is None:
        return None
    known = exhibit.quantities
    if name in known:
        return known[name]
    series, reduce, last, *rest = [*name.split(), "", "", ""]
    index = int(last) if reduce == "at" and last.isdecimal() else None
    try:
        split = None if index is not None else last or None
        found = measure(exhibit.opened.bundle, series, reduce or None, split, index, known=known)
    except BindingError:
        return None
    return None if any(rest) else found


def readable(library: Library) -> tuple[str, ...]:
    """Return the names of all quantities that any bundle holds."""
    return tuple(sorted({name for one in library.exhibits for name in one.quantities}))


def over_steps(name: str) -> bool:
    """Whether a reading is of many states of the weights, not of one."""
    words = name.split()
    return len(words) > 1 and words[0] == "train/loss" and words[1] in _OVER_STEPS


def of_one_state(name: str) -> bool:
    """Whether a reading is a loss of one state of the weights."""
    return not over_steps(name) and (
        name.startswith(("train/loss", "eval/loss", "loss/", "train_loss_", "reported_val_"))
    )


def measured_by(claim: ClaimVerdict) -> str:
    """Return a claim's measure as the name of a reading."""
    wanted = claim.claim.measure
    if wanted is None:
        return ""
    last = wanted.split or ("" if wanted.index is None else str(wanted.index))
    return " ".join(filter(None, (wanted.series, wanted.reduce, last)))
