"""The distance of two systems over their operations, against the budget, as a small SVG on a logarithmic scale."""

import math
from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from pv.bisect import Bisection
from pv.view.layout import clean
from pv.view.svg import label

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 28, 40
_FLOOR: Final = 1e-20
"""What is smaller, and 0, is drawn at the lower edge."""
_STYLE: Final = """
.pv-text{font:12px system-ui,sans-serif;fill:#333}.pv-grid{stroke:#ddd}
.pv-budget{fill:none;stroke:#666;stroke-dasharray:5 3}.pv-near{fill:#1f5fbf}.pv-far{fill:#b3261e}
.pv-first{stroke:#b3261e}@media (prefers-color-scheme:dark){.pv-text{fill:#ddd}.pv-grid{stroke:#444}
.pv-budget{stroke:#aaa}.pv-near{fill:#8ab4f8}.pv-far{fill:#f28b82}.pv-first{stroke:#f28b82}}
"""


def distance_svg(found: Bisection) -> str:
    """A standalone SVG: a dot an operation in the order of execution, budgets dashed, the first divergence marked."""
    values = [value for gap in found.gaps for value in (gap.distance, gap.budget) if _FLOOR < value < math.inf]
    low, high = (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))) if values else (-1, 0)
    high = max(high, low + 1)
    right, base = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x(index: int) -> float:
        return _LEFT + (right - _LEFT) * (index + 0.5) / len(found.gaps)

    def y(value: float) -> float:
        power = math.log10(min(max(value, 10.0**low), 10.0**high)) if value == value else high  # noqa: PLR0124  NaN
        return base - (base - _TOP) * (power - low) / (high - low)

    body = [*_powers(low, high, y), label((_LEFT + right) / 2, _HEIGHT - 6, "operation", anchor="middle")]
    body.append(label(6, _TOP - 12, "distance, in norms of the reference", anchor="start"))
    budget = "L".join(f"{x(index):.1f} {y(gap.budget):.1f}" for index, gap in enumerate(found.gaps))
    body.append(f'<path class="pv-budget" d="M{budget}"/>')
    for index, gap in enumerate(found.gaps):
        kind = "far" if gap.diverges else "near"
        body.append(f'<circle class="pv-{kind}" cx="{x(index):.1f}" cy="{y(gap.distance):.1f}" r="2.5"/>')
    body.append(_mark(found, x, base))
    title = f"{found.request.first.text} against {found.request.second.text}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>{escape(clean(title))}</title><style>{_STYLE}</style>{''.join(body)}</svg>"
    )


def _powers(low: int, high: int, y: Callable[[float], float]) -> Iterator[str]:
    """The lines of the powers of ten, no more than ten of them."""
    for power in range(low, high + 1, math.ceil((high - low) / 10)):
        place = y(10.0**power)
        yield f'<path class="pv-grid" d="M{_LEFT} {place:.1f}H{_WIDTH - _RIGHT}"/>'
        yield label(_LEFT - 6, place + 4, f"1e{power}", anchor="end")


def _mark(found: Bisection, x: Callable[[int], float], base: int) -> str:
    gap = found.divergence
    if gap is None:
        return ""
    place = x(found.gaps.index(gap))
    anchor = "start" if place < _WIDTH / 2 else "end"
    name = label(place + (6 if anchor == "start" else -6), base - 8, gap.name, anchor=anchor)
    return f'<path class="pv-first" d="M{place:.1f} {_TOP}V{base}"/>{name}'
