"""A small contract and a sound record to judge it by: what laws spoil, to see whether pv notices.

The record is made up so that its numbers hang together as those of a real run do. With it both claims are DISCHARGED:
one about a law, one about a held-out loss. Nothing here is evidence of anything but of how pv judges.
"""

from __future__ import annotations

import copy
import hashlib
import importlib
import json
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

Record: TypeAlias = dict[str, Any]
"""Name of a raw file to its content: an object for .json, rows for .jsonl, text for others."""

Place: TypeAlias = tuple[Any, ...]
"""File, then keys and indices."""

LAW: Final = "EXHIBIT-LAW"
LOSS: Final = "EXHIBIT-LOSS"
PASSES: Final = frozenset({"DISCHARGED", "PARTIAL"})
CONTRACT: Final = f"""
pv: "1"
metadata: {{id: C-EXHIBIT, version: "1.0.0", description: d}}
system: {{trainer: exhibit, profiles: {{cpu: tiny}}}}
falsification_tests:
  - id: {LAW}
    rule: r
    prediction: p
    if_fails: f
    requires: algorithm
    measure: {{series: attack/steady, reduce: max, unit: nats}}
    op: "<="
    bound: 0.5
    counter_example_classes: [planted]
  - id: {LOSS}
    rule: r
    prediction: p
    if_fails: f
    requires: integration
    measure: {{series: eval/loss, reduce: last, unit: nats/token, split: val-b}}
    op: "<"
    bound: 3.0
    below: [unigram_entropy]
    plausible: {{low: 1.0, high: 9.0, unit: nats/token, source: s}}
    confidence: 0.95
    counter_example_classes: [planted]
"""
STEPS: Final = 6
DOCUMENTS: Final = 32
TOKENS: Final = 100
VOCABULARY: Final = 64
BEFORE: Final = "2026-01-01T10:00:00.000+00:00"
AFTER: Final = "2026-01-01T10:01:00.000+00:00"


@dataclass(frozen=True, slots=True)
class Judged:
    """What pv made of a claim."""

    verdict: str
    reasons: frozenset[str]
    """Codes of its reasons and findings."""
    said: str
    """Their messages."""
    level: str
    """How real the evidence is that it rests on; empty where nothing is."""


def record(*, mutant: str = "") -> Record:
    """A sound record, new each time; under a mutant, one in which the fault was seen."""
    return copy.deepcopy(_record(mutant))


@lru_cache(maxsize=4)
def _record(mutant: str) -> Record:
    names = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(DOCUMENTS)]
    losses = [2.0 + 0.3 * math.sin(number) for number in range(DOCUMENTS)]
    worse = 2.0 if mutant else 0.0
    evals = [
        _eval(reading, evaluator, name, loss + more)
        for reading, evaluator, more in (("final", "system", worse), ("final", "oracle", worse))
        for name, loss in zip(names, losses, strict=True)
    ]
    evals += [_eval("unigram", "table", name, math.log(VOCABULARY)) for name in names]
    histogram = {str(token): DOCUMENTS * TOKENS // VOCABULARY for token in range(VOCABULARY)}
    claims = [
        {"id": claim, "meaning_digest": "m", "falsifier": "f", "falsifier_digest": "d", "mutants": ["planted"]}
        for claim in (LAW, LOSS)
    ]
    return {
        "claim.lock.json": {
            "schema_version": "1",
            "contract": {"id": "C-EXHIBIT", "version": "1.0.0", "path": "contracts/exhibit.yaml", "digest": "c"},
            "profile": "cpu",
            "claim": LAW,
            "claims": claims,
            "locked_at": BEFORE,
        },
        "run.json": {
            "schema_version": "1",
            "profile": "cpu",
            "trainer": {"name": "exhibit", "modules": {"exhibit": "e"}},
            "mutant": {"name": mutant, "patch": "mutant.patch"} if mutant else None,
            "dataset": None,
            "dirty_digest": "",
            "started_at": BEFORE,
            "finished_at": AFTER,
            "exit_code": 0,
            "exit_reason": "completed",
            "planned_steps": STEPS,
            "executed_steps": STEPS,
            "wall_seconds": 6.0,
            "device": {"platform": "cpu", "pid": 7},
            "config": {"model": {"vocab_size": VOCABULARY}},
        },
        "data.json": {
            "tokenizer": {"digest": "t", "vocab_size": VOCABULARY},
            "splits": {"train": {"tokens": 1000, "documents": 9, "digest": "s"}},
            "scored": {
                "split": "val-b",
                "documents": DOCUMENTS,
                "tokens": DOCUMENTS * TOKENS,
                "histogram": histogram,
            },
        },
        "metrics.jsonl": [{"step": step, "loss": 4.0 - step / 10, "wall_ms": 1000.0} for step in range(STEPS)],
        "evals.jsonl": evals,
        f"attacks/{LAW}.jsonl": [_attack(0.9 if mutant else 0.25)],
        f"attacks/{LOSS}.jsonl": [_attack(0.25)],
        "log.txt": "done\n",
        **({"mutant.patch": "--- a/exhibit.py\n+++ b/exhibit.py\n@@ -1 +1 @@\n-x\n+y\n"} if mutant else {}),
    }


def _eval(reading: str, evaluator: str, document: str, loss: float) -> Record:
    where = {"reading": reading, "evaluator": evaluator, "split": "val-b", "document": document}
    return where | {"sum_nats": loss * TOKENS, "tokens": TOKENS}


def _attack(worst: float) -> Record:
    broken = worst > 0.5
    return {
        "law": "steady",
        "role": "claim",
        "unit": "nats",
        "tolerance": 0.5,
        "cases": 60,
        "fewest": 50,
        "discards": 0,
        "seed": 1,
        "worst": worst,
        "nearest_margin": worst - 0.5,
        "outcome": "refuted" if broken else "survived",
        "reason": "",
        "counterexample": {"case": {"n": 1}, "reading": worst} if broken else None,
    }


def numbers(parts: Record) -> list[Place]:
    """Where a record holds numbers, one place of many that are alike."""
    found: dict[Place, Place] = {}
    for place in _leaves(parts, ()):
        alike = tuple("*" if isinstance(part, int) or part.isdigit() else part for part in place)
        found.setdefault(alike, place)
    return list(found.values())


def _leaves(value: Any, at: Place) -> Iterator[Place]:
    if isinstance(value, Mapping | list):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _leaves(inner, (*at, key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at


def put(parts: Record, place: Place, value: Any) -> None:
    """Replace what stands at a place of a record."""
    inner: Any = parts
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value


def sealed(parts: Record, root: Path) -> Path:
    """Write a record below a folder and seal it, as pv seals what a trial left."""
    staging = Path(tempfile.mkdtemp(dir=root))
    for name, value in parts.items():
        path = staging / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(name, value))
    evidence = importlib.import_module("pv.evidence")
    when = datetime(2026, 1, 1, tzinfo=UTC)
    bundle: Path = evidence.seal(staging, root / "evidence", contract="exhibit", profile="cpu", when=when)
    return bundle


def content(name: str, value: Any) -> bytes:
    """A raw file as pv reads it; rows of metrics name the digest of the line before."""
    if isinstance(value, bytes | str):
        return value if isinstance(value, bytes) else value.encode()
    if name.endswith(".json"):
        return json.dumps(value).encode()
    lines, previous = list[bytes](), "0" * 64
    for row in value:
        line = json.dumps({**row, "prev": previous} if name == "metrics.jsonl" else row).encode()
        previous = hashlib.sha256(line).hexdigest()
        lines.append(line + b"\n")
    return b"".join(lines)


@contextmanager
def bench() -> Iterator[Path]:
    """A folder for bundles, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def judged(
    bundles: Sequence[Path],
    *,
    text: str = CONTRACT,
    stale: Callable[[Any], tuple[str, ...]] = lambda _bundle: (),
    laws: tuple[str, ...] = ("steady",),
) -> Mapping[str, Judged]:
    """What pv makes of each claim of a contract from bundles, where nothing but `stale` says that they are old."""
    contract, evidence, verdict = (
        importlib.import_module(f"pv.{name}") for name in ("contract", "evidence", "verdict")
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "exhibit.yaml")
        path.write_text(text, encoding="utf-8")
        loaded = contract.load(path)
    sources = verdict.Sources(stale=lambda _claim, _contract, bundle: stale(bundle), laws=lambda _claim: laws)
    found = verdict.judge_contract(loaded, [evidence.open_bundle(bundle) for bundle in bundles], sources)
    return {claim.claim.id: _judged(claim) for claim in found.claims}


def _judged(claim: Any) -> Judged:
    notes = [*claim.reasons, *claim.findings]
    codes = frozenset(getattr(note, "code", None) or note.rule for note in notes)
    said = "\n".join(f"{note.message} {getattr(note, 'place', '')}" for note in notes)
    return Judged(str(claim.verdict), codes, said, str(claim.level or ""))


def of(
    parts: Record, *others: Record, text: str = CONTRACT, laws: tuple[str, ...] = ("steady",)
) -> Mapping[str, Judged]:
    """What pv makes of each claim from a record, beside other ones; with none, beside that of the planted fault."""
    with bench() as root:
        return judged(
            [sealed(one, root) for one in (parts, *(others or (record(mutant="planted"),)))], text=text, laws=laws
        )
