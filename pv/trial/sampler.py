"""What the operating system and the driver say about a training process while it runs."""

import os
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from types import TracebackType
from typing import Self

HEADER = "time,pid,device,memory_mib,utilisation_pct\n"


class Sampler:
    """Appends a row per device to `path` every `period_s` seconds, from another thread."""

    def __init__(self, pid: int, path: Path, period_s: float = 1.0) -> None:
        self._pid = pid
        self._path = path
        self._period_s = period_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._cpu_seconds = 0.0

    def __enter__(self) -> Self:
        if not self._path.exists():
            self._path.write_text(HEADER)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _loop(self) -> None:
        smi = which("nvidia-smi")
        while not self._stop.is_set():
            rows = [self._host_row()] + (_gpu_rows(smi) if smi else [])
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            with self._path.open("a") as file:
                file.writelines(f"{now},{row}\n" for row in rows if row)
            self._stop.wait(self._period_s)

    def _host_row(self) -> str:
        try:
            resident_pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
            fields = Path(f"/proc/{self._pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError, ValueError):
            return ""
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        busy_pct = 100 * (seconds - self._cpu_seconds) / self._period_s
        self._cpu_seconds = seconds
        return f"{self._pid},host,{resident_pages * os.sysconf('SC_PAGE_SIZE') / 2**20:.1f},{busy_pct:.0f}"


def _gpu_rows(smi: str) -> list[str]:
    """Return `pid,gpu,memory_mib,utilisation_pct` for every compute process the driver lists."""
    try:
        apps = _query(smi, "--query-compute-apps=gpu_uuid,pid,used_gpu_memory")
        busy = dict(line.split(", ") for line in _query(smi, "--query-gpu=uuid,utilization.gpu"))
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
    rows = []
    for line in apps:
        uuid, pid, memory_mib = line.split(", ")
        rows.append(f"{pid},gpu:{uuid[-8:]},{memory_mib},{busy.get(uuid, '')}")
    return rows


def _query(smi: str, what: str) -> list[str]:
    done = subprocess.run(
        [smi, what, "--format=csv,noheader,nounits"], capture_output=True, text=True, timeout=10, check=True
    )
    return [line for line in done.stdout.splitlines() if line.strip()]
