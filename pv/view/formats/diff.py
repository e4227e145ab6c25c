"""What changed between two sides, for people and for programs."""

from collections import Counter
from collections.abc import Sequence

from pv.change import Comparison, Difference, Direction, Standing, Transition
from pv.view.json import SCHEMA_VERSION, Payload
from pv.view.layout import Cell, Screen, clean, count, grid, header, paint, paragraph
from pv.view.text import TONES

_TONES = {
    Direction.ADDED: "green",
    Direction.TIGHTENED: "green",
    Direction.REMOVED: "red",
    Direction.LOOSENED: "red",
    Direction.INCOMPARABLE: "yellow",
    Direction.REWORDED: "dim",
}
_WORST = (
    Direction.REMOVED,
    Direction.LOOSENED,
    Direction.INCOMPARABLE,
    Direction.TIGHTENED,
    Direction.ADDED,
    Direction.REWORDED,
)


def diff_text(
    before: str, after: str, comparisons: Sequence[Comparison], moved: Sequence[Transition] | None, screen: Screen
) -> str:
    """A block for each contract that differs, what asks for less first; then the verdicts; then the counts."""
    lines = [f"{clean(before)} -> {clean(after)}", ""]
    for one in comparisons:
        if not one.same:
            lines += [*_contract(one, screen), ""]
    if moved is not None:
        lines += [*_verdicts(moved, screen), ""]
    return "\n".join([*lines, _summary(comparisons)])


def _contract(one: Comparison, screen: Screen) -> list[str]:
    step = f"asks for a {one.asked} step" if one.asked else ""
    versions = f"{one.before or 'none'} -> {one.after or 'none'}"
    lines = ["  ".join(filter(None, (clean(one.contract), versions, step)))]
    ordered = sorted(one.differences, key=lambda difference: _WORST.index(difference.direction))
    rows = [_row(difference) for difference in ordered]
    if rows:
        lines += grid([header("what", "subject", "field", "", "before", "after"), *rows], screen, indent=2)
    for moved in one.goalposts:
        about = f"{moved.difference.subject}: {_change(moved.difference)}, and {moved.bundle} was locked before that"
        lines += paragraph(f"moved goalposts: {about}", screen, indent=2, hang=4)
    for mismatch in one.mismatches:
        lines += paragraph(f"{mismatch.code}: {mismatch.message}", screen, indent=2, hang=4)
    return lines


def _row(one: Difference) -> list[Cell]:
    tone = _TONES[one.direction]
    plain = (one.part, one.subject, one.field)
    return [*map(Cell, plain), Cell(one.direction, tone), Cell(one.before or "-"), Cell(one.after or "-")]


def _change(one: Difference) -> str:
    return f"{one.field} was {one.before or 'nothing'}, is {one.after or 'nothing'}"


def _verdicts(moved: Sequence[Transition], screen: Screen) -> list[str]:
    if not moved:
        return ["no verdict changed"]
    rows = [
        [
            Cell(one.claim),
            Cell(str(one.before or "absent")),
            Cell(str(one.after or "absent"), TONES[one.after.verdict] if one.after else "red"),
            Cell(evidence_of(one)),
        ]
        for one in sorted(moved, key=lambda one: not (one.worse or one.after is None))
    ]
    title = paint(f"{count(len(moved), 'verdict')} changed", "bold", screen)
    return [title, *grid([header("claim", "before", "after", "evidence"), *rows], screen, indent=2)]


def evidence_of(moved: Transition) -> str:
    """Names of the bundles that a verdict rests on now, or rested on; a dash for none."""
    sides = (side.evidence for side in (moved.after, moved.before) if side)
    return next((", ".join(names) for names in sides if names), "-")


def _summary(comparisons: Sequence[Comparison]) -> str:
    differing = sum(not one.same for one in comparisons)
    tally = Counter(difference.direction for one in comparisons for difference in one.differences)
    parts = ", ".join(f"{tally[direction]} {direction}" for direction in _WORST if tally[direction])
    goalposts = sum(len(one.goalposts) for one in comparisons)
    contracts = f"{count(len(comparisons), 'contract')}, {differing} differ"
    return f"{contracts}; {parts or 'nothing differs'}; {count(goalposts, 'moved goalpost')}"


def diff_payload(
    before: str, after: str, comparisons: Sequence[Comparison], moved: Sequence[Transition] | None
) -> Payload:
    """What `pv diff --format json` prints; `transitions` is null where no side is a revision."""
    return {
        "schema_version": SCHEMA_VERSION,
        "before": before,
        "after": after,
        "contracts": [_comparison(one) for one in comparisons],
        "transitions": None if moved is None else [transition_payload(one) for one in moved],
    }


def _comparison(one: Comparison) -> Payload:
    return {
        "contract": one.contract,
        "before": one.before,
        "after": one.after,
        "asks_for": str(one.asked),
        "differences": [_difference(difference) for difference in one.differences],
        "mismatches": [{"code": mismatch.code, "message": mismatch.message} for mismatch in one.mismatches],
        "moved_goalposts": [{**_difference(moved.difference), "bundle": moved.bundle} for moved in one.goalposts],
    }


def _difference(one: Difference) -> Payload:
    return {
        "part": one.part,
        "subject": one.subject,
        "field": one.field,
        "direction": one.direction.value,
        "before": one.before,
        "after": one.after,
    }


def transition_payload(one: Transition) -> Payload:
    """A transition, with both of its sides."""
    return {
        "claim": one.claim,
        "before": _standing(one.before),
        "after": _standing(one.after),
        "worse": one.worse,
    }


def _standing(standing: Standing | None) -> Payload | None:
    if standing is None:
        return None
    return {"verdict": standing.verdict.value, "level": standing.level, "evidence": list(standing.evidence)}
