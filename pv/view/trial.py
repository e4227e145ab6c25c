"""What one bundle says about one claim, for people at a prompt."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from pv.evidence import Change, Redispatch
from pv.methodology import ControlReading
from pv.verdict import BundleVerdict, Contrast, Measurement, Precision, Reason
from pv.view.layout import Cell, Screen, clean, grid, header, number, paint, paragraph
from pv.view.text import TONES, finding_table, reason_text

_INDENT = 2
_TOLD, _LONGEST = 6, 48
"""Changes of a part that are told, and characters of a value."""
_OUTCOME_TONES = {"clear": "green", "straddles": "yellow", "wrong": "red"}


def discharge_text(verdict: BundleVerdict, width: int = 100, colour: bool = False) -> str:
    """Measurement, controls, contrasts, findings, reasons and last the stamp, from one bundle.

    Args:
        verdict: What the bundle says about the claim.
        width: Columns of the terminal.
        colour: Whether the terminal shows colours.
    """
    screen = Screen(width=width, colour=colour)
    parts = [
        _title(verdict, screen),
        _measurement_lines(verdict, screen),
        _section("controls", control_table(verdict.controls, screen), screen),
        _section("contrasts on the same documents", contrast_table(verdict.contrasts, screen), screen),
        _section("counterexample", _counterexample_lines(verdict.counterexample, screen), screen),
        _section("findings", finding_table(verdict.findings, screen), screen),
        _section("further reasons", _reason_lines(verdict, screen), screen),
        stamp_lines(verdict, screen),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _title(verdict: BundleVerdict, screen: Screen) -> list[str]:
    under = f", made under the mutant {clean(verdict.mutant)}" if verdict.mutant else ""
    return [paint(clean(verdict.claim_id), "bold", screen) + f"  profile {clean(verdict.profile)}{under}"]


def _section(title: str, lines: list[str], screen: Screen) -> list[str]:
    return [paint(title, "bold", screen), *lines] if lines else []


def _measurement_lines(verdict: BundleVerdict, screen: Screen) -> list[str]:
    measurement = verdict.measurement
    if measurement is None:
        return ["no measurement"]
    text = f"{measurement_text(measurement)}; {passed_text(verdict)}"
    return paragraph(text, screen, hang=_INDENT)


def measurement_text(measurement: Measurement) -> str:
    """`eval/loss last val-b = 2.5 nats/token, interval 2.4 to 2.6, against < 9.38`."""
    value = f"{measurement.quantity} = {number(measurement.value, measurement.unit)}"
    interval = ""
    if measurement.lower != measurement.upper:
        interval = f", interval {number(measurement.lower)} to {number(measurement.upper)}"
    return f"{value}{interval}, against {bound_text(measurement)}"


def precision_lines(verdict: BundleVerdict, screen: Screen) -> list[str]:
    """What the interval rests on, and how many more documents would make those that straddle clear."""
    measurement = verdict.measurement
    precision = measurement.precision if measurement else None
    if measurement is None or precision is None:
        return []
    looks = f", shared out over {precision.looks} looks" if precision.looks > 1 else ""
    sample = f"{precision.documents} documents, {precision.tokens} tokens"
    lines = [f"{sample}; one-sided confidence {precision.confidence:.6g}{looks}"]
    if precision.design_effect and precision.effective_tokens:
        worth = f"the scored text is worth {precision.effective_tokens:.0f} independent tokens"
        lines.append(f"design effect {number(precision.design_effect)} of the unigram table: {worth}")
    straddles = any(reason.code == "interval-straddles" for reason in verdict.reasons)
    lines += _wanted(bound_text(measurement), precision, precision.needed, straddles=straddles)
    for contrast in verdict.contrasts:
        lines += _wanted(contrast.baseline, precision, contrast.needed, straddles=contrast.outcome == "straddles")
    return [line for text in lines for line in paragraph(text, screen, indent=_INDENT, hang=2 * _INDENT)]


def _wanted(name: str, precision: Precision, needed: int | None, *, straddles: bool) -> Iterator[str]:
    """How many more documents a comparison needs; nothing where it is clear and rests on enough."""
    if needed:
        more = f"{needed - precision.documents} more documents like these, {needed} in all"
        yield f"against {name}: {more}, {'would do as often as not' if straddles else 'are needed'}"
    elif straddles:
        yield f"against {name}: the mean is on the wrong side, so more documents like these would not help"


def bound_text(measurement: Measurement) -> str:
    """`< 9.38`, with the value of the bound where it is an expression."""
    value = number(measurement.bound_value)
    if _plain(measurement.bound):
        return f"{measurement.op} {value}"
    return f"{measurement.op} {measurement.bound} = {value}"


def _plain(bound: str) -> bool:
    try:
        float(bound)
    except ValueError:
        return False
    return True


def passed_text(verdict: BundleVerdict) -> str:
    """Whether the number alone meets the bound, in words."""
    words = {True: "numerically passed", False: "numerically failed", None: "not compared with its bound"}
    return words[verdict.numerically_passed]


def control_table(controls: Sequence[ControlReading], screen: Screen) -> list[str]:
    """Every control with what it expected and what it read; wrong ones first, then those not run."""
    ordered = sorted(controls, key=lambda control: ({False: 0, None: 1, True: 2}[control.ok], control.item))
    rows = [
        [
            Cell(str(control.item)),
            Cell(control.name),
            Cell(control.expected),
            Cell(reading_text(control)),
            control_cell(control),
        ]
        for control in ordered
    ]
    return grid([header("item", "control", "expected", "reading", ""), *rows], screen, indent=_INDENT) if rows else []


def reading_text(control: ControlReading) -> str:
    """The reading with its unit, or that it was not run and why."""
    if control.reading is None:
        return f"not run: {control.detail}" if control.detail else "not run"
    return number(control.reading, control.unit)


def control_cell(control: ControlReading) -> Cell:
    """`right`, `WRONG` or `not run`, in its tone."""
    return {True: Cell("right", "green"), False: Cell("WRONG", "red"), None: Cell("not run", "yellow")}[control.ok]


def controls_text(controls: Sequence[ControlReading]) -> str:
    """`22 of 31 right, 8 wrong, 1 not run`."""
    wrong = sum(control.ok is False for control in controls)
    missing = sum(control.ok is None for control in controls)
    parts = [f"{len(controls) - wrong - missing} of {len(controls)} right"]
    parts += [f"{wrong} wrong"] if wrong else []
    parts += [f"{missing} not run"] if missing else []
    return ", ".join(parts) if controls else "none"


def contrast_table(contrasts: Sequence[Contrast], screen: Screen) -> list[str]:
    """Every paired difference with its interval and whether it is clear of zero."""
    rows = [
        [
            Cell(contrast.baseline),
            Cell(number(contrast.baseline_value, contrast.unit)),
            Cell(number(contrast.difference)),
            Cell(f"{number(contrast.lower)} to {number(contrast.upper)}"),
            Cell(contrast.outcome, _OUTCOME_TONES[contrast.outcome]),
        ]
        for contrast in contrasts
    ]
    titles = header("baseline", "its value", "difference", "interval", "")
    return grid([titles, *rows], screen, indent=_INDENT) if rows else []


def _counterexample_lines(counterexample: Mapping[str, object] | None, screen: Screen) -> list[str]:
    if not counterexample:
        return []
    rows = [[Cell(str(name)), Cell(str(value))] for name, value in counterexample.items()]
    return grid(rows, screen, indent=_INDENT)


def _reason_lines(verdict: BundleVerdict, screen: Screen) -> list[str]:
    """The reasons that are not printed as findings already."""
    texts = map(reason_text, further_reasons(verdict))
    return [line for text in texts for line in paragraph(text, screen, indent=_INDENT, hang=2 * _INDENT)]


def further_reasons(verdict: BundleVerdict) -> list[Reason]:
    """The reasons that no finding of the verdict tells already."""
    found = {(finding.rule, finding.message) for finding in verdict.findings}
    return [reason for reason in verdict.reasons if (reason.code, reason.message) not in found]


def stamp_lines(verdict: BundleVerdict, screen: Screen) -> list[str]:
    """The verdict with its level, and the bundle it rests on."""
    level = f" at level {verdict.level}" if verdict.level else ""
    stale = "" if verdict.fresh else ", stale"
    stamp = paint(f" {verdict.verdict} ", TONES[verdict.verdict], screen)
    return [f"[{stamp}]{level}{stale}", f"bundle: {clean(verdict.bundle)}"]


def side_by_side(
    verdicts: Sequence[BundleVerdict], width: int = 100, colour: bool = False, titles: Sequence[str] = ()
) -> str:
    """Stamped verdicts of several runs next to each other, the bundles named below.

    Args:
        verdicts: One for each run; their order is kept.
        width: Columns of the terminal.
        colour: Whether the terminal shows colours.
        titles: A name for each run; without them the profile and the mutant name it.
    """
    screen = Screen(width=width, colour=colour)
    names = tuple(titles) or tuple(run_name(verdict) for verdict in verdicts)
    facts = [_facts(name, verdict) for name, verdict in zip(names, verdicts, strict=True)]
    rows = [
        [Cell("" if number_ else label, "dim"), *cells]
        for label in (facts[0] if facts else ())
        for number_, cells in enumerate(zip_longest(*(fact[label] for fact in facts), fillvalue=Cell("")))
    ]
    bundles = [f"bundle, {clean(name)}: {clean(verdict.bundle)}" for name, verdict in zip(names, verdicts, strict=True)]
    return "\n".join([*grid(rows, screen), "", *bundles])


def redispatch_text(verdict: BundleVerdict, former: BundleVerdict | None, screen: Screen) -> str:
    """What a run is made again of, what changed since, and both verdicts side by side where both are there."""
    if verdict.redispatch is None:
        return ""
    lines = [paint("re-dispatch", "bold", screen), *redispatch_lines(verdict.redispatch, screen)]
    if former is None:
        return "\n".join(lines)
    both = side_by_side((former, verdict), screen.width, screen.colour, titles=("before", "now"))
    return "\n".join([*lines, "", both])


def redispatch_lines(redispatch: Redispatch, screen: Screen) -> list[str]:
    """The earlier bundle and, part by part, what its record and this one say has changed."""
    groups: dict[str, list[str]] = {}
    for change in redispatch.changed:
        groups.setdefault(change.part, []).append(_changed(change))
    rows = [f"made again of {redispatch.bundle}" + ("" if groups else "; nothing of the set-up has changed")]
    rows += [f"{part}: {'; '.join(told[:_TOLD])}{_others(len(told) - _TOLD)}" for part, told in groups.items()]
    return [line for row in rows for line in paragraph(row, screen, indent=_INDENT, hang=2 * _INDENT)]


def _changed(change: Change) -> str:
    """A digest that differs says no more than that; anything else is told with both values."""
    if change.part in {"code", "falsifier"} or max(len(change.before), len(change.after)) > _LONGEST:
        gone = {"absent": "new"}.get(change.before) or {"absent": "gone"}.get(change.after)
        return f"{change.name}{f' ({gone})' if gone else ''}"
    return f"{change.name} {change.before} -> {change.after}"


def _others(others: int) -> str:
    return f"; and {others} more" if others > 0 else ""


def run_name(verdict: BundleVerdict) -> str:
    """The profile, and the mutant that the run was made under."""
    under = f", mutant {verdict.mutant}" if verdict.mutant else ""
    return clean(f"profile {verdict.profile}{under}")


def _facts(name: str, verdict: BundleVerdict) -> dict[str, list[Cell]]:
    measurement = verdict.measurement
    wrong = [f"{one.name}: {reading_text(one)}, expected {one.expected}" for one in verdict.controls if one.ok is False]
    return {
        "run": [Cell(name, "bold")],
        "verdict": [Cell(verdict.verdict, TONES[verdict.verdict])],
        "level": [Cell(verdict.level or "-")],
        "measured": [Cell(number(measurement.value, measurement.unit) if measurement else "-")],
        "bound": [Cell(bound_text(measurement) if measurement else "-")],
        "the number alone": [Cell(passed_text(verdict))],
        "controls": [Cell(controls_text(verdict.controls)), *map(Cell, wrong)],
        "why": [Cell(text) for text in _grouped(verdict.reasons)] or [Cell("it survived in full")],
    }


def _grouped(reasons: Sequence[Reason]) -> list[str]:
    """One line a code, with the first message and the number of the others."""
    groups: dict[str, list[Reason]] = {}
    for reason in reasons:
        groups.setdefault(reason.code, []).append(reason)
    counts = [len(group) - 1 for group in groups.values()]
    more = [f" (and {others} more)" if others else "" for others in counts]
    return [reason_text(group[0]) + words for group, words in zip(groups.values(), more, strict=True)]
