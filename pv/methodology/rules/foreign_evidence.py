"""Parts of the bundle are of different runs, or of another contract.

What it hunts: a bundle whose lock, record, summary and data do not name the same contract, profile, seed, steps,
process or tokenizer.
Why: a receipt is worth something for the run that it is of; a file taken from a better run makes a better receipt.
How it looks: what is named in two places, with both values.
What to do: make the run again; nothing in a bundle may be put together by hand.
Blind spots: parts of two runs with the same settings; what is recorded in one place only.
Source: Content-addressed receipts, as of in-toto and SLSA: every part names what it belongs to.
"""

from collections.abc import Iterator
from typing import Any

from pv.evidence.fields import part
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding]:
    """Compare everything that two parts of the bundle both name."""
    for what, first, second in _named_twice(case):
        if first is not None and second is not None and first != second:
            yield RULE.finding(f"{what}: {str(first)[:64]} in one place, {str(second)[:64]} in another")
    segments = case.bundle.run.get("segments")
    pids = [row.get("pid") for row in segments if isinstance(row, dict)] if isinstance(segments, list) else []
    pid = part(case.bundle.run, "device").get("pid")
    if pid is not None and pids and pid not in pids:
        yield RULE.finding(f"process {pid} is none of those that trained: {str(pids)[:80]}", "raw/run.json")


def _named_twice(case: Case) -> Iterator[tuple[str, Any, Any]]:
    lock, run, summary = case.bundle.lock, case.bundle.run, case.bundle.summary
    contract, config = part(lock, "contract").get("id"), part(run, "config")
    yield "contract of the lock and of the claim", contract, case.contract.id
    yield "contract of the lock and of the run", contract, run.get("contract")
    yield "profile of the lock and of the run", lock.get("profile"), run.get("profile")
    yield "seed", run.get("seed"), config.get("seed")
    yield "tokenizer of the run and of the data", config.get("tokenizer_digest"), _tokenizer(case)
    yield "process of the run and of its summary", part(run, "device").get("pid"), part(summary, "device").get("pid")
    for key in ("planned_steps", "executed_steps", "wall_seconds"):
        yield f"{key} of the run and of its summary", run.get(key), summary.get(key)


def _tokenizer(case: Case) -> Any:
    return part(case.bundle.data, "tokenizer").get("digest")


RULE = Rule(id="foreign-evidence", effect=Effect.INVALIDATES, page=__doc__, check=check)
