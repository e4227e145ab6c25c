"""`pv validate` over many contracts of the older tool's form: cold, warm, and with one file changed.

    python benchmarks/validate.py [--rounds N] [--count 92 2300] [--bundle FOLDER --copies N]

Cold is without any cache of ours, as after `rm -rf .pv`; compiled modules are there, as an installed package has
them. The budgets are those of a quiet machine with two cores, the first from 137 ms of 92 processes of the older tool
on such a machine; where other work shares the cores, compare the processor times. With a bundle, copies of it lie in
evidence/ and in .pv/runs/, beside its contract.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from contracts import write_contracts

ROOT = Path(__file__).resolve().parent.parent
BASE = [sys.executable, "-c", "import click, yaml, pydantic"]
OLDER_TOOL_S = 0.137
BUDGETS = {
    (92, "cold"): 4 * OLDER_TOOL_S,
    (92, "warm"): 2 * OLDER_TOOL_S,
    (2300, "cold"): 4.0,
    (2300, "warm"): 0.6,
}
"""Number of contracts and case to the most seconds."""


Spent = tuple[float, float]
"""Wall seconds, and processor seconds of all processes."""


def seconds(command: list[str], folder: Path) -> Spent:
    """Time of one command; its exit status does not matter, unless it is a fault of ours."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PYTHONPATH": str(ROOT), "PV_ROOT": str(folder)}
    before, began = os.times(), time.perf_counter()
    ended = subprocess.run(
        command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    taken, after = time.perf_counter() - began, os.times()
    if ended.returncode == 70 or b"Traceback" in ended.stderr:
        sys.exit(ended.stderr.decode())
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return taken, used


def cases(folder: Path, changed: Path, options: list[str]) -> dict[str, Callable[[], Spent]]:
    """Case to what measures it once, in the order of a round: each leaves what the next one needs."""
    command = [sys.executable, "-m", "pv", "validate", "contracts", *options]

    def cold() -> Spent:
        shutil.rmtree(folder / ".pv" / "cache", ignore_errors=True)
        return seconds(command, folder)

    def one_changed() -> Spent:
        with changed.open("a", encoding="utf-8") as file:
            file.write(f"# changed at {time.time_ns()}\n")
        return seconds(command, folder)

    return {
        "imports alone": lambda: seconds(BASE, folder),
        "cold": cold,
        "warm": lambda: seconds(command, folder),
        "one file changed": one_changed,
        "cold, -j 1": lambda: seconds([*command, "--no-cache", "-j", "1"], folder),
    }


def measure(timed: dict[str, Callable[[], Spent]], rounds: int) -> dict[str, list[Spent]]:
    """Times by case, after one round that only fills the file cache."""
    taken: dict[str, list[Spent]] = {name: [] for name in timed}
    for number in range(rounds + 1):
        for name, once in timed.items():
            spent = once()
            if number:
                taken[name].append(spent)
    return taken


def add_bundles(bundle: Path, folder: Path, copies: int) -> None:
    """Put copies of a bundle, and its contract, where they count and where runs tried by hand lie."""
    stem = bundle.parent.name
    shutil.copy(ROOT / "contracts" / f"{stem}.yaml", folder / "contracts")
    digest = bundle.resolve().name.rpartition("-")[2]
    for number in range(copies):
        for place in ("evidence", ".pv/runs"):
            shutil.copytree(bundle, folder / place / stem / f"2026-01-01-copy{number:04d}-{digest}")


def print_rows(count: int, size_kb: float, taken: dict[str, list[Spent]]) -> None:
    """One line a case: wall time, processor time, ratio to the imports, and the budget where there is one."""
    base = statistics.median(wall for wall, _ in taken["imports alone"])
    print(f"\n{count} contracts, {size_kb:.1f} KB in the mean")
    print(f"  {'':18} {'median s':>9} {'least s':>9} {'cpu s':>7} {'x imports':>10} {'budget s':>9}")
    for name, times in taken.items():
        walls, used = zip(*times, strict=True)
        median, cpu, budget = statistics.median(walls), statistics.median(used), BUDGETS.get((count, name))
        verdict = "" if budget is None else f"{budget:9.3f} {'met' if median <= budget else 'NOT met'}"
        print(f"  {name:18} {median:9.3f} {min(walls):9.3f} {cpu:7.2f} {median / base:10.2f} {verdict}")


def main() -> None:
    """Print the machine, the versions, and a table for each number of contracts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, nargs="+", default=[92, 2300])
    parser.add_argument("--bundle", type=Path, help="a bundle of a contract under contracts/")
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--format", default="text")
    options = parser.parse_args()
    versions = ", ".join(f"{name} {version(name)}" for name in ("click", "pyyaml", "pydantic"))
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"Python {platform.python_version()}, {versions}; {options.rounds} rounds")
    for count in options.count:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            paths = write_contracts(folder / "contracts", count)
            size_kb = statistics.mean(path.stat().st_size for path in paths) / 1000
            if options.bundle:
                add_bundles(options.bundle, folder, options.copies)
                print(f"\nwith {options.copies} bundles in evidence/, and as many in .pv/runs/")
            timed = cases(folder, paths[0], ["--format", options.format])
            print_rows(count, size_kb, measure(timed, options.rounds))


if __name__ == "__main__":
    main()
