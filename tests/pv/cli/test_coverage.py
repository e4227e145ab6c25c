"""`pv coverage`."""

import json
from typing import Any


def test_links(site: Any, pv: Any) -> None:
    """Evidence links claims and obligations; equations that no obligation names are told."""
    site.bundle()
    assert "2 of 2     5 of 5       7 of 7" in pv("coverage").out
    text = site.contract.read_text(encoding="utf-8")
    site.contract.write_text(text.replace("    applies_to: held_out_loss\n", ""), encoding="utf-8")
    ran = pv("coverage")
    assert ran.status == 0
    assert "1 of 2     5 of 5       7 of 7" in ran.out
    assert "held_out_loss" in ran.out
    assert "no-obligation" in ran.out
    assert "13 of 14 parts linked to fresh evidence" in ran.out


def test_strict_asks_for_everything(site: Any, pv: Any) -> None:
    """A gap is only shown, unless it is asked for none."""
    assert (pv("coverage").status, pv("coverage", "--strict").status) == (0, 3)


def test_altered_evidence_links_nothing(site: Any, pv: Any) -> None:
    """Evidence that cannot be trusted ends every chain at its claim."""
    (site.bundle() / "raw" / "log.txt").write_text("x")
    ran = pv("coverage", "--format", "json")
    payload = json.loads(ran.out)
    assert payload["summary"]["claims"] == {"linked": 0, "total": 7, "share": 0.0}
    codes = {found["code"] for part in payload["contracts"][0]["parts"] for found in part["breaks"]}
    assert codes == {"suspect-evidence"}


def test_nothing_to_cover(site: Any, pv: Any) -> None:
    """An empty contract, and no contract at all, are no success."""
    site.contract.write_text('pv: "1"\nmetadata: {id: C, version: "1.0.0", description: d}\n')
    ran = pv("coverage", "--strict")
    assert (ran.status, "nothing to cover" in ran.out, "100" in ran.out) == (3, True, False)
    site.contract.unlink()
    ran = pv("coverage")
    assert (ran.status, "no contract was found" in ran.err) == (3, True)


def test_unreadable_contract(site: Any, pv: Any) -> None:
    """A file that is no contract is named, and the status is 2."""
    site.contract.write_text("- 1\n")
    ran = pv("coverage")
    assert (ran.status, "apr-pretrain-init-finetune-v1.yaml: is no readable contract" in ran.err) == (2, True)


def test_missing_path(site: Any, pv: Any) -> None:
    """A path that is not there is a usage error."""
    assert pv("coverage", "gone.yaml").status == 2
