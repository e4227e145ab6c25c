"""`pv query`."""

import json
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("unigram",), {"unigram_entropy", "OBL-USES-CONTEXT"}),
        (("OBL-learns",), {"OBL-LEARNS"}),
        (("FALSIFY-005",), {"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"}),
        (("--kind", "equation"), {"held_out_loss", "unigram_entropy"}),
        (("less than an hour", "--verdict", "untested"), {"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-002"}),
        (("--tag", "training-run", "--kind", "equation"), {"held_out_loss", "unigram_entropy"}),
        (("unigram", "--in", "contracts"), {"unigram_entropy", "OBL-USES-CONTEXT"}),
    ],
)
def test_found(site: Any, pv: Any, arguments: tuple[str, ...], found: set[str]) -> None:
    """Names, aliases and texts are searched."""
    ran = pv("query", *arguments, "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    assert {entry["name"] for entry in json.loads(ran.out)["found"]} == found


def test_verdict_and_level(site: Any, pv: Any) -> None:
    """What the evidence says can be asked for."""
    site.bundle()
    ran = pv("query", "--verdict", "PARTIAL", "--level", "integration")
    assert ran.status == 0
    assert ran.out.splitlines()[-1] == "found 7 claims"


@pytest.mark.parametrize(
    "arguments", [("zzz",), ("--unbound",), ("--verdict", "FALSIFIED"), ("--level", "live"), ("--tag", "none")]
)
def test_nothing_found(site: Any, pv: Any, arguments: tuple[str, ...]) -> None:
    """Nothing found is 3, and says where was looked."""
    ran = pv("query", *arguments)
    assert (ran.status, ran.out) == (3, "found nothing\n")
    assert "nothing found in 1 contract with 7 claims" in ran.err


def test_unknown_verdict(site: Any, pv: Any) -> None:
    """A word that is no verdict is a usage error."""
    assert pv("query", "--verdict", "FINE").status == 2
