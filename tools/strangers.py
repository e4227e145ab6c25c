"""Plants the faults of strangers, one at a time, and runs the claims that ought to see each.

They are planted as mutants are, and judged by the same commands, but they are in no catalogue: a package of their own
is written into the scratch folder, and `pv discharge --mutant` finds it there. The claims of a fault are tried in turn
until one is refuted or reads a control wrong. With `--blind` they are those of somebody who had not read the
falsifiers. With `--rewrites` what is planted changes no behaviour, and all claims are tried. The exit status is 1 where
less than four fifths of the faults were caught, or where a rewrite raised an alarm.
"""

import argparse
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = ROOT / "tests" / "falsifiers" / "strangers"
CAUGHT: Final = frozenset({"FALSIFIED", "SUSPECT"})
ENOUGH: Final = 0.8
RUNS: Final = {"FALSIFY-APR-PRETRAIN-INIT-FINETUNE": "micro", "FALSIFY-TRAINING-LOOP": "cpu"}
"""Claims about a run, and the profile under which they are tried."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a fault, or of a rewrite."""

    name: str
    group: str
    verdict: str
    """Of the claim that saw it, or `crashed`, or the best verdict that it got away with."""
    claim: str
    by: tuple[str, ...]
    """Laws and controls that struck."""

    @property
    def caught(self) -> bool:
        """Whether a verdict speaks against it; a crash is none."""
        return self.verdict in CAUGHT


def main(argv: Sequence[str] | None = None) -> int:
    """Try the faults, or the rewrites; the exit status."""
    parser = argparse.ArgumentParser(prog="strangers", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these  [default: all]")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--blind", action="store_true", help="try the faults of somebody who read the trainer alone")
    which.add_argument("--rewrites", action="store_true", help="try what changes no behaviour")
    parser.add_argument("--scratch", type=Path, default=ROOT / ".pv", help="for caches and runs")
    options = parser.parse_args(argv)
    path = FOLDER / ("rewrites.py" if options.rewrites else "blind.py" if options.blind else "faults.py")
    found = runpy.run_path(str(path))["STRANGERS"]
    root = prepared(path, found, options.scratch)
    seen = []
    for stranger in (one for one in found if not options.names or one.name in options.names):
        seen.append(tried(stranger, root, to_the_end=options.rewrites))
        sys.stdout.write(f"| {' | '.join(row(seen[-1]))} |\n")
        sys.stdout.flush()
    caught = sum(one.caught for one in seen)
    sys.stdout.write(f"caught {caught} of {len(seen)}\n")
    return int(caught > 0 if options.rewrites else caught < ENOUGH * len(seen))


def row(seen: Seen) -> tuple[str, ...]:
    """The cells of a row of the table."""
    return seen.name, seen.group, seen.verdict, seen.claim.removeprefix("FALSIFY-"), ", ".join(seen.by)


def tried(stranger: Any, root: Path, *, to_the_end: bool = False) -> Seen:
    """Run the claims of a fault until one strikes; what is tried to the end is known by its first alarm."""
    last = Seen(stranger.name, stranger.group, "not run", "", ())
    for claims in units(stranger.claims):
        for seen in judged(stranger, root, claims):
            if seen.caught or (to_the_end and seen.verdict == "crashed"):
                return seen
            last = seen
    return last


def units(claims: Sequence[str]) -> list[tuple[str, ...]]:
    """The claims by trial, in order: those about functions each by itself, those about one run together."""
    found: dict[str, tuple[str, ...]] = {}
    for claim in claims:
        trial = next((prefix for prefix in RUNS if claim in ABOUT_RUNS and claim.startswith(prefix)), claim)
        found[trial] = (*found.get(trial, ()), claim)
    return list(found.values())


def _about_runs() -> frozenset[str]:
    index = json.loads((ROOT / "falsifiers" / "index.json").read_text(encoding="utf-8"))
    about = {name: one.get("about", "run") for name, one in index["falsifiers"].items()}
    return frozenset(claim for claim, name in index["claims"].items() if about[name] == "run")


ABOUT_RUNS: Final = _about_runs()


def prepared(path: Path, strangers: Sequence[Any], scratch: Path) -> Path:
    """A project with the contracts of this one, whose own package holds the faults of a file as mutants."""
    root = scratch.resolve() / "strangers"
    shutil.rmtree(root, ignore_errors=True)
    package = root / "strangers"
    package.mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.pv]\nfalsifiers = "strangers"\n', encoding="utf-8")
    (root / "contracts").symlink_to(ROOT / "contracts")
    (root / ".pv").symlink_to(scratch.resolve())
    (package / "__init__.py").touch()
    mutants = {}
    for stranger in strangers:
        module = stranger.name.replace("-", "_")
        found = f"runpy.run_path({str(path)!r})['STRANGERS'] if one.name == {stranger.name!r}"
        text = f"import runpy\n\n(MUTANT,) = (one for one in {found})\n"
        (package / f"{module}.py").write_text(text, encoding="utf-8")
        mutants[stranger.name] = {
            "module": f"strangers.{module}",
            "group": stranger.group,
            "summary": stranger.summary,
            "edits": sorted({edit.module for edit in stranger.edits}),
        }
    index = {"schema_version": "1", "falsifiers": {}, "claims": {}, "mutants": mutants}
    (package / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return root


def judged(stranger: Any, root: Path, claims: Sequence[str]) -> Iterator[Seen]:
    """What `pv discharge --run` says of each claim in that folder."""
    profile = next((profile for prefix, profile in RUNS.items() if claims[0].startswith(prefix)), "cpu")
    what = ("--run", "--mutant", stranger.name, "--profile", profile, "--format", "json")
    command = [sys.executable, "-m", "pv", "discharge", *claims, *what]
    environment = {**os.environ, "PV_ROOT": str(root)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        words = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        yield Seen(stranger.name, stranger.group, "crashed", claims[0], (words[-200:],))
        return
    content = json.loads(done.stdout)
    for one in content.get("results", [content]):
        crashed = one["verdict"] == "UNTESTED"
        yield Seen(stranger.name, stranger.group, "crashed" if crashed else one["verdict"], one["claim"], by(one))


def by(verdict: dict[str, Any]) -> tuple[str, ...]:
    """What struck, by the reasons of a verdict."""
    if verdict["verdict"] not in CAUGHT and verdict["verdict"] != "UNTESTED":
        return ()
    misread = tuple(control["name"] for control in verdict["controls"] if control["ok"] is False)
    return misread or tuple(one["message"] for one in verdict["reasons"][:1])


if __name__ == "__main__":
    raise SystemExit(main())
