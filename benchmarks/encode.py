"""Speed of `aprtrain encode` against the batch encoder of `tokenizers` on one thread, in interleaved processes.

    python benchmarks/encode.py [--rounds N] [--megabytes N] [CORPUS]

The budget: at least as many tokens a second and core as the library's encoder alone, and twice as many with two
processes. Each figure is of processor time and of wall time; starting Python, and gathering and hashing the documents,
which the library's encoder does not do, are timed apart and shown.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY = 8192
RAW = "tokenizers, one thread"
RAW_IDS = "the same, and its ids"

RAW_PROGRAM = """
import json, sys, time
from tokenizers import Tokenizer
from aprtrain.corpus import gather
corpus, tokenizer, limit, ids = sys.argv[1:]
texts = [one.text for one in gather(corpus, max_bytes=int(limit)).documents]
inner = Tokenizer.from_file(tokenizer + "/tokenizer.json")
wall, cpu = time.perf_counter(), time.process_time()
found = inner.encode_batch_fast(texts, add_special_tokens=False)
tokens = sum(len(one.ids) for one in found) if ids == "1" else sum(map(len, found))
print(json.dumps({"tokens": tokens, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))
"""

GATHER_PROGRAM = """
import sys
from aprtrain.corpus import gather
from aprtrain import encode
gather(sys.argv[1], max_bytes=int(sys.argv[2]))
"""


def raw(corpus: str, tokenizer: Path, limit: int, *, ids: bool) -> dict[str, float]:
    """Tokens, wall and processor seconds of the library's encoder alone."""
    command = [sys.executable, "-c", RAW_PROGRAM, corpus, str(tokenizer), str(limit), str(int(ids))]
    environ = os.environ | {"TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, check=True, capture_output=True, env=environ, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def timed(command: list[str]) -> dict[str, float]:
    """Wall and processor seconds of a command and its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True, cwd=ROOT)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def encoded(corpus: str, tokenizer: Path, limit: int, processes: int) -> dict[str, float]:
    """The same of `aprtrain encode`, from start to exit."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        command = ["-m", "aprtrain", "encode", corpus, "--tokenizer", str(tokenizer), "--out", str(out)]
        spent = timed([*command, "--max-bytes", str(limit), "--processes", str(processes)])
        audit = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["audit"]
        return spent | {"tokens": audit["tokens"]}


def main() -> None:
    """Print the table of rates and ratios with the machine and the versions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", default="stdlib")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=20)
    options = parser.parse_args()
    limit, taken = options.megabytes * 1_000_000, {}
    with tempfile.TemporaryDirectory() as name:
        tokenizer = Path(name)
        make = ["-m", "aprtrain", "tokenizer", "train", options.corpus, "--vocab-size", str(VOCABULARY), "--out", name]
        timed([*make, "--max-bytes", str(min(limit, 8_000_000))])
        for _ in range(options.rounds):
            row = {
                RAW: raw(options.corpus, tokenizer, limit, ids=False),
                RAW_IDS: raw(options.corpus, tokenizer, limit, ids=True),
                "start and gather": timed(["-c", GATHER_PROGRAM, options.corpus, str(limit)]),
                "aprtrain encode, 1 process": encoded(options.corpus, tokenizer, limit, 1),
                "aprtrain encode, 2 processes": encoded(options.corpus, tokenizer, limit, 2),
            }
            for key, value in row.items():
                taken.setdefault(key, []).append(value)
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, tokenizers {version('tokenizers')}, numpy {version('numpy')}"
    )
    tokens = taken[RAW][0]["tokens"]
    print(f"{options.rounds} interleaved rounds of {tokens:,} tokens, vocabulary of {VOCABULARY}; medians")
    print(f"{'':32} {'wall s':>8} {'cpu s':>8} {'tokens/s':>10} {'per cpu s':>10} {'x wall':>7} {'x cpu':>7}")
    base = {unit: statistics.median(one[unit] for one in taken[RAW]) for unit in ("wall", "cpu")}
    for key, rows in taken.items():
        wall, cpu = (statistics.median(one[unit] for one in rows) for unit in ("wall", "cpu"))
        rates = f"{tokens / wall:10,.0f} {tokens / cpu:10,.0f} {base['wall'] / wall:7.2f} {base['cpu'] / cpu:7.2f}"
        print(f"{key:32} {wall:8.2f} {cpu:8.2f} {rates if 'gather' not in key else ''}")


if __name__ == "__main__":
    main()
