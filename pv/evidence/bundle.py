"""What a bundle is: the raw record of one run, and the faults met while reading it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A reason not to believe what a bundle says."""

    rule: str
    """Id of the rule that found it, e.g. `altered-evidence`, `broken-chain`, `unreadable-evidence`."""

    file: str
    """Path inside the bundle, e.g. `raw/metrics.jsonl`."""

    message: str
    """What is wrong there, with expected and found values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The parsed content of `raw/`; parts that the run did not leave are empty."""

    path: Path
    digest: str
    """SHA-256 of the canonical manifest, hex."""

    lock: Row
    run: Row
    data: Row
    tensors: Row
    summary: Row
    metrics: tuple[Row, ...]
    epochs: tuple[Row, ...]
    reported: tuple[Row, ...]
    evals: tuple[Row, ...]
    controls: tuple[Row, ...]
    attacks: Mapping[str, tuple[Row, ...]]
    """Claim id to the rows of `raw/attacks/<id>.jsonl`."""

    processes: tuple[Row, ...] = ()
    """Rows of `raw/processes.jsonl`: each process that the cases of a law ran."""

    race: tuple[Row, ...] = ()
    """Rows of `raw/race.jsonl`: what the trainer and a peer measured in turns."""

    imports: tuple[Row, ...] = ()
    """Rows of `raw/imports.jsonl`: what each judge's process had imported."""

    device: tuple[Row, ...] = ()
    """Rows of `raw/device.csv`: who held how much memory of which device, and when."""

    log: str
    patch: str
    """Source of the mutant the run was made under; empty for an honest run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A folder that was opened as a bundle, with everything that speaks against it."""

    path: Path
    bundle: Bundle | None
    """None where too little could be read to judge anything."""

    faults: tuple[Fault, ...]
