"""The README of a bundle."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

from pv.view.dossier import Dossier, histogram_entropy, levels
from pv.view.markdown import readme, write_readme


def test_written_beside_the_raw_evidence(dossiers: Sequence[Dossier]) -> None:
    """README and picture land in `derived/` and a second writing changes nothing."""
    dossier = dossiers[0]
    page = write_readme(dossier.opened, dossier.verdicts)
    assert page == dossier.path / "derived" / "README.md"
    first = page.read_text(encoding="utf-8")
    assert first.startswith("# PARTIAL: profile micro")
    ET.fromstring((page.parent / "loss.svg").read_text(encoding="utf-8"))
    assert write_readme(dossier.opened, dossier.verdicts).read_text(encoding="utf-8") == first


def test_stranger_in_markdown(hostile_dossier: Dossier) -> None:
    """No tag, no link and no broken row comes out of a stranger's strings."""
    text = readme(hostile_dossier)
    assert "<" not in text
    assert not re.search(r"(?<!\\)\]\((?!loss\.svg\))", text)
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        bars = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(bars) == 1


def test_attack_by_processes(dossiers: Sequence[Dossier]) -> None:
    """A bundle of an attack has no picture; its laws say how many cases they had, needed and spent processes on."""
    dossier = dossiers[0]
    assert dossier.bundle is not None
    claim = dossier.verdicts[0].claim_id
    row = {"law": "refuses", "role": "claim", "cases": 24, "fewest": 20, "worst": 0, "unit": "errors"}
    ran = tuple({"claim": claim, "law": "refuses", "case": case} for case in range(24))
    bundle = replace(dossier.bundle, metrics=(), attacks={claim: (row | {"outcome": "survived"},)}, processes=ran)
    text = readme(replace(dossier, opened=replace(dossier.opened, bundle=bundle)))
    assert "| refuses | claim | 24 | 20 | 24 | 0 errors | survived |" in text
    assert "loss.svg" not in text


def test_wrong_control_in_markdown(dossiers: Sequence[Dossier]) -> None:
    """Expected, reading and outcome stand in one row."""
    assert "| top-share | &lt;= 0.5 ratio | 0.9999 ratio | WRONG |" in readme(dossiers[1])


def test_unreadable_bundle(dossiers: Sequence[Dossier]) -> None:
    """A folder without a bundle has a page that says why."""
    text = readme(dossiers[2])
    assert text.startswith("# UNTESTED: unreadable bundle c")
    assert "no JSON" in text


def test_levels_of_the_picture(dossiers: Sequence[Dossier]) -> None:
    """ln V and the entropy come from the data, a contrast's own value goes before the histogram's."""
    found = {level.name: level.value for level in levels(dossiers[0])}
    assert list(found) == ["ln V", "unigram entropy", "bound <", "measured"]
    assert found["unigram entropy"] == 5.61


def test_entropy_of_odd_histograms() -> None:
    """Counts may be strings; what is no histogram has no entropy."""
    assert histogram_entropy({"1": "5", "2": 5}) == 0.6931471805599453
    assert histogram_entropy({"1": 7}) == 0
    for odd in (None, [], {}, {"1": 0}, {"1": "x"}, {"1": -1, "2": 3}, {"1": None}):
        assert histogram_entropy(odd) is None
