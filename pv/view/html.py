"""Bundles as one HTML page that loads nothing, runs nothing and escapes everything."""

from collections.abc import Sequence

from pv.verdict import BundleVerdict, Verdict
from pv.view.dossier import Dossier, picture, run_facts
from pv.view.layout import number
from pv.view.markup import Child, Markup, definitions, join, table, tag
from pv.view.trial import bound_text, control_cell, controls_text, further_reasons, passed_text, reading_text

_STYLE = """
:root{color-scheme:light dark;--ink:#1f1f1f;--dim:#555;--ground:#fff;--edge:#ccc;--good:#137333;
--warn:#8a5300;--bad:#b3261e;--odd:#7b1fa2}@media (prefers-color-scheme:dark){
:root{--ink:#e8e8e8;--dim:#aaa;--ground:#161616;--edge:#444;--good:#81c995;--warn:#fdd663;--bad:#f28b82;
--odd:#d7aefb}}*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);
background:var(--ground)}h1{font-size:1.5rem}
h2{font-size:1.25rem;border-top:2px solid var(--edge);padding-top:1rem;margin-top:2.5rem}
h3{font-size:1.05rem}h1,h2,dd,p{overflow-wrap:anywhere}td,th{overflow-wrap:break-word;max-width:32rem}
a{color:inherit}
a:focus-visible,.scroll:focus-visible,figure:focus-visible{outline:3px solid var(--odd);
outline-offset:2px}.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.scroll{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid var(--edge);min-width:5rem}thead th{color:var(--dim);font-weight:500}
tbody th{font-weight:600;min-width:7.5rem}
.stamp{font-weight:700;white-space:nowrap;border:2px solid;border-radius:.3rem;padding:0 .4rem}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.odd{color:var(--odd)}
.dim{color:var(--dim)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:.9rem}dt{color:var(--dim)}
dd{margin:0}figure{margin:1rem 0;overflow-x:auto}
svg{width:100%;height:auto;min-width:34rem;max-width:52rem}figcaption{color:var(--dim);font-size:.9rem}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}@media print{
.scroll{overflow:visible}}
"""
_HEAD = Markup(
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">"
)
_TONES = {
    Verdict.FALSIFIED: "bad",
    Verdict.SUSPECT: "odd",
    Verdict.PARTIAL: "warn",
    Verdict.DISCHARGED: "good",
    Verdict.UNTESTED: "dim",
}
_CELL_TONES = {"green": "good", "red": "bad", "yellow": "warn"}
_SEVERITY_TONES = {"error": "bad", "warning": "warn", "note": "dim"}
_DISCLAIMER = (
    "Every verdict here is recomputed from the raw evidence of its bundle. The digests show that the "
    "evidence was not changed after it was sealed. They do not show that its writer was honest, and the run was not "
    "executed again to make this page."
)


def report_page(dossiers: Sequence[Dossier]) -> str:
    """The whole page: verdicts side by side, then a section for each bundle; strings may come from anyone."""
    title = dossiers[0].title if len(dossiers) == 1 else f"{len(dossiers)} bundles"
    heading = f"Verdicts of {title}"
    sections = [_section(number_, dossier) for number_, dossier in enumerate(dossiers, start=1)]
    main = tag("main", tag("h1", heading), _overview(dossiers), tag("p", _DISCLAIMER, class_="dim"), *sections)
    body = tag("body", tag("a", "Skip to the bundles", href="#bundle-1", class_="skip"), main)
    head = tag("head", _HEAD, tag("title", heading), tag("style", Markup(_STYLE)))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _overview(dossiers: Sequence[Dossier]) -> Markup:
    """Claims down, bundles across."""
    claims = dict.fromkeys(verdict.claim_id for dossier in dossiers for verdict in dossier.verdicts)
    names = {claim: dossier.name(claim) for dossier in dossiers for claim in claims if claim in dossier.names}
    links = [tag("a", dossier.title, href=f"#bundle-{place}") for place, dossier in enumerate(dossiers, start=1)]
    rows: list[list[Child]] = [
        ["measured", *(_measured(dossier) for dossier in dossiers)],
        ["controls", *(controls_text(dossier.controls) for dossier in dossiers)],
    ]
    rows += [[names.get(claim, claim), *(_verdict_cell(dossier, claim) for dossier in dossiers)] for claim in claims]
    return table("Verdicts side by side", ["", *links], rows)


def _measured(dossier: Dossier) -> Child:
    headline = dossier.headline
    if headline is None or headline.measurement is None:
        return "-"
    value = number(headline.measurement.value, headline.measurement.unit)
    return f"{value}, bound {bound_text(headline.measurement)}: {passed_text(headline)}"


def _verdict_cell(dossier: Dossier, claim: str) -> Child:
    found = [verdict for verdict in dossier.verdicts if verdict.claim_id == claim]
    return join(_stamp(verdict) for verdict in found) if found else "-"


def _stamp(verdict: BundleVerdict) -> Markup:
    level = f"at level {verdict.level}" if verdict.level else ""
    stale = "" if verdict.fresh else ", stale"
    stamp = tag("span", verdict.verdict, class_=f"stamp {_TONES[verdict.verdict]}")
    return join((stamp, Markup(" "), f"{level}{stale}"))


def _section(place: int, dossier: Dossier) -> Markup:
    title = tag("h2", dossier.title, id=f"title-{place}")
    parts = [
        _faults(dossier),
        _figure(dossier),
        _measurements(dossier),
        _findings(dossier),
        _contrasts(dossier),
    ]
    parts += [_controls(dossier), _reasons(dossier), _counterexamples(dossier)]
    facts = join((tag("h3", "The run"), definitions(run_facts(dossier))))
    anchor = {"id": f"bundle-{place}", "aria_labelledby": f"title-{place}"}
    return tag("section", title, tag("p", str(dossier.path), class_="dim"), *parts, facts, **anchor)


def _faults(dossier: Dossier) -> Markup:
    rows = [[fault.rule, fault.file, fault.message] for fault in dossier.faults]
    return table("Faults of the evidence", ["rule", "file", "what is wrong"], rows)


def _figure(dossier: Dossier) -> Markup:
    drawn = picture(dossier)
    if not drawn:
        return Markup("")
    caption = "Training loss of each step against ln V, the baselines, the bound and the held-out loss."
    return tag("figure", Markup(drawn), tag("figcaption", caption), tabindex="0")


def _measurements(dossier: Dossier) -> Markup:
    rows: list[list[Child]] = []
    for verdict in dossier.verdicts:
        found = verdict.measurement
        rows.append(
            [
                dossier.name(verdict.claim_id),
                _stamp(verdict),
                found.quantity if found else "-",
                number(found.value, found.unit) if found else "-",
                f"{number(found.lower)} to {number(found.upper)}" if found and found.lower != found.upper else "-",
                bound_text(found) if found else "-",
                passed_text(verdict),
            ]
        )
    titles = ["claim", "verdict", "quantity", "measured", "interval", "bound", "the number alone"]
    return table("Claims", titles, rows)


def _contrasts(dossier: Dossier) -> Markup:
    rows = [
        [
            dossier.name(verdict.claim_id),
            contrast.baseline,
            number(contrast.baseline_value, contrast.unit),
            number(contrast.difference),
            f"{number(contrast.lower)} to {number(contrast.upper)}",
            contrast.outcome,
        ]
        for verdict in dossier.verdicts
        for contrast in verdict.contrasts
    ]
    titles = ["claim", "baseline", "its value", "difference", "interval", "outcome"]
    return table("Contrasts on the same documents", titles, rows)


def _controls(dossier: Dossier) -> Markup:
    rows: list[list[Child]] = []
    for control in dossier.controls:
        cell = control_cell(control)
        outcome = tag("span", cell.text, class_=_CELL_TONES[cell.tone])
        detail = control.detail if control.reading is not None else ""
        rows.append([control.name, str(control.item), control.expected, reading_text(control), outcome, detail])
    return table("Controls", ["control", "item", "expected", "reading", "outcome", "detail"], rows)


def _findings(dossier: Dossier) -> Markup:
    rows: list[list[Child]] = [
        [
            finding.rule,
            tag("span", finding.effect, class_=_SEVERITY_TONES[finding.severity]),
            finding.message,
            finding.place,
            ", ".join(claims),
        ]
        for finding, claims in dossier.findings
    ]
    return table("Findings", ["rule", "effect", "message", "place", "claims"], rows)


def _reasons(dossier: Dossier) -> Markup:
    rows = [
        [dossier.name(verdict.claim_id), reason.code, reason.message]
        for verdict in dossier.verdicts
        for reason in further_reasons(verdict)
    ]
    return table("Further reasons", ["claim", "code", "message"], rows)


def _counterexamples(dossier: Dossier) -> Markup:
    rows = [
        [dossier.name(verdict.claim_id), str(key), str(value)]
        for verdict in dossier.verdicts
        for key, value in (verdict.counterexample or {}).items()
    ]
    return table("Counterexamples", ["claim", "name", "value"], rows)
