"""How far models are from shipping, for people, for programs and for the summary of a CI job."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pv.change import Transition
from pv.ship import Course, CriterionState, Moved, Next, Progress, Standing, State
from pv.view.formats.diff import evidence_of, transition_payload
from pv.view.json import SCHEMA_VERSION, Payload, reasons_payload
from pv.view.layout import Cell, Screen, clean, count, grid, header, paint, paragraph
from pv.view.markdown import safe
from pv.view.text import levels, short_name

_TOLD = 3
"""Reasons of a claim that are shown; `pv explain` shows all."""
_TONES = {State.DONE: "green", State.STUCK: "red", State.BEGUN: "yellow", State.OPEN: "dim"}


def ship_text(models: Sequence[Progress], since: str | None, courses: Sequence[Course] | None, screen: Screen) -> str:
    """A block for each model: its percentage, criteria, steps, and what the next point needs; then what moved."""
    blocks = ["\n".join(_model(one, screen)) for one in models]
    if courses is not None:
        blocks.append("\n".join(_since(str(since), courses, screen)))
    return "\n\n".join(blocks)


def _model(one: Progress, screen: Screen) -> list[str]:
    said = paint(f"{one.percentage} %", "green" if one.percentage == 100 else "bold", screen)
    lines = [f"{said}  {clean(one.model.id)}  {clean(one.model.says)}"]
    if one.over_claimed:
        lines.append("  " + paint(_typed(one), "red", screen))
    lines += grid([header("criterion", "weight", "state", "claims"), *map(_criterion, one.criteria)], screen, indent=2)
    if one.steps:
        left = f"{one.days_left:g} of {_days(sum(step.step.estimate_days for step in one.steps))} left"
        rows = [_step(step.step.id, step.state, step.step.estimate_days, step.claims) for step in one.steps]
        lines += ["", *grid([header("step", "state", "days", "claims"), *rows], screen, indent=2), f"  {left}"]
    return [*lines, "", *_next(one.next, screen)]


def _typed(one: Progress) -> str:
    return f"over-claim: somebody typed {one.model.claimed:g} %, the evidence gives {one.percentage} %"


def _criterion(one: CriterionState) -> list[Cell]:
    met = Cell("met", "green") if one.met else Cell("open", "yellow")
    return [
        Cell(f"{one.criterion.id}: {one.criterion.says}"),
        Cell(str(one.criterion.weight)),
        met,
        Cell(_tally(one.claims)),
    ]


def _step(name: str, state: State, days: float, claims: Sequence[Standing]) -> list[Cell]:
    return [Cell(name), Cell(state, _TONES[state]), Cell(f"{days:g}"), Cell(_tally(claims))]


def _tally(claims: Sequence[Standing]) -> str:
    """`3 of 4 discharged, 1 PARTIAL`."""
    words = [claim.word for claim in claims if not claim.counts]
    others = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
    return f"{sum(claim.counts for claim in claims)} of {len(claims)} discharged{f', {others}' if others else ''}"


def _next(one: Next | None, screen: Screen) -> list[str]:
    if one is None:
        return ["  nothing is missing"]
    criterion = one.criterion.criterion
    lines = paragraph(f"next: {criterion.id}, {criterion.weight} points{_price(one)}", screen, indent=2)
    for claim in one.criterion.claims:
        if not claim.counts:
            lines += paragraph(_lacking(claim), screen, indent=4, hang=6)
    return lines


def _price(one: Next) -> str:
    names = ", ".join(step.step.id for step in one.steps)
    if one.days is not None:
        return f", about {_days(one.days)} of work ({names})"
    return f"; no step covers all of it, only {names}" if names else "; no step covers it"


def _days(days: float) -> str:
    return f"{days:g} day" if days == 1 else f"{days:g} days"


def _lacking(claim: Standing) -> str:
    said = "; ".join(f"{reason.code}: {reason.message}" for reason in claim.reasons[:_TOLD])
    more = f" (and {count(len(claim.reasons) - _TOLD, 'more reason')})" if len(claim.reasons) > _TOLD else ""
    return f"{_name(claim)} {_verdict(claim)}: {said}{more}"


def _name(claim: Standing) -> str:
    return short_name(claim.verdict.claim) if claim.verdict else claim.reference


def _verdict(claim: Standing) -> str:
    at = levels(claim.verdict) if claim.verdict and claim.verdict.level else ""
    return f"{claim.word} ({at})" if at else claim.word


def _since(since: str, courses: Sequence[Course], screen: Screen) -> Iterator[str]:
    yield paint(f"since {clean(since)}", "bold", screen)
    for one in courses:
        yield from paragraph(_told(one), screen, indent=2, hang=4)
        for moved in one.moved:
            yield from paragraph(f"{moved.id}: {_step_of(moved)}", screen, indent=4, hang=6)
            for transition in moved.transitions:
                yield from paragraph(_sentence(transition), screen, indent=6, hang=8)


def _told(one: Course) -> str:
    before, after = ("absent" if value is None else f"{value} %" for value in (one.before, one.after))
    if one.before is None or one.after is None:
        return f"{one.id}: {before} -> {after}"
    return (
        f"{one.id}: {before} -> {after} ({one.by_evidence:+d} by evidence, {one.by_ledger:+d} by edits of the ledger)"
    )


def _step_of(moved: Moved) -> str:
    before, after = (_stand(side) for side in (moved.before, moved.after))
    edits = ", ".join(_edits(moved))
    return f"{before} -> {after}{f'; the ledger changed its {edits}' if edits else ''}"


def _stand(side: CriterionState | None) -> str:
    return "absent" if side is None else f"{'met' if side.met else 'open'} ({side.criterion.weight})"


def _edits(moved: Moved) -> Iterator[str]:
    if moved.before and moved.after:
        old, new = moved.before.criterion, moved.after.criterion
        yield from (name for name in ("says", "weight", "claims") if getattr(old, name) != getattr(new, name))


def ship_payload(
    path: Path, models: Sequence[Progress], since: str | None, courses: Sequence[Course] | None
) -> Payload:
    """What `pv ship --format json` prints; `since` is null where no revision was named."""
    moved = None if courses is None else {"revision": since, "models": [_course(one) for one in courses]}
    return {
        "schema_version": SCHEMA_VERSION,
        "ledger": path.as_posix(),
        "models": [_model_payload(one) for one in models],
        "since": moved,
    }


def _model_payload(one: Progress) -> Payload:
    return {
        "id": one.model.id,
        "percentage": one.percentage,
        "claimed": one.model.claimed,
        "over_claimed": one.over_claimed,
        "days_left": one.days_left,
        "criteria": [_criterion_payload(criterion) for criterion in one.criteria],
        "steps": [
            {
                "id": step.step.id,
                "says": step.step.says,
                "state": step.state.value,
                "estimate_days": step.step.estimate_days,
                "claims": [_claim_payload(claim) for claim in step.claims],
            }
            for step in one.steps
        ],
        "next": _next_payload(one.next),
    }


def _criterion_payload(one: CriterionState) -> Payload:
    return {
        "id": one.criterion.id,
        "says": one.criterion.says,
        "weight": one.criterion.weight,
        "met": one.met,
        "claims": [_claim_payload(claim) for claim in one.claims],
    }


def _claim_payload(claim: Standing) -> Payload:
    verdict = claim.verdict
    return {
        "reference": claim.reference,
        "claim": verdict.claim.id if verdict else None,
        "verdict": verdict.verdict.value if verdict else None,
        "level": verdict.level if verdict else None,
        "counts": claim.counts,
        "reasons": reasons_payload(claim.reasons),
    }


def _next_payload(one: Next | None) -> Payload | None:
    if one is None:
        return None
    steps = [step.step.id for step in one.steps]
    return {
        "criterion": one.criterion.criterion.id,
        "weight": one.criterion.criterion.weight,
        "days": one.days,
        "steps": steps,
    }


def _course(one: Course) -> Payload:
    return {
        "id": one.id,
        "before": one.before,
        "after": one.after,
        "by_evidence": one.by_evidence,
        "by_ledger": one.by_ledger,
        "moved": [
            {
                "criterion": moved.id,
                "before": _criterion_payload(moved.before) if moved.before else None,
                "after": _criterion_payload(moved.after) if moved.after else None,
                "transitions": [transition_payload(claim) for claim in moved.transitions],
            }
            for moved in one.moved
        ],
    }


def ship_markdown(models: Sequence[Progress], since: str | None, courses: Sequence[Course] | None) -> str:
    """The same as the text, in Markdown."""
    parts = [line for one in models for line in _model_markdown(one)]
    if courses is not None:
        parts += [f"## Since {safe(since)}", "", *(line for one in courses for line in _course_markdown(one))]
    return "\n".join(parts).rstrip() + "\n"


def _model_markdown(one: Progress) -> Iterator[str]:
    yield from (f"## {safe(one.model.id)}: {one.percentage} %", "", safe(one.model.says), "")
    if one.over_claimed:
        yield from (safe(_typed(one)), "")
    yield from _table(("criterion", "weight", "state", "claims"), map(_criterion, one.criteria))
    steps = [_step(step.step.id, step.state, step.step.estimate_days, step.claims) for step in one.steps]
    yield from _table(("step", "state", "days", "claims"), steps)
    first, *lacking = _next(one.next, Screen(width=10_000))
    yield from (safe(first), "", *(f"- {safe(line)}" for line in lacking), "")


def _course_markdown(one: Course) -> Iterator[str]:
    yield from (safe(_told(one)), "")
    rows = [
        [Cell(moved.id), Cell(_step_of(moved)), Cell("; ".join(map(_sentence, moved.transitions)))]
        for moved in one.moved
    ]
    yield from _table(("criterion", "before and after", "what moved it"), rows)


def _sentence(one: Transition) -> str:
    return f"{one.claim}: {one.before or 'absent'} -> {one.after or 'absent'} ({evidence_of(one)})"


def _table(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a Markdown table, and an empty one after it; nothing for no rows."""
    listed = [f"| {' | '.join(safe(cell.text) for cell in row)} |" for row in rows]
    if listed:
        yield from (f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}", *listed, "")
