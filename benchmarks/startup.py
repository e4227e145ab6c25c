"""Start-up of `pv` against the time of importing click, yaml and pydantic, in interleaved processes.

    python benchmarks/startup.py [--rounds N] [CONTRACT]

The budget: `pv --help` and `pv validate` of one contract take at most twice the imports, in medians; cold, without
any cache of ours, for a contract that has no evidence yet. What evidence costs stands beside it.
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
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUDGET = 2.0
BASE = "importing click, yaml, pydantic"


def commands(contract: Path, alone: Path) -> dict[str, list[str]]:
    """What is timed, the base first.

    Args:
        contract: A contract in its project.
        alone: The same in a project without evidence.
    """
    run = [sys.executable, "-m", "pv"]
    return {
        "python, nothing imported": [sys.executable, "-c", "pass"],
        BASE: [sys.executable, "-c", "import click, yaml, pydantic"],
        "pv --help": [*run, "--help"],
        "pv validate, warm": [*run, "validate", str(contract)],
        "pv validate, cold, no evidence": [*run, "validate", "--no-cache", str(alone)],
        "pv validate, cold, all evidence": [*run, "validate", "--no-cache", str(contract)],
    }


def seconds(command: list[str]) -> float:
    """Wall time of one process; its exit status does not matter, unless it is a fault of ours.

    Compiled modules are kept, as an installed package has them.
    """
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    status = subprocess.run(
        command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    taken = time.perf_counter() - began
    if status.returncode == 70:
        sys.exit(status.stderr.decode())
    return taken


def measure(timed: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """Wall times by name, one of each a round, after one round that only warms the file cache."""
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for number in range(rounds + 1):
        for name, command in timed.items():
            spent = seconds(command)
            if number:
                taken[name].append(spent)
    return taken


def main() -> None:
    """Print the table of ratios with the machine and the versions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contract", nargs="?", type=Path, default=ROOT / "contracts/apr-pretrain-init-finetune-v1.yaml")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        alone = Path(name) / "contracts" / options.contract.name
        alone.parent.mkdir()
        shutil.copy(options.contract, alone)
        taken = measure(commands(options.contract.absolute(), alone), options.rounds)
    versions = ", ".join(f"{name} {version(name)}" for name in ("click", "pyyaml", "pydantic"))
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, {versions}"
    )
    print(f"{options.rounds} interleaved rounds; the budget is a ratio of {BUDGET}")
    print(f"{'':32} {'median ms':>10} {'min ms':>8} {'ratio of medians':>17}")
    base = statistics.median(taken[BASE])
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:32} {median * 1e3:10.1f} {min(times) * 1e3:8.1f} {median / base:17.2f}")


if __name__ == "__main__":
    main()
