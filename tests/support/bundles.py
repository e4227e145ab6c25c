"""Writes a sealed bundle from the parts of a record, and spoils it on demand before it is sealed."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pv.evidence import canonical_bytes, seal, write_json, write_jsonl

CONTRACT = "apr-pretrain-init-finetune-v1"
MODULES = {"aprtrain.train": "d" * 64}
DEVICE = "time,pid,device,memory_mib,utilisation_pct\n2026-05-20T10:00:01.000+00:00,4242,host,512.0,98\n"
PATCH = "--- a/aprtrain/model.py\n+++ b/aprtrain/model.py\n@@ -1 +1 @@\n-x\n+y\n"

Spoil = Mapping[str, Any] | Callable[[Any], Any] | None
"""A mapping replaces keys of a part; a function gets the part and returns the new one."""


def build(
    root: Path,
    record: str,
    *,
    contract: str = CONTRACT,
    profile: str = "cpu",
    claims: Sequence[Mapping[str, Any]] | None = None,
    modules: Mapping[str, str] = MODULES,
    mutant: str | None = None,
    log: str = "step 60/60 loss 2.71\n",
    device: str = DEVICE,
    edit: Callable[[Path], None] = lambda raw: None,
    when: datetime = datetime(2026, 5, 20, tzinfo=UTC),
    **spoilt: Spoil,
) -> Path:
    """Write a bundle as `<root>/<contract>/<name>` and return its folder.

    Args:
        root: Root of bundles.
        record: Every part of the record, as JSON.
        contract: Stem of the contract's file.
        profile: Profile of the run.
        claims: Rows of the lock; made-up digests for the seven claims by default.
        modules: Trainer module to digest.
        mutant: Name of a planted fault; adds a patch.
        log: Text of log.txt.
        device: Text of device.csv; the host's memory of process 4242 by default.
        edit: Called with `raw/` last of all, before sealing.
        when: Date of the bundle.
        spoilt: Changes to lock, run, data, tensors, summary (objects), metrics (chained afterwards), epochs,
            reported, evals, controls, imports (rows), or attacks (claim id to rows).
    """
    whole = json.loads(record)
    whole["lock"] |= {"profile": profile} | ({} if claims is None else {"claims": list(claims)})
    whole["run"] |= {"profile": profile, "trainer": {"name": "aprtrain", "modules": dict(modules)}}
    whole["run"]["mutant"] = {"name": mutant, "patch": "mutant.patch"} if mutant else None
    raw = root / ".staging" / "raw"
    _write(raw, {name: _spoilt(part, spoilt.pop(name, None)) for name, part in whole.items()})
    assert not spoilt, f"no such part: {', '.join(spoilt)}"
    texts = {"log.txt": log, "device.csv": device} | ({"mutant.patch": PATCH} if mutant else {})
    for name, text in texts.items():
        (raw / name).write_text(text)
    edit(raw)
    return seal(raw.parent, root, contract=contract, profile=profile, when=when)


def chained(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as lines, each naming the digest of the one before."""
    lines, previous = [], "0" * 64
    for row in rows:
        line = canonical_bytes({**row, "prev": previous})
        previous = hashlib.sha256(line).hexdigest()
        lines.append(line + b"\n")
    return b"".join(lines)


def _write(raw: Path, parts: Mapping[str, Any]) -> None:
    write_json(raw / "claim.lock.json", parts["lock"])
    for name in ("run", "data", "tensors", "summary"):
        write_json(raw / f"{name}.json", parts[name])
    (raw / "metrics.jsonl").write_bytes(chained(parts["metrics"]))
    for name in ("reported", "evals", "controls", "imports"):
        write_jsonl(raw / f"{name}.jsonl", parts[name])
    for number, epoch in enumerate(parts["epochs"]):
        write_json(raw / "epochs" / f"epoch-{number:03d}.json", epoch)
    for claim, rows in parts["attacks"].items():
        write_jsonl(raw / "attacks" / f"{claim}.jsonl", rows)


def _spoilt(part: Any, spoil: Spoil) -> Any:
    if spoil is None:
        return part
    return {**part, **spoil} if isinstance(spoil, Mapping) else spoil(part)
