"""Tokens a second of one training step: `aprtrain` against transformers with torch.compile, on one GPU.

    python benchmarks/throughput.py                                      # the sizes below, both sides twice
    python benchmarks/throughput.py qwen2.5-coder-0.5b:4x512 --rounds 3

Both sides train in bfloat16 over float32 masters with AdamW, clip the global norm at 1, and read the loss of a step
once the next one is under way. They run in turns, each in a process of its own. MFU is that of `aprtrain.utilisation`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

SIZES = (
    "qwen2.5-coder-0.5b:4x512",
    "qwen2.5-coder-0.5b:16x1024",
    "qwen2.5-coder-0.5b:32x1024",
    "llama-370m:1x2048",
    "llama-370m:32x1024",
)
SIDES = {"aprtrain": "throughput_aprtrain.py", "transformers": "throughput_transformers.py"}


def main() -> int:
    """Print one row a size, and the ratio of the two medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=SIZES, help="SHAPE:BATCHxTOKENS")
    parser.add_argument("--rounds", type=int, default=2, help="times that each side runs (default: 2)")
    parser.add_argument("--steps", type=int, default=20, help="timed steps (default: 20)")
    parser.add_argument("--out", type=Path, help="JSONL file that gets every measurement")
    arguments = parser.parse_args()
    rows: list[dict[str, object]] = []
    for _ in range(arguments.rounds):
        for side, script in SIDES.items():
            rows += _run(side, script, arguments.sizes, arguments.steps)
    if arguments.out:
        arguments.out.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    print(f"{'size':<28}{'aprtrain':>12}{'peer':>12}{'ratio':>8}{'MFU':>8}{'peer':>8}{'GiB':>7}{'peer':>7}")
    for size in arguments.sizes:
        ours, peer = ([row for row in rows if row["side"] == side and row["size"] == size] for side in SIDES)
        if not ours or not peer:
            print(f"{size:<28}not measured on both sides")
            continue
        speed, other = (statistics.median(float(str(row["tokens_per_s"])) for row in part) for part in (ours, peer))
        print(
            f"{size:<28}{speed:>12,.0f}{other:>12,.0f}{speed / other:>8.3f}{ours[0]['mfu']:>8.3f}{peer[0]['mfu']:>8.3f}"
            f"{ours[0]['peak_gib']:>7.1f}{peer[0]['peak_gib']:>7.1f}"
        )
    return 0


def _run(side: str, script: str, sizes: list[str], steps: int) -> list[dict[str, object]]:
    command = [sys.executable, str(Path(__file__).with_name(script)), *sizes, "--steps", str(steps)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode != 0:
        print(f"{side} ended with status {ended.returncode}", file=sys.stderr)
    return [{"side": side, **json.loads(line)} for line in ended.stdout.splitlines() if line.startswith("{")]


if __name__ == "__main__":
    sys.exit(main())
