"""`pv report`."""

from typing import Any

import pytest


def test_two_bundles(site: Any, pv: Any) -> None:
    """Two bundles stand on one page, on standard output or in a file."""
    bundles = [site.bundle(), site.bundle(".pv/runs", mutant="unk-corpus")]
    page = pv("report", *bundles)
    assert page.status == 0
    assert page.out.startswith("<!doctype html>")
    assert page.out.count("<section") == 2
    written = pv("report", *bundles, "-o", "page.html")
    assert (written.status, written.out, written.err) == (0, "", "wrote page.html\n")
    assert (site.root / "page.html").read_text(encoding="utf-8") + "\n" == page.out


def test_altered_bundle(site: Any, pv: Any) -> None:
    """An altered bundle still has its page, and the page says what was altered."""
    bundle = site.bundle()
    (bundle / "raw" / "data.json").write_text("{")
    page = pv("report", bundle)
    assert page.status == 0
    assert "Faults of the evidence" in page.out
    assert "raw/data.json" in page.out


@pytest.mark.parametrize("target", ["nowhere/page.html", "contracts"])
def test_page_that_cannot_be_written(site: Any, pv: Any, target: str) -> None:
    """A file that cannot be written makes 2."""
    assert pv("report", site.bundle(), "-o", target).status == 2


def test_no_bundle(site: Any, pv: Any) -> None:
    """What is no bundle makes 2."""
    assert pv("report", "contracts").status == 2
