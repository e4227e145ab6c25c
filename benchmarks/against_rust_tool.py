"""Compares `pv validate` with a built binary of the older Rust tool, over a folder of real contracts: decisions, time.

    python benchmarks/against_rust_tool.py path/to/rust/pv path/to/contracts --rounds 5

The Rust tool takes one process a file, `pv validate` one for the folder: cold with an empty cache, warm with the one
that the cold run left. Runs alternate, so that a busy machine slows all three.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pv.contract import load

_ROOT = Path(__file__).resolve().parents[1]


def decisions(binary: Path, files: list[Path]) -> tuple[Counter[tuple[str, str]], list[str]]:
    """How often each pair of decisions was taken, the Rust tool's first; and where they differ, with both reasons."""
    count: Counter[tuple[str, str]] = Counter()
    differ = []
    for path in files:
        done = subprocess.run([binary, "validate", path], capture_output=True, text=True, check=False)
        loaded = load(path)
        pair = ("accept" if done.returncode == 0 else "reject", "accept" if loaded.valid else "reject")
        count[pair] += 1
        if pair[0] != pair[1]:
            errors = [str(found).split("\n", 1)[0] for found in loaded.problems if found.severity == "error"]
            differ.append(f"{path}: {done.stderr.strip()[:200] or 'accepted'} / {errors[:1] or 'accepted'}")
    return count, differ


def rust_seconds(binary: Path, files: list[Path]) -> float:
    """Time of one process a file, one after another."""
    start = time.perf_counter()
    for path in files:
        subprocess.run([binary, "validate", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def our_seconds(folder: Path) -> float:
    """Time of one `pv validate` over a folder."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-m", "pv", "validate", folder.name]
    start = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, cwd=folder.parent, env=environment, check=False, **quiet)
    return time.perf_counter() - start


def main() -> int:
    """Print the confusion matrix, the differences and the ratios; 1 where a decision differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path, help="the built Rust tool")
    parser.add_argument("folder", type=Path, help="contracts; read with its subfolders")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    binary = given.binary.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "contracts"
        shutil.copytree(given.folder, folder)
        files = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
        count, differ = decisions(binary, files)
        for (rust, ours), number in sorted(count.items()):
            print(f"rust {rust}, ours {ours}: {number}")
        print(*differ, sep="\n" if differ else "")
        rows: list[tuple[float, float, float]] = []
        for _ in range(given.rounds):
            shutil.rmtree(Path(scratch) / ".pv", ignore_errors=True)
            rows.append((rust_seconds(binary, files), our_seconds(folder), our_seconds(folder)))
    rust, cold, warm = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"{len(files)} files, median of {given.rounds}: rust {rust:.3f} s, cold {cold:.3f} s, warm {warm:.3f} s")
    print(f"cold / rust {cold / rust:.2f} (budget 4), warm / rust {warm / rust:.2f} (budget 2)")
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
