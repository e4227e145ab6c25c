"""The `derived/README.md` of a bundle: for people who browse the evidence, never read to decide."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from pv.evidence import Opened
from pv.verdict import BundleVerdict
from pv.view.dossier import Dossier, picture, run_facts
from pv.view.layout import clean, number
from pv.view.trial import (
    bound_text,
    control_cell,
    controls_text,
    further_reasons,
    measurement_text,
    passed_text,
    reading_text,
)

_PICTURE = "loss.svg"


def write_readme(opened: Opened, verdicts: Sequence[BundleVerdict], names: Mapping[str, str] | None = None) -> Path:
    """Write `derived/README.md` into the bundle, for a run `derived/loss.svg` too, and return the former.

    They are recomputed at will; nothing reads them to decide.

    Args:
        opened: The bundle.
        verdicts: What it says about the claims that were asked for.
        names: Claim id to its short name.
    """
    dossier = Dossier(opened=opened, verdicts=tuple(verdicts), names=names or {})
    folder = opened.path / "derived"
    folder.mkdir(parents=True, exist_ok=True)
    if _trained(dossier):
        (folder / _PICTURE).write_text(picture(dossier) + "\n", encoding="utf-8")
    page = folder / "README.md"
    page.write_text(readme(dossier), encoding="utf-8")
    return page


def readme(dossier: Dossier) -> str:
    """The bundle in Markdown, every string in it escaped."""
    parts = [
        f"# {safe(dossier.stamp)}: {safe(dossier.title)}",
        _headline(dossier),
        f"![Training loss by step]({_PICTURE})" if _trained(dossier) else "",
        _table("Claims", ("claim", "verdict", "level", "measured", "bound", "the number alone"), _claims(dossier)),
        _table("Attacks", ("law", "role", "cases", "at least", "processes", "worst", "outcome"), _attacks(dossier)),
        _table("Contrasts", ("claim", "baseline", "difference", "interval", "outcome"), _contrasts(dossier)),
        _table("Controls", ("control", "expected", "reading", "outcome"), _controls(dossier)),
        _table("Findings", ("rule", "effect", "message"), _findings(dossier)),
        _table("Faults of the evidence", ("rule", "file", "what is wrong"), _faults(dossier)),
        _table("Further reasons", ("claim", "code", "message"), _reasons(dossier)),
        _table("The run", ("fact", "value"), run_facts(dossier)),
        "Written from `raw/` and for people only: `pv verify` recomputes all of it.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def safe(value: object) -> str:
    """The value as one line of Markdown that holds no markup, link or HTML."""
    return re.sub(r"([\\`*_\[\]|#!~])", r"\\\1", escape(clean(value), quote=False))


def _headline(dossier: Dossier) -> str:
    headline = dossier.headline
    if headline is None or headline.measurement is None:
        return ""
    controls = controls_text(dossier.controls)
    return f"{safe(measurement_text(headline.measurement))}; {passed_text(headline)}. Controls: {controls}."


def _table(title: str, titles: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    lines = [titles, ["---"] * len(titles), *([safe(cell) for cell in row] for row in rows)]
    return "\n".join([f"## {title}", "", *("| " + " | ".join(line) + " |" for line in lines)])


def _claims(dossier: Dossier) -> list[list[object]]:
    return [
        [
            dossier.name(verdict.claim_id),
            verdict.verdict,
            verdict.level or "-",
            number(verdict.measurement.value, verdict.measurement.unit) if verdict.measurement else "-",
            bound_text(verdict.measurement) if verdict.measurement else "-",
            passed_text(verdict),
        ]
        for verdict in dossier.verdicts
    ]


def _trained(dossier: Dossier) -> bool:
    return dossier.bundle is not None and bool(dossier.bundle.metrics)


def _attacks(dossier: Dossier) -> list[list[object]]:
    """The laws of the claims that were asked for, with the cases that each was tried on and needs."""
    bundle = dossier.bundle
    if bundle is None:
        return []
    ran = Counter((row.get("claim"), row.get("law")) for row in bundle.processes)
    rows = {
        str(row["law"]): [
            row["law"],
            row.get("role"),
            row.get("cases"),
            row.get("fewest", "-"),
            ran[verdict.claim_id, row["law"]],
            f"{row.get('worst')} {row.get('unit')}",
            row.get("outcome"),
        ]
        for verdict in dossier.verdicts
        for row in bundle.attacks.get(verdict.claim_id, ())
    }
    return list(rows.values())


def _contrasts(dossier: Dossier) -> list[list[object]]:
    return [
        [
            dossier.name(verdict.claim_id),
            contrast.baseline,
            number(contrast.difference, contrast.unit),
            f"{number(contrast.lower)} to {number(contrast.upper)}",
            contrast.outcome,
        ]
        for verdict in dossier.verdicts
        for contrast in verdict.contrasts
    ]


def _controls(dossier: Dossier) -> list[list[object]]:
    return [
        [control.name, control.expected, reading_text(control), control_cell(control).text]
        for control in dossier.controls
    ]


def _findings(dossier: Dossier) -> list[list[object]]:
    return [[finding.rule, finding.effect, finding.message] for finding, _ in dossier.findings]


def _faults(dossier: Dossier) -> list[list[object]]:
    return [[fault.rule, fault.file, fault.message] for fault in dossier.faults]


def _reasons(dossier: Dossier) -> list[list[object]]:
    return [
        [dossier.name(verdict.claim_id), reason.code, reason.message]
        for verdict in dossier.verdicts
        for reason in further_reasons(verdict)
    ]
