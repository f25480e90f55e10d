"""The three charts as Vega specifications: places in pixels are worked out here, so that no text meets another."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from corpus.wareki import to_wareki
from ui.figure_amounts import HUNDRED_MILLION, TEN_THOUSAND, Figure, same_name
from ui.figure_events import Event, years_label
from ui.figure_marks import (
    ACCENT,
    BOLD,
    BRAND,
    GRID,
    INK,
    PALE,
    SMALL,
    SOFT,
    WIDTH,
    Rows,
    fitted,
    labels,
    links,
    rects,
    specification,
    symbols,
    width_of,
)  # fmt: skip
from ui.figure_tree import Node
from ui.vega import FONT, link

NAME = 15  # font size
HEAD, FOOT, AXIS_ROOM = 46, 10, 30  # above the first line of years; below the last; above the bars
BAR, BAR_ROW, NAME_ROW, GAP = 18, 28, 28, 12
SPACE, LAST_TICK = 16, 24  # between columns; right of the bars, for half of the last tick's number
EVENT_ROW, MARK_DROP = 52, 34
TICK_ROOM = 88
NODE_ROW, INDENT, TRUNK = 32, 28, 14


def budgets(figures: Sequence[Figure], title: str = "") -> dict[str, Any]:
    """Bars below the name of their theme, one for each year and amount."""
    unit, size = _unit(figures)
    names, bars, top = Rows(), Rows(), float(GAP)
    for (_, place), of_theme in groupby(figures, key=lambda one: (same_name(one.theme), one.place)):
        rows = list(of_theme)
        name = rows[0].theme + (f"（{place}）" if place else "")
        names.append({"x": 0, "y": top + NAME_ROW / 2, "text": fitted(name, WIDTH, NAME)})
        top += NAME_ROW
        for one in rows:
            bars.append(_bar(one, name, top, size))
            top += BAR_ROW
        top += GAP
    least, most = min(0.0, *(bar["value"] for bar in bars)), max(0.0, *(bar["value"] for bar in bars))
    years = max(width_of(bar["year"], SMALL) for bar in bars)
    amounts = years + SPACE + max(width_of(bar["label"], SMALL + 1) for bar in bars)
    begin = amounts + SPACE
    scale = {
        "name": "x", "type": "linear", "nice": 4, "zero": True, "domain": [least, most if most > least else 1],
        "range": [begin, WIDTH - LAST_TICK],
    }  # fmt: skip
    axis = {
        "scale": "x", "orient": "top", "tickCount": 4, "grid": True, "domain": False,
        "ticks": False, "gridColor": GRID, "labelColor": SOFT, "labelFontSize": SMALL, "labelFont": FONT,
        "labelPadding": 6, "format": ",~r", "aria": False, "zindex": 0,
    }  # fmt: skip
    marks = [
        rects("bars", {"scale": "x", "value": 0}, {"scale": "x", "field": "value"}, BAR),
        labels("bars", "year", {"value": years}, "right", SOFT, SMALL),
        labels("bars", "label", {"value": amounts}, "right", INK, SMALL + 1, BOLD),
        labels("names", "text", {"field": "x"}, "left", INK, NAME, BOLD),
        labels("unit", "text", {"value": amounts}, "right", SOFT, SMALL),
        links("bars", BAR_ROW),
    ]
    data = {"names": names, "bars": bars, "unit": [{"text": f"単位：{unit}", "y": -12}]}
    return specification(data, top - GAP + FOOT, marks, title, AXIS_ROOM, scales=[scale], axes=[axis])


def _bar(one: Figure, name: str, top: float, size: int) -> dict[str, Any]:
    value, years = one.yen / size, years_label(one.years)
    return {
        "y": top + BAR_ROW / 2, "value": value, "year": years, "label": one.label,
        "fill": BRAND if len(one.years) == 1 else PALE,
        "url": link(one.sources[0].url), "said": f"{name} {one.kind} {years} {one.printed} 出典を開く",
    }  # fmt: skip


def _unit(figures: Sequence[Figure]) -> tuple[str, int]:
    most = max(abs(one.yen) for one in figures)
    units = (("億円", HUNDRED_MILLION), ("万円", TEN_THOUSAND), ("円", 1))
    return next(((name, size) for name, size in units if most >= size), units[-1])


def schedules(events: Sequence[Event], title: str = "") -> dict[str, Any]:
    """Periods as bars and dates as points on an axis of fiscal years, each below its name."""
    first = min(one.years[0] for one in events)
    last = max(one.years[-1] for one in events) + 1
    across = (WIDTH - 8 - TICK_ROOM) / (last - first)
    step = max(1, -(-TICK_ROOM // int(across) if across >= 1 else TICK_ROOM))
    height = HEAD + EVENT_ROW * len(events) + FOOT
    ticks = [
        {"x": 8 + across * (year - first), "y": 10, "text": to_wareki(year), "west": f"{year}", "below": 27,
         "y2": height, "top": 38}
        for year in range(first, last, step)
    ]  # fmt: skip
    rows = [_event(one, 8 + across * (one.begin - first), 8 + across * (one.end - first), HEAD + EVENT_ROW * at)
            for at, one in enumerate(events)]  # fmt: skip
    marks = [
        {"type": "rule", "from": {"data": "ticks"}, "aria": False, "encode": {"enter": {
            "x": {"field": "x"}, "y": {"field": "top"}, "y2": {"field": "y2"}, "stroke": {"value": GRID}}}},
        labels("ticks", "text", {"field": "x"}, "left", INK, SMALL),
        labels("ticks", "west", {"field": "x"}, "left", SOFT, SMALL, y="below"),
        rects("bars", {"field": "x"}, {"field": "x2"}, 14),
        symbols("points", 130),
        labels("texts", "text", {"field": "at"}, "left", INK, SMALL + 1),
        links("rows", EVENT_ROW, shift=MARK_DROP - EVENT_ROW / 2),
    ]  # fmt: skip
    points = [row for row in rows if row["point"]]
    data = {"ticks": ticks, "bars": [row for row in rows if not row["point"]], "points": points}
    texts = [{**row, "y": row["y"] - 21} for row in rows]
    return specification({**data, "rows": rows, "texts": texts}, height, marks, title)


def _event(one: Event, begin: float, end: float, top: float) -> dict[str, Any]:
    text = fitted(f"{one.subject}　{one.kind}・{one.printed}", WIDTH - 16, SMALL + 1)
    point = not one.is_period and one.end - one.begin < 1
    left = (begin + end) / 2 if point else begin
    at = max(8.0, min(left - (6 if point else 0), WIDTH - 8 - width_of(text, SMALL + 1)))
    return {
        "x": begin, "x2": max(end, begin + 4), "middle": left, "y": top + MARK_DROP, "at": at, "text": text,
        "point": point, "fill": BRAND if one.is_period or point else PALE, "url": link(one.sources[0].url),
        "said": f"{one.subject} {one.kind} {one.printed} 出典を開く",
    }  # fmt: skip


def plans(nodes: Sequence[Node], title: str = "") -> dict[str, Any]:
    """What stands above the document, then it, then its headings, indented and joined by lines."""
    rows, lines = Rows(), Rows()
    root = next(at for at, node in enumerate(nodes) if node.role == "文書")
    open_at: dict[int, float] = {}
    for at, node in enumerate(nodes):
        y, depth = NODE_ROW * (at + 0.5) + 6, 1 if at < root else node.depth
        x = TRUNK + INDENT * depth
        rows.append(_node(node, x, y, at == root))
        if at != root:
            start = open_at.get(depth - 1, y) if at > root else NODE_ROW * (root + 0.5) + 6
            lines.append({"x": x - INDENT, "x2": x - INDENT, "y": start, "y2": y})
            lines.append({"x": x - INDENT, "x2": x - 8, "y": y, "y2": y})
        open_at = {level: place for level, place in open_at.items() if level < depth} | {depth: y}
    marks = [
        {"type": "rule", "from": {"data": "lines"}, "aria": False, "encode": {"enter": {
            "x": {"field": "x"}, "y": {"field": "y"}, "x2": {"field": "x2"}, "y2": {"field": "y2"},
            "stroke": {"value": "#b9c7c2"}, "strokeWidth": {"value": 1.5}}}},
        symbols("rows", 90),
        labels("rows", "text", {"field": "from"}, "left", INK, SMALL + 1, {"field": "weight"}),
        labels("rows", "role", {"field": "beside"}, "left", SOFT, SMALL),
        links("rows", NODE_ROW),
    ]  # fmt: skip
    return specification({"rows": rows, "lines": lines}, NODE_ROW * len(nodes) + 12, marks, title)


def _node(node: Node, x: float, y: float, is_root: bool) -> dict[str, Any]:
    role = "" if node.role in ("文書", "見出し") else node.role
    page = f"{node.page}ページ" if node.page else ""
    aside = "　".join(part for part in (role, page) if part)
    text = fitted(node.text, WIDTH - x - 40 - width_of(aside, SMALL), SMALL + 1)
    return {
        "middle": x, "from": x + 14, "y": y, "text": text, "role": aside,
        "beside": x + 14 + width_of(text, SMALL + 1) + 16,
        "fill": BRAND if is_root else ACCENT if role else PALE, "weight": "bold" if is_root else "normal",
        "url": link(node.url), "said": f"{node.role} {node.text} {page} 出典を開く",
    }  # fmt: skip
