"""Tokens a second of one training step over several devices, against as many times one device.

    python benchmarks/scaling.py --devices 2
    python benchmarks/scaling.py qwen2.5-coder-0.5b:16x1024 --devices 4 --shard

The batch is for each device. One and several run in turns, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("throughput_aprtrain.py")


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=["qwen2.5-coder-0.5b:16x1024"], help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--devices", type=int, default=2)
    parser.add_argument("--shard", action="store_true", help="each device holds a part of the state")
    parser.add_argument("--rounds", type=int, default=2, help="times that each is run (default: 2)")
    arguments = parser.parse_args()
    several = ["--devices", str(arguments.devices), *(["--shard"] if arguments.shard else [])]
    rows = [row for _ in range(arguments.rounds) for more in ([], several) for row in _run(arguments.sizes, more)]
    print(f"{'size':<28}{'one':>12}{'several':>12}{'efficiency':>12}{'GiB':>7}{'each':>7}")
    for size in arguments.sizes:
        one, all_ = (
            [row for row in rows if (row["size"], row["devices"]) == (size, n)] for n in (1, arguments.devices)
        )
        speed, other = (statistics.median(row["tokens_per_s"] for row in part) for part in (one, all_))
        share = other / speed / arguments.devices
        print(
            f"{size:<28}{speed:>12,.0f}{other:>12,.0f}{share:>12.3f}{one[0]['peak_gib']:>7.1f}{all_[0]['peak_gib']:>7.1f}"
        )


def _run(sizes: list[str], more: list[str]) -> list[dict[str, float]]:
    ended = subprocess.run([sys.executable, str(SCRIPT), *sizes, *more], stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]


if __name__ == "__main__":
    main()
