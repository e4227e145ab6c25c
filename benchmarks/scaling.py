"""Tokens a second of one training step over several devices, against as many times one device.

    python benchmarks/scaling.py --devices 2
    python benchmarks/scaling.py qwen2.5-coder-0.5b:16x1024 --devices 4 --shard

The batch is for each device. One and several are ready all the time and take turns; the efficiency is the median of
the turns'.
"""

from __future__ import annotations

import argparse
import statistics

from throughput import pace

from falsifiers.race import ours
from falsifiers.race.turns import race


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=["qwen2.5-coder-0.5b:16x1024"], help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--devices", type=int, default=2)
    parser.add_argument("--shard", action="store_true", help="each device holds a part of the state")
    parser.add_argument("--rounds", type=int, default=4, help="turns of each after its first (default: 4)")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    told = parser.parse_args()
    several = (ours.__name__, "--devices", str(told.devices), *(["--shard"] if told.shard else []))
    sides = {"one": (ours.__name__,), "several": several}
    print(f"{'size':<28}{'one':>12}{'several':>12}{'efficiency':>12}{'GiB':>7}{'each':>7}")
    for size in told.sizes:
        rows = list(race(size, device=told.device, rounds=told.rounds, sides=sides))
        one, each = ([row for row in rows if row["side"] == side] for side in sides)
        paces = [[pace(row) for row in side[1:]] for side in (one, each)]
        share = statistics.median(all_ / single for single, all_ in zip(*paces, strict=True))
        speeds = (statistics.median(paces[0]), statistics.median(paces[1]) * told.devices)
        memory = f"{one[0]['peak_gib']:>7.1f}{each[0]['peak_gib']:>7.1f}"
        print(f"{size:<28}{speeds[0]:>12,.0f}{speeds[1]:>12,.0f}{share:>12.3f}{memory}", flush=True)


if __name__ == "__main__":
    main()
