"""The kill matrix as one HTML page: a heat map that loads nothing and runs nothing."""

from collections.abc import Sequence
from typing import Final

from pv.power import GROUPS, Cell, Fault, Matrix, Row, State
from pv.view.layout import clean, count
from pv.view.markup import Markup, join, table, tag
from pv.view.power import Repeat, rate_words

_SIGNS: Final = {
    State.SURVIVED: ("S", "survived"),
    State.CRASHED: ("C", "crashed"),
    State.INCONCLUSIVE: ("I", "open"),
    State.NOT_APPLIED: ("A", "open"),
    State.NOT_RUN: ("–", "none"),
    State.EQUIVALENT: ("E", "equal"),
    State.KILLED: ("K", "killed"),
}
"""A letter and a class each: no state is told by its colour alone."""

# The colours are Okabe and Ito's, which stay apart under the common colour blindnesses.
_STYLE: Final = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1f1f1f;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}p{max-width:60rem}
.scroll{overflow:auto;max-height:90vh;margin:1rem 0}
.scroll:focus-visible{outline:3px solid #0072b2;outline-offset:2px}
table{border-collapse:collapse;font-size:.85rem}caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.2rem .5rem .2rem 0}
.map th,.map td{border:1px solid #ddd;padding:0 .2rem;white-space:nowrap}
.map td{text-align:center;width:1.3rem;height:1.3rem}
.map thead th{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:400;vertical-align:bottom;
position:sticky;top:0;background:#fff}
.map tbody th{font-weight:400;position:sticky;left:0;background:#fff}
.killed{background:#009e73;color:#fff}.survived{background:#d55e00;color:#fff}.crashed{background:#cc79a7;color:#000}
.open{background:#f0e442;color:#000}.equal{background:#56b4e9;color:#000}.none{background:#eee;color:#555}
.other{opacity:.55}.key{display:inline-block;min-width:1.4rem;text-align:center;margin-right:.3rem}
@media print{.scroll{overflow:visible;max-height:none}}
"""
_HEAD: Final = Markup(
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">"
)


def power_page(matrix: Matrix, repeats: Sequence[Repeat] = ()) -> str:
    """The whole page: rates, legend, heat map, and the lists that follow from it."""
    honest = matrix.clean
    runs = f"{count(len(honest.alarms), 'false alarm')} on {count(honest.bundles, 'clean run')}"
    rates = [
        f"Killed {rate_words(matrix.kill_rate)} of the mutants that are not equivalent.",
        f"{runs}, {honest.training_runs} of them of the trainer; {rate_words(matrix.alarm_rate)}.",
    ]
    main = tag(
        "main",
        tag("h1", "Kill matrix"),
        *(tag("p", text) for text in rates),
        _legend(),
        _map(matrix),
        *_lists(matrix, repeats),
    )
    head = tag("head", _HEAD, tag("title", "Kill matrix"), tag("style", Markup(_STYLE)))
    return f"<!doctype html>\n{tag('html', head, tag('body', main), lang='en')}\n"


def _legend() -> Markup:
    keys = [join((tag("span", sign, class_=f"key {style}"), f"{state} ")) for state, (sign, style) in _SIGNS.items()]
    return tag("p", *keys, "A pale cell is one that its claim does not declare; the run was made for another claim.")


def _map(matrix: Matrix) -> Markup:
    """Falsifiers down, mutants across, grouped by kind of fault."""
    cells = {(cell.claim, cell.mutant): cell for cell in matrix.cells}
    order = {name: place for place, name in enumerate(GROUPS)}
    faults = sorted(matrix.faults, key=lambda fault: (order.get(fault.group, len(order)), fault.group, fault.name))
    titles = [
        tag("th", f"{one.group}: {one.name}", scope="col", title=clean(f"{one.state}: {one.summary}")) for one in faults
    ]
    head = tag("tr", tag("th", "falsifier", scope="col"), *titles)
    inner = tag(
        "table",
        tag("caption", "Falsifiers down, mutants across"),
        tag("thead", head),
        tag("tbody", *(_row(row, faults, cells) for row in matrix.rows)),
        class_="map",
    )
    return tag("div", inner, class_="scroll", role="region", aria_label="Kill matrix", tabindex="0")


def _row(row: Row, faults: Sequence[Fault], cells: dict[tuple[str, str], Cell]) -> Markup:
    name = tag("th", f"{row.falsifier} ({row.claim})", scope="row", title=clean(f"laws: {', '.join(row.laws)}"))
    return tag("tr", name, *(_cell(cells.get((row.claim, fault.name))) for fault in faults))


def _cell(cell: Cell | None) -> Markup:
    if cell is None:
        return tag("td", "")
    sign, style = _SIGNS[cell.state]
    why = ", ".join(cell.by) or cell.note
    title = f"{cell.claim} under {cell.mutant}: {cell.state}{f' ({why})' if why else ''}"
    return tag("td", sign, class_=style if cell.declared else f"{style} other", title=clean(title))


def _lists(matrix: Matrix, repeats: Sequence[Repeat]) -> list[Markup]:
    left = [[one.mutant, one.claim, one.state.value, one.note] for one in matrix.escapes]
    alone = [[name, ", ".join(mutants)] for name, mutants in matrix.sole_killers.items()]
    alarms = [[one.claim, one.bundle, ", ".join(one.by)] for one in matrix.clean.alarms]
    groups = [[name, f"{rate.hits} of {rate.of}"] for name, rate in matrix.groups.items()]
    words = {True: "passes", False: "stops", None: "no loss"}
    states = {fault.name: fault.state.value for fault in matrix.faults}
    naive = [[one.mutant, words[one.passes], states.get(one.mutant, "-")] for one in matrix.naive]
    again = [[one.mutant, one.claim, one.recorded.value, one.repeated.value] for one in repeats]
    return [
        table("Declared, and not killed by the claim's own falsifier", ["mutant", "claim", "state", "why"], left),
        table("Killers without which a mutant survives", ["falsifier", "mutants"], alone),
        table("Falsifiers all of whose kills others make too", ["falsifier"], [[name] for name in matrix.redundant]),
        table("Alarms on clean runs", ["claim", "bundle", "struck"], alarms),
        table("Modules in which no mutant was killed", ["module"], [[name] for name in matrix.undefended]),
        table("Groups of faults", ["group", "killed"], groups),
        table("The naive gate, val_loss < bound alone", ["mutant", "naive gate", "here"], naive),
        table("Run again", ["mutant", "claim", "kept", "now"], again),
    ]
