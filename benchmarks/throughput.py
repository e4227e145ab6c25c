"""Tokens a second of one training step: `aprtrain` against transformers with torch.compile, on one GPU.

    python benchmarks/throughput.py                                      # the sizes below
    python benchmarks/throughput.py qwen2.5-coder-0.5b:4x512 --rounds 8
    python benchmarks/throughput.py path/to/config.json:2x16 --device cpu    # a small shape, to see that it works

Both sides train in bfloat16 over float32 masters with AdamW, clip the global norm at 1, and read the loss of a step
once the next one is under way. They start from the same weights, read the same windows, and are both ready all the
time: they take turns of some steps each, and the ratio is the median of the turns'. MFU is `aprtrain.utilisation`'s.
Where their losses differ by more than pv allows at one of the first steps, they did not do the same work, and the size
has no ratio. A live run of the throughput contract makes the same race, and pv judges it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from itertools import chain
from pathlib import Path
from typing import Any

from aprtrain.shapes import shape
from aprtrain.utilisation import flops_per_token, utilisation
from falsifiers.race.side import size_of
from falsifiers.race.turns import SIDES, RaceError, race
from pv.evidence.quantities.race import COMPARED, LARGEST_GAP

SIZES = (
    "qwen2.5-coder-0.5b:4x512",
    "qwen2.5-coder-0.5b:16x1024",
    "qwen2.5-coder-0.5b:32x1024",
    "llama-370m:1x2048",
    "llama-370m:32x1024",
)
Row = dict[str, Any]


def main() -> int:
    """Print one row a size, and the ratio of the two sides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=SIZES, help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--rounds", type=int, default=4, help="turns of each side after its first (default: 4)")
    parser.add_argument("--steps", type=int, default=20, help="steps of a turn (default: 20)")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--out", type=Path, help="JSONL file that gets every turn as it is made")
    told = parser.parse_args()
    if told.out:
        told.out.unlink(missing_ok=True)
    print(f"{'size':<28}{'aprtrain':>12}{'peer':>12}{'ratio':>8}{'gap':>8}{'MFU':>8}{'peer':>8}{'GiB':>7}{'peer':>7}")
    for size in told.sizes:
        rows: list[Row] = []
        try:
            for row in race(size, device=told.device, rounds=told.rounds, steps=told.steps):
                rows.append(row)
                said = f"{size} turn {row['turn']} of {row['side']}: {pace(row):,.0f} tokens/s"
                print(said, file=sys.stderr, flush=True)
                if told.out:
                    with told.out.open("a", encoding="utf-8") as file:
                        file.write(f"{json.dumps(row)}\n")
            print(f"{size:<28}{_line(size, rows)}", flush=True)
        except RaceError as error:
            print(f"{size:<28}not measured: {error}", flush=True)
    return 0


def pace(row: Row) -> float:
    """Tokens a second of a turn."""
    return float(row["steps"] * row["tokens"] / row["seconds"])


def _line(size: str, rows: list[Row]) -> str:
    """Both paces, the median ratio of their turns, the largest difference of losses, MFU and memory."""
    sides = [[row for row in rows if row["side"] == side] for side in SIDES]
    paces = [[pace(row) for row in side[1:]] for side in sides]
    ratio = statistics.median(one / two for one, two in zip(*paces, strict=True))
    losses = [list(chain.from_iterable(row["losses"] for row in side))[:COMPARED] for side in sides]
    gap = max(abs(one - two) for one, two in zip(*losses, strict=True))
    name, _, length = size_of(size)
    speeds = [statistics.median(pace) for pace in paces]
    flops = flops_per_token(shape(name), length)
    shares = [utilisation(speed * flops, side[0]["device"]) for speed, side in zip(speeds, sides, strict=True)]
    memory = [side[-1].get("peak_gib") for side in sides]
    cells = [
        _short(value, digits) for value, digits in ((shares[0], 3), (shares[1], 3), (memory[0], 1), (memory[1], 1))
    ]
    stated = f"{ratio:.3f}" if gap <= LARGEST_GAP else "void"
    return f"{speeds[0]:>12,.0f}{speeds[1]:>12,.0f}{stated:>8}{gap:>8.4f}" + "".join(
        f"{cell:>{width}}" for cell, width in zip(cells, (8, 8, 7, 7), strict=True)
    )


def _short(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    sys.exit(main())
