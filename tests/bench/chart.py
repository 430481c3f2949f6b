# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The curves over the number of targets, as an SVG that suits a light and a dark page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bench.ways import BY_NAME, FORKS, THREADS

if TYPE_CHECKING:
    from bench.report import Result

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 190, 40, 50
_COLORS = {
    "peers": "#c0392b",
    "modules": "#d68910",
    "role": "#7d3c98",
    "in_process": "#2874a6",
    "one_task": "#148f77",
    "rollout": "#b7950b",
    "bulk": "#1e8449",
    "floor": "#808b96",
}
# Grey reads on white and on black.
_STYLE = "text{font:13px sans-serif;fill:#808b96}.g{stroke:#808b96;stroke-opacity:.3}"


def draw(found: Iterable[Result], *, latency_ms: float = 0) -> str:
    """Seconds of wall time over targets, both logarithmic, one curve for each way.

    Of AWS's unchanged runs, and of those with the usual number of targets at a time.
    """
    points: dict[str, list[tuple[int, float]]] = {}
    usual = (FORKS, THREADS)
    for result in found:
        kind = (result.vault, result.phase, result.latency_ms)
        if kind == ("aws", "unchanged", latency_ms) and result.at_once in usual:
            points.setdefault(result.way, []).append((result.targets, result.wall))
    if not points:
        return ""
    late = f", each answer {latency_ms:g} ms late" if latency_ms else ""
    about = f"AWS, nothing to change{late}"
    flat = [point for each in points.values() for point in each]
    across = _Axis([x for x, _y in flat], _LEFT, _WIDTH - _RIGHT)
    up = _Axis([y for _x, y in flat], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        "<title>Seconds for an unchanged rollout, by number of targets</title>",
        f"<style>{_STYLE}</style>",
        f'<text x="{_LEFT}" y="20">seconds, {about}</text>',
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">targets</text>',
    ]
    for value in up.decades():
        y = up.place(value)
        parts.append(f'<line class="g" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{value:g}</text>')
    for value in sorted({x for x, _y in flat}):
        x = across.place(value)
        parts.append(
            f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{value}</text>'
        )
    for way, color in _COLORS.items():
        if way in points:
            parts.append(_curve(sorted(points[way]), across, up, color, BY_NAME[way].title))
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Axis:
    """Places values on a logarithmic scale."""

    def __init__(self, values: Sequence[float], start: int, end: int) -> None:
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return round(self._start + share * (self._end - self._start), 1)

    def decades(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]


def _curve(
    points: Sequence[tuple[int, float]], across: _Axis, up: _Axis, color: str, title: str
) -> str:
    places = [(across.place(x), up.place(y)) for x, y in points]
    line = " ".join(f"{x},{y}" for x, y in places)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in places)
    x, y = places[-1]
    return (
        f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>{dots}'
        f'<text x="{x + 8}" y="{y + 4}" style="fill:{color}">{title}</text>'
    )
