"""A loss curve as a small SVG, with the lines that give it a meaning."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from pv.view.layout import clean

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 188, 16, 40
_BUCKETS = 260
_LABEL_GAP = 15
_LONGEST_NAME = 20
_STYLE = """
.pv-text{font:12px system-ui,sans-serif;fill:#333}.pv-grid{stroke:#ddd}
.pv-curve{fill:none;stroke:#1f5fbf;stroke-width:1.5}.pv-line{stroke:#666;stroke-dasharray:5 3}
.pv-bound{stroke:#b3261e;stroke-width:1.5}.pv-value{stroke:#137333;stroke-width:2}.pv-lost{fill:#b3261e}
.pv-lead{stroke:#999;stroke-width:.5}@media (prefers-color-scheme:dark){.pv-text{fill:#ddd}
.pv-grid{stroke:#444}.pv-curve{stroke:#8ab4f8}.pv-line{stroke:#aaa}.pv-bound{stroke:#f28b82}
.pv-value{stroke:#81c995}.pv-lost{fill:#f28b82}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A horizontal line of the picture."""

    name: str
    value: float
    kind: str = "line"
    """`line` for a baseline, `bound` for the claim's bound, `value` for what was measured."""


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    last_step: float

    def x(self, step: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / max(self.last_step, 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def loss_points(metrics: Sequence[Mapping[str, object]]) -> list[tuple[float, float]]:
    """(step, loss) of every row; a loss or step that is no number is NaN."""
    return [(_number(row.get("step")), _number(row.get("loss"))) for row in metrics]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def decimate(points: Sequence[tuple[float, float]], buckets: int = _BUCKETS) -> list[tuple[float, float]]:
    """At most two points a bucket, its lowest and its highest in their order, so that no spike is lost."""
    if len(points) <= 2 * buckets:
        return list(points)
    kept: list[tuple[float, float]] = []
    for bucket in range(buckets):
        part = points[bucket * len(points) // buckets : (bucket + 1) * len(points) // buckets]
        ends = {min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])}
        kept.extend(sorted(ends))
    return kept


def loss_svg(points: Sequence[tuple[float, float]], levels: Sequence[Level], *, title: str) -> str:
    """A standalone SVG element of the curve and its levels, legible on light and on dark ground.

    Args:
        points: (step, loss in nats a token); those that are not finite are drawn as marks on the upper edge.
        levels: Horizontal lines; those that are not finite are left out.
        title: What a screen reader says first.
    """
    finite = [point for point in points if math.isfinite(point[0]) and math.isfinite(point[1])]
    lost = [step for step, loss in points if math.isfinite(step) and not math.isfinite(loss)]
    shown = [level for level in levels if math.isfinite(level.value)]
    scale = _scale(finite, shown, lost)
    body = [
        _axes(scale),
        *_level_marks(shown, scale),
        _curve(decimate(finite), scale),
        _lost_marks(lost, scale),
    ]
    described = "; ".join(f"{level.name} {level.value:.6g}" for level in shown)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>{escape(clean(title))}</title>"
        f"<desc>{escape(_curve_words(finite, lost))} {escape(clean(described))}</desc>"
        f"<style>{_STYLE}</style>{''.join(body)}</svg>"
    )


def _scale(points: Sequence[tuple[float, float]], levels: Sequence[Level], lost: Sequence[float]) -> _Scale:
    values = [loss for _, loss in points] + [level.value for level in levels]
    low = min([0.0, *values])
    high = max([*values, low + 1e-9])
    step = max([step for step, _ in points] + list(lost), default=1.0)
    return _Scale(low, high + 0.05 * (high - low), step)


def _curve_words(points: Sequence[tuple[float, float]], lost: Sequence[float]) -> str:
    if not points:
        return "No finite loss was recorded."
    first, last = points[0], points[-1]
    missing = f", {len(lost)} not finite" if lost else ""
    return f"Loss {first[1]:.6g} at step {first[0]:.0f}, {last[1]:.6g} at step {last[0]:.0f}{missing}."


def _axes(scale: _Scale) -> str:
    parts = []
    for value in _ticks(scale.low, scale.high):
        y = scale.y(value)
        parts.append(f'<path class="pv-grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(label(_LEFT - 6, y + 4, f"{value:g}", anchor="end"))
    below = _HEIGHT - _BOTTOM + 16
    parts += [label(scale.x(step), below, f"{step:g}", anchor="middle") for step in _ticks(0, scale.last_step)]
    parts.append(label((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, "step", anchor="middle"))
    parts.append(label(6, _TOP - 4, "nats/token", anchor="start"))
    return "".join(parts)


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    if not 0 < span < math.inf:
        return [low]
    rough = span / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step)
    return [float(f"{number * step:.10g}") for number in range(first, math.floor(high / step) + 1)]


def label(x: float, y: float, text: str, *, anchor: str) -> str:
    """An SVG text that begins, is centred or ends at a place, by `anchor`."""
    return f'<text class="pv-text" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(clean(text))}</text>'


def _level_marks(levels: Sequence[Level], scale: _Scale) -> list[str]:
    right = _WIDTH - _RIGHT
    ordered = sorted(levels, key=lambda level: -level.value)
    marks = []
    for level, label_y in zip(ordered, _spread([scale.y(level.value) for level in ordered]), strict=True):
        y = scale.y(level.value)
        marks.append(f'<path class="pv-line pv-{level.kind}" d="M{_LEFT} {y:.1f}H{right}"/>')
        marks.append(f'<path class="pv-lead" d="M{right} {y:.1f}L{right + 10} {label_y:.1f}"/>')
        name = level.name if len(level.name) <= _LONGEST_NAME else f"{level.name[: _LONGEST_NAME - 1]}…"
        marks.append(label(right + 12, label_y + 4, f"{name} {level.value:.4g}", anchor="start"))
    return marks


def _spread(places: Sequence[float]) -> list[float]:
    """Label heights in the order given (downwards), no two closer than the gap, kept inside the picture."""
    spread: list[float] = []
    for place in places:
        spread.append(max(place, spread[-1] + _LABEL_GAP) if spread else place)
    floor = float(_HEIGHT - _BOTTOM)
    for index in range(len(spread) - 1, -1, -1):
        spread[index] = min(spread[index], floor)
        floor = spread[index] - _LABEL_GAP
    return spread


def _curve(points: Sequence[tuple[float, float]], scale: _Scale) -> str:
    if not points:
        return ""
    path = "L".join(f"{scale.x(step):.1f} {scale.y(loss):.1f}" for step, loss in points)
    return f'<path class="pv-curve" d="M{path}"/>'


def _lost_marks(lost: Sequence[float], scale: _Scale) -> str:
    return "".join(f'<path class="pv-lost" d="M{scale.x(step):.1f} {_TOP + 8}l-4 -8h8z"/>' for step in lost[:_BUCKETS])
