"""The trials that a full matrix takes, and which of them are kept already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pv.binding import Packages, bind
from pv.contract import Claim, Contract
from pv.evidence import Bundle
from pv.evidence.fields import count
from pv.power.cells import Judged
from pv.power.model import FUNCTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One bundle that is to be there."""

    stem: str
    """Name of the contract's file, without suffix."""

    profile: str
    mutant: str
    """Empty for an honest one."""

    claims: tuple[str, ...]
    seed: int = 0

    @property
    def title(self) -> str:
        """What is tried, for a line of progress."""
        about = self.claims[0] if self.profile == FUNCTIONS else f"{self.stem} {self.profile}"
        return f"{about} {self.mutant or 'honest'}{f' seed {self.seed}' if self.seed else ''}"


def wanted_trials(
    contracts: Iterable[tuple[str, Contract]], packages: Packages, *, profile: str = "", seeds: int = 1
) -> Iterator[Trial]:
    """Return every trial: for each contract's run and each attack the declared mutants, then the honest one.

    Faults come before the honest one, whose verdict rests on them; each is tried on the claims that name it.

    Args:
        contracts: Each with the name of its file, without suffix.
        packages: Packages of falsifiers.
        profile: What a run is made under; the contract's first that is not the full one, whose hardware may not be
            here, where it is empty.
        seeds: Where it is more than one, honest runs of the trainer under the seeds from 0, of each profile but the
            full one where `profile` is empty; attacks and mutants have seed 0.
    """
    for stem, contract in contracts:
        bound = [(claim, bind(claim.id, packages=packages)) for claim in contract.claims if not claim.planned]
        run = [claim for claim, found in bound if found and found.about == "run"]
        chosen = _profile(contract, profile)
        if run and chosen:
            yield from _each(stem, chosen, run)
            honest = Trial(stem=stem, profile=chosen, mutant="", claims=tuple(claim.id for claim in run))
            yield from (replace(honest, seed=seed) for seed in range(1, seeds))
            others = [name for name in _small(contract) if name != chosen] if seeds > 1 and not profile else []
            yield from (replace(honest, profile=name, seed=seed) for name in others for seed in range(seeds))
        for claim, found in bound:
            if found and found.about != "run":
                yield from _each(stem, FUNCTIONS, [claim])


def sharing(trials: Iterable[Trial], contracts: Mapping[str, Contract]) -> list[tuple[Trial, ...]]:
    """Return the trials by the run that they share: contracts that name one recipe are judged from one.

    Args:
        trials: In the order in which they are wanted.
        contracts: Each by the name of its file, without suffix.
    """
    found: dict[tuple[object, ...], list[Trial]] = {}
    for trial in trials:
        system = contracts[trial.stem].system
        recipe = system.profiles.get(trial.profile) if system else None
        run = (system.trainer, recipe, replace(trial, stem="", profile="", claims=())) if system and recipe else trial
        found.setdefault((run,), []).append(trial)
    return [tuple(batch) for batch in found.values()]


def _profile(contract: Contract, wanted: str) -> str:
    """Return the profile that is wanted, or the first small one; empty where the contract has none."""
    if not wanted:
        return next(iter(_small(contract)), "")
    return wanted if contract.system and wanted in contract.system.profiles else ""


def _small(contract: Contract) -> list[str]:
    """Return the profiles of a contract, without the full one."""
    system = contract.system
    if system is None:
        return []
    return [name for name in system.profiles if not system.full or name != system.full.profile]


def _each(stem: str, profile: str, claims: list[Claim]) -> Iterator[Trial]:
    faults = sorted({name for claim in claims for name in claim.counter_example_classes})
    for mutant in faults:
        named = tuple(claim.id for claim in claims if mutant in claim.counter_example_classes)
        yield Trial(stem=stem, profile=profile, mutant=mutant, claims=named)
    yield Trial(stem=stem, profile=profile, mutant="", claims=tuple(claim.id for claim in claims))


def fresh_trials(judged: Iterable[Judged], wanted: Iterable[Trial]) -> set[Trial]:
    """Return the trials of which a bundle is kept that is fresh for every claim; of a fault, under any profile."""
    fresh: dict[tuple[str, str, str, int], set[str]] = {}
    for one in judged:
        for claim, verdict, bundle in one.pairs():
            if verdict.fresh:
                key = _key(one.verdict.path.stem, verdict.profile, verdict.mutant or "", seed_of(bundle))
                fresh.setdefault(key, set()).add(claim.id)
    keys = {trial: _key(trial.stem, trial.profile, trial.mutant, trial.seed) for trial in wanted}
    return {trial for trial, key in keys.items() if {*trial.claims} <= fresh.get(key, set())}


def _key(stem: str, profile: str, mutant: str, seed: int) -> tuple[str, str, str, int]:
    return stem, "" if mutant else profile, mutant, seed


def seed_of(bundle: Bundle) -> int:
    """Return the seed of a run; 0 where none is recorded."""
    return count(bundle.run.get("seed")) or 0
