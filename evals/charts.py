"""Charts as inline SVG. Colours come from the page's style sheet, so that they follow dark mode and print."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

WIDTH = 440
LEFT, RIGHT, TOP, FOOT = 52, 16, 14, 30
ROW, LABEL, COUNT = 26, 108, 70
HEIGHT = 230
HEADROOM = 1.4  # above the bars, for the labels of the upright lines
MOST_BINS, MOST_DOTS = 16, 30


Scale = Callable[[float], float]


class Bar(NamedTuple):
    """A kind with its cases."""

    label: str
    passed: int
    total: int


class Line(NamedTuple):
    """A line of points (x, y), each 0 to 1, under a class of the style sheet."""

    label: str
    style: str
    points: Sequence[tuple[float, float]]


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """A bar for each kind: how many of its cases pass."""
    parts = [part for number, row in enumerate(rows) for part in _bar(row, number * ROW + 4)]
    return _svg(
        title, "、".join(f"{row.label} {row.passed}/{row.total}" for row in rows), len(rows) * ROW + 8, parts
    )


def _bar(row: Bar, top: int) -> Iterable[Markup]:
    length = WIDTH - LABEL - COUNT
    passed = length * row.passed / row.total
    middle = top + ROW / 2
    yield _text(LABEL - 10, middle, row.label, "end")
    yield _rect(LABEL, top + 6, length, ROW - 12, "failed" if row.passed < row.total else "passed")
    yield _rect(LABEL, top + 6, passed, ROW - 12, "passed")
    yield _text(WIDTH - COUNT + 10, middle, f"{row.passed} / {row.total}", "start", "figure")


def histogram(title: str, values: Sequence[float], marks: Mapping[str, float]) -> Markup:
    """How many values (seconds) fall into each bin of equal width, with upright lines at some of them."""
    step = _step(max(values) / MOST_BINS)
    counts = [0] * (int(max(values) / step) + 1)
    for value in values:
        counts[int(value / step)] += 1
    across, up = _scales(len(counts) * step, HEADROOM * max(counts))
    parts = [
        _rect(across(at * step) + 1, up(count), across(step) - across(0) - 2, up(0) - up(count), "brand")
        for at, count in enumerate(counts)
        if count
    ]
    ends = _few([step * at for at in range(len(counts) + 1)])
    parts += [_level(HEIGHT - FOOT), *_ticks([(across(at), _milliseconds(at)) for at in ends])]
    named = [f"{name} {_milliseconds(value)} ms" for name, value in marks.items()]
    for row, (value, label) in enumerate(zip(marks.values(), named, strict=True)):
        parts += [_upright(across(value)), _beside(across(value), TOP + 8 + 20 * row, label)]
    return _svg(title, "、".join(named), HEIGHT, parts)


def lines(
    title: str,
    drawn: Sequence[Line],
    mark: tuple[float, str] | None = None,
    least: float = 0.0,
    ticks: Sequence[str] = ("0", "0.25", "0.5", "0.75", "1"),
) -> Markup:
    """Lines over x from 0 to 1, y in per cent from `least` to 1; `mark` is an upright line with its label."""
    across, up = _scales(1.0, 1.0 - least)
    parts = []
    for share in (least + (1 - least) * quarter / 4 for quarter in range(5)):
        height = up(share - least)
        parts += [_level(height), _text(LEFT - 8, height, f"{100 * share:.0f}%", "end", "tick")]
    parts += _ticks([(across(at / (len(ticks) - 1)), tick) for at, tick in enumerate(ticks)])
    if mark:
        parts += [_upright(across(mark[0])), _beside(across(mark[0]), HEIGHT - FOOT - 14, mark[1])]
    for line in drawn:
        parts += _line(line.style, [(across(x), up(max(0.0, y - least))) for x, y in line.points])
    last = "、".join(f"{one.label} {100 * one.points[-1][1]:.0f}%" for one in drawn)
    return _svg(title, mark[1] if mark else last, HEIGHT, parts)


def _line(style: str, places: Sequence[tuple[float, float]]) -> Iterable[Markup]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield Markup('<polyline class="line {}" points="{}"/>').format(style, path)
    if len(places) <= MOST_DOTS:
        for x, y in places:
            yield Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="3.5"/>').format(style, x, y)


def _scales(widest: float, highest: float) -> tuple[Scale, Scale]:
    inner, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - FOOT
    return lambda x: LEFT + inner * x / widest, lambda y: TOP + height * (1 - y / highest)


def _step(least: float) -> float:
    """The next larger of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-4)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def _few(values: Sequence[float]) -> Sequence[float]:
    return values[:: max(1, math.ceil(len(values) / 6))]


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:,.0f}"


def _svg(title: str, described: str, height: float, parts: Iterable[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, f"{title}: {described}", Markup("").join(parts)
    )


def _text(x: float, y: float, text: str, anchor: str, style: str = "label") -> Markup:
    return Markup(
        '<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}" dominant-baseline="central">{}</text>'
    ).format(style, x, y, anchor, text)


def _rect(x: float, y: float, width: float, height: float, style: str) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"/>').format(
        style, x, y, width, height
    )


def _level(y: float) -> Markup:
    return Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
        LEFT, WIDTH - RIGHT, y, y
    )


def _upright(x: float) -> Markup:
    return Markup('<line class="mark" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>').format(
        x, x, TOP, HEIGHT - FOOT
    )


def _beside(x: float, y: float, text: str) -> Markup:
    """A label right of an upright line, or left of it near the right edge."""
    near_edge = x > WIDTH - 150
    return _text(x - 6 if near_edge else x + 6, y, text, "end" if near_edge else "start", "figure")


def _ticks(places: Sequence[tuple[float, str]]) -> Iterable[Markup]:
    """Labels below the axis; the outermost stay inside the drawing."""
    for number, (x, text) in enumerate(places):
        anchor = "start" if number == 0 else "end" if x > WIDTH - 2 * RIGHT else "middle"
        yield _text(x, HEIGHT - FOOT + 15, text, anchor, "tick")
