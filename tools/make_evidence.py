"""Makes every CPU-level bundle again: for each bound claim one honest, and one under every mutant that it declares.

The runs that the project's investigations stand on are made too.

Claims about a run share it, those of several contracts too where these name one recipe; a claim about functions or
commands is attacked by itself. A fault is planted into the smallest recipe that a contract names. What is
fresh is left alone, so that an interrupted call goes on where it stopped when it is repeated. A bundle that was there
before is removed once the new one is kept, unless a GPU made it.
"""

import argparse
import multiprocessing
import os
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from pv.binding import Freshness
from pv.cli.bound import freshness_of, packages_of
from pv.cli.matrix import carried
from pv.cli.project import Project, find_project
from pv.contract import Contract, Loaded, load_all, resolve
from pv.errors import PvError
from pv.evidence import Bundle, find_bundles, open_bundle, stale_reasons
from pv.investigation import load as load_investigation
from pv.investigation import wanted_runs
from pv.power import FUNCTIONS, Trial, seed_of, sharing, wanted_trials
from pv.verdict import current_sources, judge_all

ROOT = Path(__file__).parents[1]
SLOWEST = 10
SMALLEST = "micro"
"""Profile of the recipe for faults, of contracts whose other small recipe takes minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What trials that share a run gave."""

    bundles: tuple[Path, ...]
    """One for each of them; none where it failed."""
    said: str
    seconds: float
    """For each of them, its part alike."""


def main(argv: Sequence[str] | None = None) -> int:
    """Make what is missing or stale; the exit status is 1 if something could not be made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="cpu", help="profile of the contracts to run (default: cpu)")
    parser.add_argument("--contract", action="append", help="only this contract's, by the name of its file")
    parser.add_argument("--again", action="store_true", help="make even what is fresh, unless a GPU made it")
    parser.add_argument("-j", "--jobs", type=int, default=len(os.sched_getaffinity(0)), help="default: one a core")
    arguments = parser.parse_args(argv)
    project = _project()
    every = load_all([project.contracts]).files
    files = {
        file.path.stem: file for file in every if arguments.contract is None or file.path.stem in arguments.contract
    }
    there = _bundles(project, files)
    contracts = [(stem, _contract(file)) for stem, file in files.items()]
    wanted = list(wanted_trials(contracts, packages_of(project), profile=arguments.profile))
    investigated = list(_investigated(project, every, wanted))
    faults = {(trial.stem, trial.mutant) for trial in investigated if trial.mutant}
    others = [_small(trial, files) for trial in wanted if (trial.stem, trial.mutant) not in faults]
    wanted = list(dict.fromkeys([*investigated, *others]))
    reused = (
        {trial: [one for one in found if _by_gpu(one)] for trial, found in there.items()} if arguments.again else there
    )
    fresh = set(_fresh(project, files, wanted, reused))
    todo = [trial for trial in wanted if trial not in fresh]
    print(f"{len(wanted)} bundles, {len(fresh)} fresh, {len(todo)} to make", flush=True)
    by_stem = dict(contracts)
    runs = _ordered(sharing(todo, by_stem), by_stem)
    seconds, failed = _make(runs, there, arguments.jobs)
    _summary(project, files, seconds)
    return 1 if failed else 0


def _project() -> Project:
    return find_project([ROOT])


def _contract(file: Loaded) -> Contract:
    if file.contract is None or not file.valid:
        raise SystemExit(f"{file.path}: it has errors; see pv validate")
    return file.contract


def _investigated(project: Project, files: Iterable[Loaded], wanted: Iterable[Trial]) -> Iterator[Trial]:
    """What the investigations stand on: each run as the honest one of the same claim is made, but for what it names."""
    contracts = [file.contract for file in files if file.contract]
    honest = [trial for trial in wanted if not trial.mutant]
    for path in sorted((project.root / "investigations").glob("*.yaml")):
        found = load_investigation(path).investigation
        if found is None:
            raise SystemExit(f"{path}: it has errors; see pv investigate")
        claim, _ = resolve(found.symptom.claim, contracts)
        like = next((trial for trial in honest if claim.id in trial.claims), None)
        for run in wanted_runs(found) if like else ():
            profile = like.profile if like.profile == FUNCTIONS else run.profile or like.profile
            yield replace(like, mutant=run.mutant, seed=run.seed or 0, profile=profile)


def _small(trial: Trial, files: Mapping[str, Loaded]) -> Trial:
    """The trial of a fault in the smallest recipe."""
    system = _contract(files[trial.stem]).system
    there = system is not None and SMALLEST in system.profiles
    return replace(trial, profile=SMALLEST) if there and trial.mutant and trial.profile != FUNCTIONS else trial


def _bundles(project: Project, files: Mapping[str, Loaded]) -> dict[Trial, list[Bundle]]:
    """The bundles that are kept, by what they are of; those with faults are nobody's."""
    found: dict[Trial, list[Bundle]] = defaultdict(list)
    for opened in (open_bundle(path) for path in find_bundles(project.evidence) if path.parent.name in files):
        if opened.bundle is not None and not opened.faults:
            found[_of(opened.bundle)].append(opened.bundle)
    return found


def _of(bundle: Bundle) -> Trial:
    """What a bundle is of, without the claims of a run, which may have changed since."""
    mutant = (bundle.run.get("mutant") or {}).get("name", "")
    profile = str(bundle.run.get("profile"))
    claims = (str(bundle.lock.get("claim")),) if profile == FUNCTIONS else ()
    return Trial(stem=bundle.path.parent.name, profile=profile, mutant=mutant, claims=claims, seed=seed_of(bundle))


def _by_gpu(bundle: Bundle) -> bool:
    return (bundle.run.get("device") or {}).get("platform") == "gpu"


def _key(trial: Trial) -> Trial:
    return trial if trial.profile == FUNCTIONS else replace(trial, claims=())


def _fresh(
    project: Project, files: Mapping[str, Loaded], wanted: Iterable[Trial], there: Mapping[Trial, list[Bundle]]
) -> Iterator[Trial]:
    freshness = freshness_of(project)
    for trial in wanted:
        contract = _contract(files[trial.stem])
        if any(_speaks(bundle, trial, contract, freshness) for bundle in there.get(_key(trial), ())):
            yield trial


def _speaks(bundle: Bundle, trial: Trial, contract: Contract, freshness: Freshness) -> bool:
    claims = [claim for claim in contract.claims if claim.id in trial.claims]
    return not any(stale_reasons(bundle, claim, contract, freshness=freshness) for claim in claims)


def _ordered(runs: list[tuple[Trial, ...]], contracts: Mapping[str, Contract]) -> list[tuple[Trial, ...]]:
    """The first run of each recipe, the attacks, the other runs: none waits for an init that another makes."""
    attacks, first, others = list[tuple[Trial, ...]](), dict[object, tuple[Trial, ...]](), list[tuple[Trial, ...]]()
    for run in runs:
        trial = run[0]
        system = contracts[trial.stem].system
        if trial.profile == FUNCTIONS or system is None:
            attacks.append(run)
        elif first.setdefault(system.profiles.get(trial.profile), run) is not run:
            others.append(run)
    return [*first.values(), *attacks, *others]


def _make(
    runs: list[tuple[Trial, ...]], there: Mapping[Trial, list[Bundle]], jobs: int
) -> tuple[dict[Trial, float], int]:
    """Seconds that each trial took, and how many failed."""
    seconds: dict[Trial, float] = {}
    failed = 0
    started = time.monotonic()
    with ProcessPoolExecutor(jobs, initializer=_settle, initargs=(_shares(jobs),)) as pool:
        pending = {pool.submit(_tried, run): run for run in runs}
        for done, future in enumerate(as_completed(pending), 1):
            run, made = pending[future], future.result()
            failed += 0 if made.bundles else len(run)
            left = (time.monotonic() - started) / done * (len(runs) - done) / 60
            titles = "; ".join(trial.title for trial in run)
            taken = made.seconds * len(run)
            print(f"[{done}/{len(runs)}] {taken:6.1f} s  {titles}: {made.said}  ({left:.1f} min left)", flush=True)
            for trial, kept in zip(run, made.bundles, strict=False):
                for bundle in there.get(_key(trial), ()):
                    if bundle.path.name != kept.name and not _by_gpu(bundle):
                        shutil.rmtree(bundle.path)
            seconds |= dict.fromkeys(run, made.seconds)
    return seconds, failed


def _shares(jobs: int) -> SimpleQueue[set[int]]:
    """The cores of each job."""
    cores, shares = sorted(os.sched_getaffinity(0)), multiprocessing.SimpleQueue()
    for job in range(jobs):
        shares.put(set(cores[job::jobs]) or set(cores))
    return shares


def _settle(shares: SimpleQueue[set[int]]) -> None:
    """Keep to one's own cores, and say nothing.

    XLA starts a thread for each core that it sees, and the threads of several jobs would wait for each other; the
    progress of a single trial is no news where many are made at a time.
    """
    os.sched_setaffinity(0, shares.get())
    sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives


@lru_cache(maxsize=1)
def _loaded() -> tuple[Project, Mapping[str, Loaded]]:
    project = _project()
    return project, {file.path.stem: file for file in load_all([project.contracts]).files}


def _tried(run: tuple[Trial, ...]) -> Made:
    """Carry out the trials of one run in a process of the pool; whatever goes wrong is what it says."""
    started = time.monotonic()
    project, files = _loaded()
    try:
        verdicts = carried(project, [files[trial.stem] for trial in run], run, device="cpu", keeping=True)
    except PvError as error:
        return Made(bundles=(), said=f"FAILED: {error}", seconds=(time.monotonic() - started) / len(run))
    found = Counter(str(verdict.verdict) for verdict in verdicts)
    said = ", ".join(f"{many} {verdict}" if len(verdicts) > 1 else verdict for verdict, many in found.items())
    by_contract = {verdict.bundle.parent.name: verdict.bundle for verdict in verdicts}
    bundles = tuple(by_contract[trial.stem] for trial in run)
    return Made(bundles=bundles, said=said, seconds=(time.monotonic() - started) / len(run))


def _summary(project: Project, files: Mapping[str, Loaded], seconds: Mapping[Trial, float]) -> None:
    """Where the time went, and what the claims are now."""
    by_contract: Counter[str] = Counter()
    for trial, taken in seconds.items():
        by_contract[trial.stem] += taken
    for stem, taken in by_contract.most_common():
        print(f"{taken:8.1f} s  {stem}")
    for trial, taken in sorted(seconds.items(), key=lambda item: -item[1])[:SLOWEST]:
        print(f"{taken:8.1f} s  {trial.title}")
    verdicts = judge_all(files.values(), [project.evidence], current_sources(freshness_of(project)))
    claims = Counter(str(claim.verdict) for contract in verdicts for claim in contract.claims)
    print(f"claims: {', '.join(f'{many} {verdict}' for verdict, many in sorted(claims.items()))}")


if __name__ == "__main__":
    sys.exit(main())
