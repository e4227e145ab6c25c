"""The sampler says what the operating system says about a process."""

import csv
import os
import time
from pathlib import Path

from pv.trial.sampler import HEADER, Sampler


def test_rows_name_the_process_and_its_memory(tmp_path: Path) -> None:
    path = tmp_path / "device.csv"
    with Sampler(os.getpid(), path, period_s=0.02):
        time.sleep(0.1)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert path.read_text().startswith(HEADER)
    assert len(rows) >= 2
    assert {row["pid"] for row in rows if row["device"] == "host"} == {str(os.getpid())}
    assert all(float(row["memory_mib"]) > 1 for row in rows if row["device"] == "host")


def test_a_process_that_is_gone_leaves_only_the_header(tmp_path: Path) -> None:
    path = tmp_path / "device.csv"
    with Sampler(2**22 - 1, path, period_s=0.02):
        time.sleep(0.05)
    assert "host" not in path.read_text()
