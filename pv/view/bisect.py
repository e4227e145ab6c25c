"""What a bisection found, as text and as a payload."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from pv.bisect import Bisection, Gap, Trial
from pv.view.json import SCHEMA_VERSION, Payload
from pv.view.layout import Cell, Screen, count, grid, header, number, paragraph

BEFORE, AFTER = 6, 3
"""Operations that are shown around the first divergence; of a clean comparison, those nearest to their budget."""
_MOST_IDS: Final = 24


def bisect_text(found: Bisection, screen: Screen) -> str:
    """The systems, the operations around the first divergence, and what they say."""
    divergence = found.divergence
    rows = [
        [Cell("A"), Cell(found.request.first.text), Cell(f"{found.dtypes[0]} on {found.platforms[0]}")],
        [Cell("B"), Cell(found.request.second.text), Cell(f"{found.dtypes[1]} on {found.platforms[1]}, the reference")],
    ]
    return "\n".join(
        [
            *grid(rows, screen),
            "",
            *grid([header("operation", "distance", "budget", "in budgets"), *map(_row, _shown(found))], screen),
            "",
            *(line for text in _words(found) for line in paragraph(text, screen)),
            *([] if divergence is None else paragraph(_smaller(found), screen)),
            *(paragraph(_trial(found.trial), screen) if found.trial else []),
        ]
    ).rstrip()


def _shown(found: Bisection) -> Sequence[Gap]:
    if found.divergence is None:
        nearest = sorted(found.gaps, key=lambda gap: -gap.share)[: BEFORE + AFTER]
        return [gap for gap in found.gaps if gap in nearest]
    at = found.gaps.index(found.divergence)
    return found.gaps[max(0, at - BEFORE) : at + 1 + AFTER]


def _row(gap: Gap) -> list[Cell]:
    tone = "red" if gap.diverges else ""
    return [Cell(gap.name, tone), *(Cell(f"{value:.3g}", tone) for value in (gap.distance, gap.budget, gap.share))]


def _words(found: Bisection) -> list[str]:
    gap, many = found.divergence, f"{count(len(found.gaps), 'operation')}, {count(found.inputs, 'input')}"
    if gap is None:
        near = found.nearest
        return [f"no divergence beyond the budget: {many}; nearest is {near.name}, {near.share:.2g} of its budget"]
    far = f"first divergence: {gap.name}, by {number(gap.distance)} of its norm, {gap.share:.3g} times the budget"
    return [f"{far}, at positions {spans(gap.positions)} of {count(len(found.tokens), 'token')}"]


def _trial(trial: Trial) -> str:
    return (
        f"symptom {number(trial.symptom)}, without {', '.join(trial.tensors)} {number(trial.removed)}, "
        f"planted alone {number(trial.planted)}: {trial.state}"
    )


def _smaller(found: Bisection) -> str:
    small = found.smallest
    if small is None:
        return "smallest input: not sought, or none other than this one was found"
    ids = " ".join(map(str, small.tokens[:_MOST_IDS])) + " …" * (len(small.tokens) > _MOST_IDS)
    return (
        f"smallest input: {count(len(small.tokens), 'token')}: {ids}; there by {number(small.gap.distance)}, at "
        f"positions {spans(small.gap.positions)} ({count(small.tries, 'input')} tried)"
    )


def spans(positions: Sequence[int]) -> str:
    """Positions as spans: `1-4, 9`."""
    parts: list[list[int]] = []
    for place in positions:
        if parts and place == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], place]
        else:
            parts.append([place])
    return ", ".join("-".join(map(str, part)) for part in parts)


def bisect_payload(found: Bisection) -> Payload:
    """What `pv bisect --format json` prints."""
    gap, small = found.divergence, found.smallest
    names = (found.request.first.text, found.request.second.text)
    return {
        "schema_version": SCHEMA_VERSION,
        "systems": [
            {"system": name, "dtype": dtype, "platform": platform}
            for name, dtype, platform in zip(names, found.dtypes, found.platforms, strict=True)
        ],
        "inputs": found.inputs,
        "tokens": list(found.tokens),
        "first_divergence": None if gap is None else _gap(gap),
        "smallest": None if small is None else {"tokens": list(small.tokens), "tries": small.tries, **_gap(small.gap)},
        "trial": None if found.trial is None else {**asdict(found.trial), "state": found.trial.state},
        "operations": [_gap(one) for one in found.gaps],
    }


def _gap(gap: Gap) -> Payload:
    return {
        "operation": gap.name,
        "distance": gap.distance,
        "budget": gap.budget,
        "positions": list(gap.positions),
    }
