"""Tokens a second of one training step: `aprtrain` against transformers with torch.compile, on one GPU.

    python benchmarks/throughput.py                                      # the sizes below, both sides twice
    python benchmarks/throughput.py qwen2.5-coder-0.5b:4x512 --rounds 3
    python benchmarks/throughput.py path/to/config.json:2x16 --device cpu    # a small shape, to see that it works

Both sides train in bfloat16 over float32 masters with AdamW, clip the global norm at 1, and read the loss of a step
once the next one is under way. They run in turns, each in a process of its own. MFU is that of `aprtrain.utilisation`.
Both start from the same weights and read the same windows; where their losses differ by more than 0.05 nats per token
at any step they did not do the same work, and the size has no ratio.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIZES = (
    "qwen2.5-coder-0.5b:4x512",
    "qwen2.5-coder-0.5b:16x1024",
    "qwen2.5-coder-0.5b:32x1024",
    "llama-370m:1x2048",
    "llama-370m:32x1024",
)
Row = dict[str, Any]
LARGEST_GAP = 0.05
"""Nats per token that the losses of the same step may differ by."""
SIDES = {"aprtrain": "throughput_aprtrain.py", "transformers": "throughput_transformers.py"}


def main() -> int:
    """Print one row a size, and the ratio of the two medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=SIZES, help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--rounds", type=int, default=2, help="times that each side runs (default: 2)")
    parser.add_argument("--steps", type=int, default=20, help="timed steps (default: 20)")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--out", type=Path, help="JSONL file that gets every measurement as it is made")
    arguments = parser.parse_args()
    rows: list[Row] = []
    if arguments.out:
        arguments.out.unlink(missing_ok=True)
    for _ in range(arguments.rounds):
        for side, script in SIDES.items():
            for row in _run(side, script, arguments.sizes, arguments.steps, arguments.device):
                rows.append(row)
                print(f"{side} {row['size']}: {row['tokens_per_s']:,.0f} tokens/s", file=sys.stderr, flush=True)
                if arguments.out:
                    with arguments.out.open("a", encoding="utf-8") as file:
                        file.write(f"{json.dumps(row)}\n")
    print(f"{'size':<28}{'aprtrain':>12}{'peer':>12}{'ratio':>8}{'gap':>8}{'MFU':>8}{'peer':>8}{'GiB':>7}{'peer':>7}")
    for size in arguments.sizes:
        ours, peer = ([row for row in rows if row["side"] == side and row["size"] == size] for side in SIDES)
        print(f"{size:<28}{_line(ours, peer) if ours and peer else 'not measured on both sides'}")
    return 0


def _line(ours: list[Row], peer: list[Row]) -> str:
    """Both medians, their ratio where the same work was done, the largest difference of losses, MFU and memory."""
    speed, other = (statistics.median(row["tokens_per_s"] for row in rows) for rows in (ours, peer))
    gap = max(abs(a - b) for one in ours for two in peer for a, b in zip(one["losses"], two["losses"], strict=True))
    ratio = f"{speed / other:.3f}" if gap <= LARGEST_GAP else "void"
    more = [_short(row[name], digits) for name, digits in (("mfu", 3), ("peak_gib", 1)) for row in (ours[0], peer[0])]
    return f"{speed:>12,.0f}{other:>12,.0f}{ratio:>8}{gap:>8.4f}{more[0]:>8}{more[1]:>8}{more[2]:>7}{more[3]:>7}"


def _short(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _run(side: str, script: str, sizes: list[str], steps: int, device: str) -> Iterator[Row]:
    command = [sys.executable, str(Path(__file__).with_name(script)), *sizes, "--steps", str(steps), "--device", device]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("{"):
                yield {"side": side, **json.loads(line)}
    if process.returncode != 0:
        print(f"{side} ended with status {process.returncode}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
