"""What must hold inside one investigation beyond the shape of its parts."""

import math
from collections.abc import Iterator
from typing import Any, Final

from pv.contract import Problem
from pv.contract.problem import Path
from pv.contract.reader import Document
from pv.investigation.model import Band, Cite, Hypothesis, Investigation, Made, Prediction

_WORDS: Final = {"control": ("right", "wrong"), "claim": ("refuted", "survived")}
_TYPED: Final = ("status", "verdict", "confirmed", "refuted", "supported")


def typed_statuses(document: Document) -> Iterator[Problem]:
    """Statuses of hypotheses that somebody typed; they are looked for in the parsed file."""
    pending: list[tuple[Path, Any]] = [((), document.data)]
    while pending:
        at, part = pending.pop()
        for key in _TYPED if isinstance(part, dict) else ():
            if key in part:
                what = f"a status is derived, never typed: {key} is {str(part[key])[:60]}"
                hint = "take it out; say in `predicts` what would show it, and in `inject` which planted fault is it"
                yield document.problem("typed-status", (*at, key), what, hint, key=True)
        inner = part.get("hypotheses") if isinstance(part, dict) else None
        listed = inner if isinstance(inner, list) else ()
        pending += [((*at, "hypotheses", index), one) for index, one in enumerate(listed)]


def hypotheses(of: Investigation | Hypothesis, at: Path = ()) -> Iterator[tuple[Path, Hypothesis]]:
    """Every hypothesis of a tree with its path in the file, a parent before its children."""
    for index, one in enumerate(of.hypotheses):
        path = (*at, "hypotheses", index)
        yield path, one
        yield from hypotheses(one, path)


def check(document: Document, found: Investigation) -> Iterator[Problem]:
    """Every rule that an investigation breaks."""
    symptom = found.symptom
    yield from _one_run(document, ("symptom",), symptom.bundle, symptom.run, needed=True)
    yield from _band(document, ("symptom", "expected"), symptom.expected)
    if symptom.tolerance:
        yield from _band(document, ("symptom", "tolerance"), symptom.tolerance)
    seen: dict[str, Path] = {}
    for path, one in hypotheses(found):
        yield from _hypothesis(document, path, one, seen)
    for index, why in enumerate(found.whys):
        for place, cite in enumerate(why.cites):
            yield from _cite(document, ("whys", index, "cites", place), cite)


def _hypothesis(document: Document, at: Path, one: Hypothesis, seen: dict[str, Path]) -> Iterator[Problem]:
    if one.id in seen:
        line, column = document.place((*seen[one.id], "id"))
        what = f"`{one.id}` is given twice; first at line {line}, column {column}"
        yield document.problem("duplicate-id", (*at, "id"), what, "rename one of them")
    seen.setdefault(one.id, at)
    if not (one.predicts or one.inject or one.hypotheses):
        hint = "say in `predicts` what it would show, or in `inject` which planted fault it is"
        yield document.problem("inert", at, f"nothing can decide {one.id}", hint, severity="warning")
    for index, prediction in enumerate(one.predicts):
        yield from _prediction(document, (*at, "predicts", index), prediction)


def _prediction(document: Document, at: Path, one: Prediction) -> Iterator[Problem]:
    named = [name for name in ("control", "claim", "quantity") if getattr(one, name)]
    if len(named) != 1:
        what = f"a prediction is about one thing, this one names {' and '.join(named) or 'none'}"
        yield document.problem("bad-value", at, what, "name one of `control`, `claim` and `quantity`")
        return
    yield from _one_run(document, at, one.bundle, one.run)
    if named == ["claim"] and (one.bundle or one.run):
        hint = "take `bundle` and `run` out, or name a quantity such as attack/LAW"
        yield document.problem("bad-value", at, "the verdict of a claim is over all its evidence", hint)
    if words := _WORDS.get(named[0]):
        if one.reads not in words or one.within or one.rivals:
            what = f"a prediction about a {named[0]} says `reads: {words[0]}` or `reads: {words[1]}`"
            yield document.problem("bad-value", at, what, "its rivals predict the other")
        return
    if one.reads or one.within is None or one.rivals is None:
        what = "a prediction about a quantity gives `within` and `rivals`, and no `reads`"
        yield document.problem("bad-value", at, what, "say where it lies under the hypothesis, and where otherwise")
        return
    for name, band in (("within", one.within), ("rivals", one.rivals)):
        yield from _band(document, (*at, name), band)
    yield from _apart(document, at, one.within, one.rivals)


def _apart(document: Document, at: Path, within: Band, rivals: Band) -> Iterator[Problem]:
    if within.unit != rivals.unit:
        what = f"`within` is in {within.unit}, `rivals` in {rivals.unit}"
        yield document.problem("unit-mismatch", (*at, "rivals", "unit"), what, "give both in the quantity's unit")
        return
    low = max(-math.inf if one.low is None else one.low for one in (within, rivals))
    high = min(math.inf if one.high is None else one.high for one in (within, rivals))
    if low <= high:
        shared = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        what = f"it does not discriminate: {shared} {within.unit} is predicted by the hypothesis and by its rivals"
        yield document.problem("not-discriminating", at, what, "part the bands, or read something else")


def _band(document: Document, at: Path, band: Band) -> Iterator[Problem]:
    if band.low is None and band.high is None:
        yield document.problem("missing-key", at, "a band needs `low` or `high`", "give one of them")
    elif band.low is not None and band.high is not None and band.low > band.high:
        yield document.problem("empty-band", at, f"no number is from {band.low:g} to {band.high:g}", "swap the ends")


def _cite(document: Document, at: Path, cite: Cite) -> Iterator[Problem]:
    yield from _one_run(document, at, cite.bundle, cite.run)
    if bool(cite.claim) is bool(cite.quantity):
        what = "a citation is of a claim's verdict, or of a quantity"
        yield document.problem("bad-value", at, what, "name one of `claim` and `quantity`")
    elif cite.claim and (cite.verdict is None or cite.reads is not None or cite.bundle or cite.run):
        what = "a citation of a claim gives its `verdict`, and nothing else"
        yield document.problem("bad-value", at, what, "write `{claim: …, verdict: …}`")
    elif cite.quantity and (cite.reads is None or not cite.unit or cite.verdict):
        what = "a citation of a quantity gives what it `reads` and the `unit`"
        yield document.problem("bad-value", at, what, "write `{quantity: …, reads: …, unit: …}`")


def _one_run(document: Document, at: Path, bundle: str, run: Made | None, *, needed: bool = False) -> Iterator[Problem]:
    if bundle and run:
        yield document.problem("bad-value", at, "it names a bundle, and a run too", "leave one of them out")
    elif needed and not bundle and run is None:
        hint = "give `bundle: NAME`, or `run: {profile: …, mutant: …}`"
        yield document.problem("missing-key", at, "the run that shows the symptom is not named", hint)
