"""An investigation as a tree on a terminal, as a Mermaid drawing, and for programs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from pv.investigation import Experiment, Finding, Injection, Judged, Loaded, Outcome, Parting, Report, Status, Trial
from pv.investigation.model import Band, Cite, Made
from pv.view.formats.graph import mermaid
from pv.view.json import SCHEMA_VERSION, Payload, dump
from pv.view.layout import Cell, Screen, count, grid, header, number, paint, paragraph

Shown = tuple[Loaded, Judged, tuple[Experiment, ...], tuple[Parting, ...]]
"""A file, what it was judged as, what to try next, and what parts causes that explain alike."""

TONES: Final[Mapping[Status, str]] = {
    Status.CONFIRMED: "green",
    Status.SUPPORTED: "yellow",
    Status.OPEN: "bright_black",
    Status.REFUTED: "red",
}
_FILLS: Final[Mapping[Status, str]] = {
    Status.CONFIRMED: "#bfe3bf",
    Status.SUPPORTED: "#f6e3a1",
    Status.OPEN: "#e0e0e0",
    Status.REFUTED: "#f4b6b6",
}
_UNLISTED = "unlisted"
_MOST = 3
"""Experiments that are shown, and predictions that held of one hypothesis."""


def investigation_text(shown: Sequence[Shown], screen: Screen) -> str:
    """Each file with its symptom, the tree of its hypotheses, what was read, its whys and what to try next."""
    return "\n\n".join("\n".join(_block(*one, screen)) for one in shown)


def _block(
    loaded: Loaded, judged: Judged, wanted: Sequence[Experiment], apart: Sequence[Parting], screen: Screen
) -> Iterator[str]:
    report = judged.report
    if report is None:
        yield f"{loaded.path}: not judged, {count(len(judged.problems) + len(judged.altered), 'problem')}"
        return
    yield paint(f"{report.path}: {report.investigation.title}", "bold", screen)
    yield ""
    yield from grid([[Cell(label), Cell(said)] for label, said in _facts(report)], screen)
    yield ""
    titles = header("hypothesis", "status", "shown", "planted", "without", "cause")
    rows = [row for finding in report.findings for row in _rows(finding, "", "")]
    yield from grid([titles, *rows, _unlisted(report)], screen)
    if read := [row for finding in report.findings for one in finding.walk() for row in _read(one)]:
        yield ""
        yield from grid([header("read for", "outcome", "what was predicted and read"), *read], screen)
    if report.whys:
        yield ""
        yield from _whys(report, screen)
    for limit in report.investigation.not_covered:
        yield from paragraph(f"not covered: {limit}", screen, hang=2)
    yield ""
    yield from _next(report, wanted, apart, screen)


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    unit = report.band.unit
    expected = report.investigation.symptom.expected
    yield "symptom", f"{report.quantity} read {number(report.value, unit)}, expected {interval(expected)}"
    yield "claim", report.claim_id
    yield "bundle", f"{report.bundle} ({report.level})"
    yield "magnitude", f"a cause that is planted must read {interval(report.band)}"


def interval(band: Band) -> str:
    """The ends of a band in words, e.g. `0.3 to 6 nats/token`."""
    if band.low is None or band.high is None:
        sign, end = (">=", band.low) if band.high is None else ("<=", band.high)
        return f"{sign} {number(end, band.unit)}"
    return f"{band.low:.4g} to {band.high:.4g} {band.unit}"


def _rows(finding: Finding, lead: str, below: str) -> Iterator[list[Cell]]:
    planted, removed = _trials(finding.injection)
    status, name = Cell(finding.status, TONES[finding.status]), Cell(f"{lead}{finding.id}")
    yield [name, status, Cell(finding.sentence), Cell(planted), Cell(removed), Cell(finding.says)]
    for child in finding.children:
        last = child is finding.children[-1]
        yield from _rows(child, f"{below}{'└ ' if last else '├ '}", f"{below}{'· ' if last else '│ '}")


def _trials(injection: Injection | None) -> tuple[str, str]:
    if injection is None:
        return "-", "-"
    return _trial(injection.planted, "back", "not back"), _trial(injection.removed, "gone", "stays")


def _trial(trial: Trial, yes: str, no: str) -> str:
    if trial.passed is None:
        return trial.note
    return f"{number(trial.value)}: {yes if trial.passed else no}"


def _unlisted(report: Report) -> list[Cell]:
    if report.confirmed:
        causes = ", ".join(one.id for one in report.confirmed)
        return [Cell(_UNLISTED), *[Cell("-")] * 4, Cell(f"None is needed: {causes} accounts for the symptom.")]
    status = Cell(Status.OPEN, TONES[Status.OPEN])
    return [Cell(_UNLISTED), status, Cell("open"), *[Cell("-")] * 2, Cell("A cause that nobody thought of.")]


def _read(finding: Finding) -> Iterator[list[Cell]]:
    tones = {Outcome.HELD: "green", Outcome.FAILED: "red", Outcome.NOT_TRIED: "dim"}
    held = [one for one in finding.tested if one.outcome is Outcome.HELD]
    for one in finding.tested:
        if one not in held[_MOST:]:
            yield [Cell(finding.id), Cell(one.outcome, tones[one.outcome]), Cell(one.said)]
    if more := held[_MOST:]:
        yield [Cell(finding.id), Cell(Outcome.HELD, "green"), Cell(f"and {count(len(more), 'prediction')} more")]


def _whys(report: Report, screen: Screen) -> Iterator[str]:
    for answer in report.whys:
        yield from paragraph(answer.why.why, screen)
        mark = " (opinion: it cites nothing)" if answer.opinion else ""
        cited = "; ".join(map(_cited, answer.why.cites))
        yield from paragraph(f"{answer.why.because}{mark}{f' [{cited}]' if cited else ''}", screen, indent=2)


def _cited(cite: Cite) -> str:
    if cite.claim:
        return f"{cite.claim} {cite.verdict}"
    where = cite.bundle or (_made(cite.run) if cite.run else "")
    return f"{cite.quantity} {number(cite.reads, cite.unit)}{f', {where}' if where else ''}"


def _made(how: Made) -> str:
    """How a run was made, in words."""
    said = [f"mutant {how.mutant}" if how.mutant else "honest run", how.profile]
    return " ".join([*filter(None, said), *([f"seed {how.seed}"] if how.seed is not None else [])])


def _next(report: Report, wanted: Sequence[Experiment], apart: Sequence[Parting], screen: Screen) -> Iterator[str]:
    if report.confirmed:
        causes = ", ".join(f"{one.id} ({one.injection.mutant})" for one in report.confirmed if one.injection)
        yield paint(f"confirmed: {causes}", "green", screen)
        return
    yield "no cause is confirmed"
    for parting in apart:
        yield from paragraph(f"next: {_read_apart(parting)}", screen, hang=6)
    if not wanted and not apart:
        yield "next: nothing listed is left to try; list another cause, or a reading that parts the supported ones"
    for at, one in enumerate(wanted[:_MOST]):
        cost = "never timed" if one.seconds is None else f"about {one.seconds:.0f} s"
        lead = "next" if at == 0 else "then"
        yield from paragraph(f"{lead}: {one.command}    ({cost}; decides on {', '.join(one.splits)})", screen, hang=6)
    if len(wanted) > _MOST:
        yield f"and {count(len(wanted) - _MOST, 'more experiment')}"


def _read_apart(parting: Parting) -> str:
    read = [
        f"{number(value, parting.unit)} under {mutant} ({cause})"
        for value, mutant, cause in zip(parting.values, parting.mutants, parting.causes, strict=True)
    ]
    said = f"{parting.quantity} reads {' and '.join(read)}"
    if parting.symptom is None:
        return f"{parting.claim_id}, tried where the symptom is: {said}"
    return f"predict what parts them: {said}; the symptom's run reads {number(parting.symptom, parting.unit)}"


def investigation_mermaid(shown: Sequence[Shown], _screen: Screen) -> str:
    """A Mermaid flowchart, one subgraph an investigation; GitHub draws it in Markdown.

    Source: Mermaid, flowchart syntax.
    """
    lines = ["flowchart TD"]
    drawn: dict[Status, list[str]] = {}
    for at, report in enumerate(one.report for _, one, *_ in shown if one.report):
        symptom = f"s{at}"
        label = mermaid(f"{report.quantity} read {number(report.value, report.band.unit)}")
        lines.append(f'  {symptom}(["{label}"])')
        for finding in report.findings:
            lines += _drawn(finding, symptom, f"n{at}", drawn)
        if not report.confirmed:
            lines.append(f'  {symptom} --> u{at}["{_UNLISTED}: {Status.OPEN}"]')
            drawn.setdefault(Status.OPEN, []).append(f"u{at}")
    for status, nodes in drawn.items():
        lines += [f"  classDef {status} fill:{_FILLS[status]},color:#000", f"  class {','.join(nodes)} {status}"]
    return "\n".join(lines)


def _drawn(finding: Finding, parent: str, prefix: str, drawn: dict[Status, list[str]]) -> Iterator[str]:
    name = f"{prefix}_{sum(map(len, drawn.values()))}"
    drawn.setdefault(finding.status, []).append(name)
    label = mermaid(f"{finding.id} {finding.status}: {finding.says}")
    yield f'  {parent} --> {name}["{label}"]'
    for child in finding.children:
        yield from _drawn(child, name, prefix, drawn)


def investigation_json(shown: Sequence[Shown], _screen: Screen) -> str:
    """What `pv investigate --format json` prints."""
    files = [_payload(*one) for one in shown]
    return dump({"schema_version": SCHEMA_VERSION, "investigations": files})


def _payload(loaded: Loaded, judged: Judged, wanted: Sequence[Experiment], apart: Sequence[Parting]) -> Payload:
    report = judged.report
    return {
        "path": loaded.path.as_posix(),
        "id": loaded.investigation.id if loaded.investigation else None,
        "symptom": _symptom(report) if report else None,
        "hypotheses": [_finding(one) for one in report.findings] if report else [],
        "unlisted_cause": None if report is None or report.confirmed else Status.OPEN.value,
        "confirmed": [one.id for one in report.confirmed] if report else [],
        "whys": [
            {
                "why": one.why.why,
                "because": one.why.because,
                "opinion": one.opinion,
                "cites": list(map(_cited, one.why.cites)),
            }
            for one in (report.whys if report else ())
        ],
        "not_covered": list(report.investigation.not_covered) if report else [],
        "next": [{"command": one.command, "splits": list(one.splits), "usual_seconds": one.seconds} for one in wanted],
        "parted_by": [
            {
                "claim": one.claim_id,
                "quantity": one.quantity,
                "unit": one.unit,
                "reads": dict(zip(one.causes, one.values, strict=True)),
                "symptom": one.symptom,
            }
            for one in apart
        ],
        "problems": [
            {
                "code": one.code,
                "severity": one.severity,
                "line": one.line,
                "column": one.column,
                "message": one.message,
                "hint": one.hint,
            }
            for one in judged.problems
        ],
        "altered": list(judged.altered),
    }


def _symptom(report: Report) -> Payload:
    return {
        "claim": report.claim_id,
        "quantity": report.quantity,
        "value": report.value,
        "unit": report.band.unit,
        "bundle": report.bundle.as_posix(),
        "level": report.level.value,
        "expected": _band(report.investigation.symptom.expected),
        "magnitude": _band(report.band),
    }


def _band(band: Band) -> Payload:
    return {"low": band.low, "high": band.high, "unit": band.unit}


def _finding(finding: Finding) -> Payload:
    injection = finding.injection
    return {
        "id": finding.id,
        "says": finding.says,
        "status": finding.status.value,
        "level": finding.level,
        "real": {Status.SUPPORTED: True, Status.REFUTED: False}.get(finding.real),
        "explains": injection.explains if injection else None,
        "sentence": finding.sentence,
        "predictions": [{"outcome": one.outcome.value, "level": one.level, "said": one.said} for one in finding.tested],
        "injection": None
        if injection is None
        else {
            "mutant": injection.mutant,
            "planted": _trial_payload(injection.planted),
            "without": _trial_payload(injection.removed),
        },
        "hypotheses": [_finding(child) for child in finding.children],
    }


def _trial_payload(trial: Trial) -> Payload:
    bundle = trial.bundle.as_posix() if trial.bundle else None
    return {"bundle": bundle, "value": trial.value, "as_wanted": trial.passed, "note": trial.note}


WRITERS: Final[Mapping[str, Callable[[Sequence[Shown], Screen], str]]] = {
    "text": investigation_text,
    "json": investigation_json,
    "mermaid": investigation_mermaid,
}
