"""`pv status`."""

import json
from collections.abc import Callable
from typing import Any


def test_table(site: Any, pv: Any, golden: Callable[[str, str], None]) -> None:
    """Every claim with verdict, level, evidence and date."""
    site.bundle()
    ran = pv("status")
    assert (ran.status, ran.err) == (0, "")
    golden("status.txt", ran.out)


def test_json(site: Any, pv: Any) -> None:
    """The same as JSON; a claim without evidence has none."""
    payload = json.loads(pv("status", "--format", "json").out)
    assert {(claim["verdict"], claim["bundle"], claim["date"]) for claim in payload["claims"]} == {
        ("UNTESTED", None, None)
    }
    bundle = site.bundle()
    payload = json.loads(pv("status", "contracts", "--format", "json").out)
    assert {claim["bundle"] for claim in payload["claims"]} == {bundle.relative_to(site.root).as_posix()}
    assert {claim["date"] for claim in payload["claims"]} == {"2026-05-20"}


def test_altered_evidence_is_only_shown(site: Any, pv: Any) -> None:
    """What the verdicts are does not decide the exit status here."""
    (site.bundle() / "raw" / "log.txt").write_text("x")
    ran = pv("status")
    assert ran.status == 0
    assert "SUSPECT" in ran.out
