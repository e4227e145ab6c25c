"""What judging costs: the monitors inside a training loop, and the controls after it.

    python benchmarks/cost.py [--recipe NAME] [--discharge]

The monitors are all that a step does for the record: its row with the digest of the row before, the guard against
divergence, the look at where the loss lies, the bar. Their seconds are summed in a real run of the recipe's first
stage, and divided by the loop's own. With --discharge the fine-tune claim is discharged twice as well, and the seconds
of each stage are shown: the budget is 300 s the first time and 180 s with the init cached, 60 s of them for controls.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from aprtrain import device, guard, journal, pretrain, progress, train
from aprtrain.config import Request

ROOT = Path(__file__).resolve().parent.parent
BUDGET = 0.03
CLAIM = "FALSIFY-005"
CONTROLS = ("judge-system", "judge-oracle")
STAGE = re.compile(r"\d/\d ([a-z-]+) +(cached|[\d.]+ s)\s*$", re.MULTILINE)


def monitors(recipe: str) -> None:
    """Train the recipe's first stage in this process, with a clock around each monitor, and print their shares."""
    spent: Counter[str] = Counter()

    def clocked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                spent[name] += time.perf_counter() - began

        return timed

    for owner, method in ((journal.Journal, "step"), (device.Device, "check"), (progress.Progress, "advance")):
        setattr(owner, method, clocked(f"{owner.__name__}.{method}", getattr(owner, method)))
    train.divergence = clocked("divergence", guard.divergence)
    with tempfile.TemporaryDirectory() as folder:
        shards, run = Path(folder, "shards"), Path(folder, "run")
        encoded(recipe, Path(folder), shards)
        said: list[str] = []
        request = Request(recipe=recipe, dataset=shards, run_dir=run, device="auto")
        pretrain.pretrain(request, said.append, say_every=10)
        rows = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        loop = sum(float(json.loads(row)["wall_ms"]) for row in rows) / 1e3
    for name, seconds in spent.most_common():
        print(f"{name:28}{seconds:9.3f} s{seconds / loop:9.2%}")
    total = sum(spent.values())
    print(f"{'monitors':28}{total:9.3f} s{total / loop:9.2%}  of {loop:.1f} s in steps; the budget is {BUDGET:.0%}")


def encoded(recipe: str, folder: Path, shards: Path) -> None:
    """Write the shards of the standard library with a tokenizer of the recipe."""
    limits = ("--max-bytes", "4000000", "--max-document-bytes", "100000")
    for command in (
        ("tokenizer", "train", "--recipe", recipe, "--out", folder / "tokenizer"),
        ("encode", "stdlib", "--tokenizer", folder / "tokenizer", "--out", shards, *limits),
    ):
        subprocess.run(
            [sys.executable, "-m", "aprtrain", *map(str, command)], check=True, cwd=ROOT, capture_output=True
        )


def discharge() -> None:
    """Discharge the claim in a project of its own, twice, and print the seconds of each stage."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "contracts").symlink_to(ROOT / "contracts")
        for attempt in ("first", "second"):
            began = time.perf_counter()
            command = [sys.executable, "-m", "pv", "discharge", CLAIM, "--run"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            stages = STAGE.findall(done.stderr)
            controls = sum(float(took.split()[0]) for name, took in stages if name in CONTROLS)
            print(f"\n{CLAIM}, {attempt} time: {time.perf_counter() - began:.1f} s, controls {controls:.1f} s")
            for name, took in stages:
                print(f"  {name:16}{took:>10}")


def main() -> None:
    """Print the tables with the machine and the versions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="finetune-tiny")
    parser.add_argument("--discharge", action="store_true", help="also the controls; some minutes")
    options = parser.parse_args()
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    versions = ", ".join(f"{name} {version(name)}" for name in ("jax", "numpy"))
    print(
        f"{platform.system()} {platform.machine()}, {cores} cores, load {load:.1f}, "
        f"Python {platform.python_version()}, {versions}"
    )
    monitors(options.recipe)
    if options.discharge:
        discharge()


if __name__ == "__main__":
    main()
