"""The page of a bundle, a stranger's included."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pv.view.dossier import Dossier
from pv.view.html import report_page

VOID = {"meta"}


class _Balance(HTMLParser):
    """Every tag of a page, each closed in the order it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _parsed(page: str) -> _Balance:
    parsed = _Balance(page)
    assert parsed.open == []
    return parsed


def test_tag_left_open(dossiers: Sequence[Dossier]) -> None:
    """The page is balanced, names its language and has a title."""
    parsed = _parsed(report_page(dossiers))
    assert ("html", {"lang": "en"}) in parsed.seen
    assert "Verdicts of 3 bundles" in parsed.text
    assert sum(tag == "h1" for tag, _ in parsed.seen) == 1


def test_stranger_that_executes(hostile_dossier: Dossier) -> None:
    """With a script in every string, the page holds no element or attribute that could run or load."""
    page = report_page([hostile_dossier])
    parsed = _parsed(page)
    assert not {tag for tag, _ in parsed.seen} & {
        "script",
        "iframe",
        "object",
        "embed",
        "img",
        "link",
        "base",
        "form",
    }
    for tag, attributes in parsed.seen:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert set(attributes) <= {
            "aria-label", "aria-labelledby", "charset", "class", "colspan", "content", "d", "href",
            "http-equiv", "id", "lang", "name", "role", "scope", "tabindex", "text-anchor", "viewbox",
            "x", "xmlns", "y",
        }  # fmt: skip
        assert re.fullmatch(r"#bundle-\d+", attributes.get("href") or "#bundle-1")
    assert "<script" not in page
    assert "\x1b" not in page
    assert any("<script>" in text for text in parsed.text), "the string itself must be readable"


def test_page_that_loads(dossiers: Sequence[Dossier]) -> None:
    """Nothing is fetched: no address but the name of the SVG format, and a policy that forbids the rest."""
    page = report_page(dossiers)
    assert set(re.findall(r"https?://[^\s\"'<>)]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_missing_part(dossiers: Sequence[Dossier]) -> None:
    """Verdicts, controls, findings, reasons and faults of every bundle stand on the page."""
    text = " ".join(_parsed(report_page(dossiers)).text)
    for expected in (
        "PARTIAL", "SUSPECT", "WRONG", "not run: no scored sequence", "degenerate-targets", "vacuous-bound",
        "level-below-required", "unreadable-evidence", "1 of 3 right, 1 wrong, 1 not run", "FALSIFY-005",
        "They do not show that its writer was honest",
    ):  # fmt: skip
        assert expected in text, expected


def test_link_that_leads_nowhere(dossiers: Sequence[Dossier]) -> None:
    """Every link and every label names an element of the page."""
    seen = _parsed(report_page(dossiers)).seen
    ids = [attributes["id"] for _, attributes in seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in seen:
        if href := attributes.get("href"):
            assert href.removeprefix("#") in ids
        if label := attributes.get("aria-labelledby"):
            assert label in ids


def test_table_that_no_key_reaches(dossiers: Sequence[Dossier]) -> None:
    """What scrolls can be focused, and says what it is."""
    regions = [a for tag, a in _parsed(report_page(dossiers)).seen if a.get("class") == "scroll"]
    assert regions
    assert all(region["tabindex"] == "0" and region["role"] == "region" and region["aria-label"] for region in regions)


def test_largereport_page(dossiers: Sequence[Dossier]) -> None:
    """A long run and many findings keep the page below a megabyte."""
    dossier = dossiers[1]
    assert dossier.bundle
    metrics = tuple({"step": step, "loss": 1.0 + step % 7} for step in range(100_000))
    finding = dossier.verdicts[0].findings[0]
    findings = tuple(replace(finding, message=f"{number} " + "x" * 300) for number in range(5000))
    verdict = replace(dossier.verdicts[0], findings=findings)
    opened = replace(dossier.opened, bundle=replace(dossier.bundle, metrics=metrics))
    large = replace(dossier, opened=opened, verdicts=(verdict,))
    assert len(report_page([large]).encode()) < 1_000_000


def test_no_bundle() -> None:
    """Nothing to show is still a page."""
    _parsed(report_page([]))


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not on PATH")
def test_page_that_does_not_render(hostile_dossier: Dossier, dossiers: Sequence[Dossier], tmp_path: Path) -> None:
    """A browser shows the page, a stranger's too, and its content policy blocks nothing that it needs."""
    page = tmp_path / "page.html"
    page.write_text(report_page([*dossiers, hostile_dossier]), encoding="utf-8")
    picture = tmp_path / "page.png"
    chromium = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--window-size=400,900",
        f"--user-data-dir={tmp_path / 'user'}", "--enable-logging=stderr",
        f"--screenshot={picture}", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(chromium, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Content Security Policy" not in done.stderr
    assert picture.stat().st_size > 10_000
